"""How a change of stock is told: to the outbox within the transaction, to the event log after it."""

from functools import partial
from typing import Final

from rustok_sim.core.context import Context
from rustok_sim.core.data import Transaction
from rustok_sim.core.events import InventoryLow, InventoryUpdated
from rustok_sim.core.ids import NIL
from rustok_sim.core.ports import Steps
from rustok_sim.core.shared import Shared
from rustok_sim.modules.commerce.records import stock_changed
from rustok_sim.modules.commerce.stock.levels import Written
from rustok_sim.modules.commerce.stock.settings import StockSettings

NOWHERE: Final = NIL


class StockNews:
    """Tells of changes in one node."""

    def __init__(self, shared: Shared, settings: StockSettings) -> None:
        self._shared = shared
        self._threshold = settings.low_stock_threshold
        self._nowhere = settings.design == "frozen_as_built"
        self._several = settings.locations > 1

    def tell(self, tx: Transaction, context: Context, written: Written, *, low: bool = True) -> Steps[None]:
        """One event, and with *low* a second one when little is left; a record once all is committed.

        Raises ``Validation``, by design frozen_as_built for every change: the location is the nil one (S1).
        """
        level, publisher = written.level, self._shared.publisher
        variant_id, product_id, units = level.variant_id, level.product_id, level.stocked
        location_id = NOWHERE if self._nowhere else level.location_id
        updated = InventoryUpdated(variant_id, product_id, location_id, written.old, units)
        yield from publisher.publish_in(tx, context, updated)
        if low and 0 < units <= self._threshold:
            # As built, "at the threshold" is what the event itself may not say (S3).
            yield from publisher.publish_in(tx, context, InventoryLow(variant_id, product_id, units, self._threshold))
        where = level.location_id if self._several else None
        record = partial(stock_changed, self._shared.runtime, context.call, variant_id)
        tx.after_commit(partial(record, old=written.old, new=units, location_id=where))
