"""Stock as orders see it in RusToK, which keeps nothing for anybody; and which keeper the settings mean."""

from rustok_sim.core.context import Context
from rustok_sim.core.data import Transaction
from rustok_sim.core.ports import Steps
from rustok_sim.core.shared import Shared
from rustok_sim.modules.commerce.errors import InsufficientInventory, VariantNotFound
from rustok_sim.modules.commerce.ports import StockKeeper
from rustok_sim.modules.commerce.stock.designs import open_design
from rustok_sim.modules.commerce.stock.ledgers import Ledger, Selects, open_ledger
from rustok_sim.modules.commerce.stock.levels import Level, takes_backorders
from rustok_sim.modules.commerce.stock.news import StockNews
from rustok_sim.modules.commerce.stock.reservations import RecordingKeeper
from rustok_sim.modules.commerce.stock.settings import StockSettings


def open_keeper(shared: Shared, settings: StockSettings) -> StockKeeper:
    """The keeper that the settings ask for."""
    ledger = open_ledger(shared.runtime, settings)
    if settings.reserve == "as_built":
        return LookingKeeper(ledger)
    return RecordingKeeper(shared, open_design(shared.runtime, ledger, settings), StockNews(shared, settings))


def enough(levels: list[Level], quantity: int) -> bool:
    """RusToK's test of availability, by the location that has most; a negative quantity is always there."""
    return any(takes_backorders(level.policy) or level.free >= quantity for level in levels)


class LookingKeeper:
    """Reserves as RusToK does: it looks whether there is enough, and leaves nothing behind (D7)."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def test(self, select: Selects, across: Selects, variant_id: str, quantity: int) -> Steps[None]:
        """One look, and for the refusal a second one that forgets the tenant.

        Raises ``VariantNotFound``, ``InsufficientInventory``.
        """
        levels = (yield from self._ledger.peek(select, (variant_id,))).get(variant_id)
        if levels is None:
            raise VariantNotFound(f"no variant {variant_id}")
        if not enough(levels, quantity):
            again = (yield from self._ledger.peek(across, (variant_id,))).get(variant_id, levels)
            raise InsufficientInventory(variant_id, quantity, max(level.free for level in again))

    def reserve(
        self, tx: Transaction, context: Context, *, variant_id: str, product_id: str, quantity: int, order_id: str
    ) -> Steps[None]:
        """The test."""
        return self.test(tx.select, tx.across_tenants("D7").select, variant_id, quantity)

    def release(
        self, tx: Transaction, context: Context, *, variant_id: str, product_id: str, quantity: int, order_id: str
    ) -> Steps[None]:
        """Nothing was put by."""
        yield from ()

    def consume(
        self, tx: Transaction, context: Context, *, variant_id: str, product_id: str, quantity: int, order_id: str
    ) -> Steps[None]:
        """Nothing was put by, and nothing leaves: the stock stays as it is."""
        yield from ()
