"""Units kept for an order, one row for each order and variant, until they are given back or leave the house."""

from typing import Final

from rustok_sim.core.context import Context
from rustok_sim.core.data import Row, Transaction, Where, col
from rustok_sim.core.errors import Conflict, Validation
from rustok_sim.core.ports import Steps
from rustok_sim.core.shared import Shared
from rustok_sim.modules.commerce.errors import VariantNotFound
from rustok_sim.modules.commerce.stock.levels import Change, Written, location_of, takes_backorders, whole
from rustok_sim.modules.commerce.stock.news import StockNews
from rustok_sim.modules.commerce.stock.ports import StockDesign
from rustok_sim.modules.commerce.stock.tables import RESERVATIONS

ORDER_ID: Final = col("order_id")
VARIANT_ID: Final = col("variant_id")
IS_RESERVED: Final = col("status").equals("reserved")


class RecordingKeeper:
    """Each call is harmless when it is repeated: the order's own row says how far it is."""

    def __init__(self, shared: Shared, design: StockDesign, news: StockNews) -> None:
        self._shared = shared
        self._design = design
        self._news = news

    def reserve(
        self, tx: Transaction, context: Context, *, variant_id: str, product_id: str, quantity: int, order_id: str
    ) -> Steps[None]:
        """Write the row, then take the units; the row of the level, which others want, is held for as short as may be.

        Raises ``Validation`` below one unit, ``InsufficientInventory``, ``VariantNotFound``, and ``Conflict`` when the
        order has another number of units by now.
        """
        if quantity < 1:
            raise Validation(f"at least one unit can be reserved, not {quantity}")
        here = location_of(context.tenant_id)
        now_s = self._shared.runtime.clock()
        row: Row = {
            "order_id": order_id,
            "variant_id": variant_id,
            "location_id": here,
            "quantity": quantity,
            "status": "reserved",
            "created_at": now_s,
            "updated_at": now_s,
        }
        is_new = yield from tx.insert(RESERVATIONS, row, or_skip=True)
        if not is_new and (yield from self._is_kept(tx, order_id, variant_id, quantity)):
            return
        wanted = Change(variant_id=variant_id, reserved=quantity, may_go_below=takes_backorders)
        written = yield from self._design.change(tx, wanted)
        if written.level.location_id != here:
            there: Row = {"location_id": written.level.location_id}
            yield from tx.update(RESERVATIONS, there, _row(order_id, variant_id))

    def _is_kept(self, tx: Transaction, order_id: str, variant_id: str, quantity: int) -> Steps[bool]:
        """Whether the order has its units already; if they were given back, the row is made ready to have them anew."""
        row = yield from tx.first(RESERVATIONS, _row(order_id, variant_id), lock="update")
        if row is not None and row["status"] == "released":
            changes: Row = {"status": "reserved", "quantity": quantity, "updated_at": self._shared.runtime.clock()}
            yield from tx.update(RESERVATIONS, changes, _row(order_id, variant_id))
            return False
        if row is None or row["quantity"] != quantity:
            raise Conflict(f"order {order_id} has reserved variant {variant_id} otherwise", code="reserved_otherwise")
        return True

    def release(
        self, tx: Transaction, context: Context, *, variant_id: str, product_id: str, quantity: int, order_id: str
    ) -> Steps[None]:
        """Give back what the row says; nothing, if nothing is kept."""
        row = yield from self._ended(tx, order_id, variant_id, "released")
        if row is not None:
            yield from self._settle(tx, row, stocked=0)

    def consume(
        self, tx: Transaction, context: Context, *, variant_id: str, product_id: str, quantity: int, order_id: str
    ) -> Steps[None]:
        """Take what the row says out of the stock, and tell of it.

        Raises ``Conflict`` when nothing is kept and nothing was taken, ``Validation`` for the event as built.
        """
        row = yield from self._ended(tx, order_id, variant_id, "consumed")
        if row is None:
            row = yield from tx.first(RESERVATIONS, _row(order_id, variant_id))
            if row is None or row["status"] != "consumed":
                raise Conflict(f"order {order_id} keeps nothing of variant {variant_id}", code="not_reserved")
            return
        written = yield from self._settle(tx, row, stocked=-whole(row["quantity"]))
        if written is not None:
            yield from self._news.tell(tx, context, written)

    def _ended(self, tx: Transaction, order_id: str, variant_id: str, status: str) -> Steps[Row | None]:
        """The row of units that were kept until now; its next status is written."""
        changes: Row = {"status": status, "updated_at": self._shared.runtime.clock()}
        where = (*_row(order_id, variant_id), IS_RESERVED)
        rows = yield from tx.update_returning(RESERVATIONS, changes, where)
        return rows[0] if rows else None

    def _settle(self, tx: Transaction, row: Row, *, stocked: int) -> Steps[Written | None]:
        change = Change(
            variant_id=str(row["variant_id"]),
            location_id=str(row["location_id"]),
            reserved=-whole(row["quantity"]),
            stocked=stocked,
        )
        try:
            return (yield from self._design.change(tx, change))
        except VariantNotFound:
            # The variant was deleted meanwhile, and its level with it.
            return None


def _row(order_id: str, variant_id: str) -> Where:
    return (ORDER_ID.equals(order_id), VARIANT_ID.equals(variant_id))
