"""What the operations on stock ask of the design that changes the numbers."""

from typing import Protocol

from rustok_sim.core.data import Transaction
from rustok_sim.core.ports import Steps
from rustok_sim.modules.commerce.stock.levels import Change, Written


class StockDesign(Protocol):
    """One way to change a level while others change it too."""

    guards_set: bool
    """Whether writing an absolute number is refused where an adjustment to it would be."""

    def change(self, tx: Transaction, change: Change) -> Steps[Written]:
        """Change the level.

        Raises ``VariantNotFound``, ``InsufficientInventory``, ``Conflict`` when others kept coming in between, and
        what the isolation level makes the database raise.
        """
        ...
