"""Design ``optimistic``: write only if the row's version is still the one that was read."""

from rustok_sim.core.data import Transaction, col
from rustok_sim.core.errors import Conflict
from rustok_sim.core.ports import Runtime, Steps
from rustok_sim.modules.commerce.stock.ledgers import Ledger
from rustok_sim.modules.commerce.stock.levels import Change, Written, changed
from rustok_sim.modules.commerce.stock.read_then_write import numbers_of

VERSION = col("version")


class Optimistic:
    """A lost race is run again within the transaction, so often; above READ COMMITTED the database refuses it first.

    That refusal needs a new transaction, which is not begun here but by whoever sent the request.
    """

    guards_set: bool = True

    def __init__(self, runtime: Runtime, ledger: Ledger, *, retries: int) -> None:
        self._runtime = runtime
        self._ledger = ledger
        self._retries = retries

    def change(self, tx: Transaction, change: Change) -> Steps[Written]:
        """Read, reckon, write as the next version."""
        ledger = self._ledger
        for _ in range(1 + self._retries):
            level = yield from ledger.read(tx, change)
            new = changed(level, change)
            numbers = numbers_of(ledger, change, new) | {"version": new.version, "updated_at": self._runtime.clock()}
            where = (*ledger.where(change, level), VERSION.equals(level.version))
            if (yield from tx.update(ledger.table, numbers, where)):
                return Written(level.stocked, new)
        raise Conflict(f"variant {change.variant_id}: others changed its stock {1 + self._retries} times meanwhile")
