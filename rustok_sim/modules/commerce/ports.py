"""What the parts of commerce ask of each other."""

from typing import Protocol

from rustok_sim.core.context import Context
from rustok_sim.core.data import Transaction
from rustok_sim.core.ports import Steps


class StockKeeper(Protocol):
    """Stock as orders see it: each call is part of the order's own transaction, and lasts only if that commits."""

    def reserve(
        self, tx: Transaction, context: Context, *, variant_id: str, product_id: str, quantity: int, order_id: str
    ) -> Steps[None]:
        """Put *quantity* units by for the order. Raises ``DomainError``, when there are not so many, for one."""
        ...

    def release(
        self, tx: Transaction, context: Context, *, variant_id: str, product_id: str, quantity: int, order_id: str
    ) -> Steps[None]:
        """Give back what was put by for the order."""
        ...

    def consume(
        self, tx: Transaction, context: Context, *, variant_id: str, product_id: str, quantity: int, order_id: str
    ) -> Steps[None]:
        """The units put by for the order leave the house."""
        ...
