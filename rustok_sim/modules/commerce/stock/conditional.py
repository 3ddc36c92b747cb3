"""Design ``conditional_update``: one statement that tests what it changes."""

from rustok_sim.core.data import Operand, Transaction, col
from rustok_sim.core.errors import Conflict
from rustok_sim.core.ports import Runtime, Steps
from rustok_sim.modules.commerce.stock.ledgers import Ledger
from rustok_sim.modules.commerce.stock.levels import Change, Level, Written, changed, whole


class ConditionalUpdate:
    """The row is tested as it is when it is changed; only a refusal is followed by a read, which says why."""

    guards_set: bool = True

    def __init__(self, runtime: Runtime, ledger: Ledger, *, retries: int) -> None:
        self._runtime = runtime
        self._ledger = ledger
        self._retries = retries
        self._stocked = col(ledger.stocked)
        self._reserved = col("reserved_quantity")
        self._free = self._stocked.minus(self._reserved)

    def change(self, tx: Transaction, change: Change) -> Steps[Written]:
        """Add to the numbers, or write one in place of the one that was read."""
        return self._set(tx, change, change.to) if change.to is not None else self._add(tx, change)

    def _add(self, tx: Transaction, change: Change) -> Steps[Written]:
        level = (yield from self._ledger.read(tx, change)) if self._ledger.reads_first else None
        for _ in range(1 + self._retries):
            written = yield from self._update(tx, change, level, bounded=change.may_go_below is not None)
            if written is not None:
                return written
            level = yield from self._ledger.read(tx, change)
            changed(level, change)
            # The policy allows it after all, or there is enough again by now.
            if change.may_go_below is None or change.may_go_below(level.policy):
                written = yield from self._update(tx, change, level, bounded=False)
                if written is not None:
                    return written
        raise self._lost(change)

    def _update(self, tx: Transaction, change: Change, level: Level | None, *, bounded: bool) -> Steps[Written | None]:
        changes: dict[str, Operand] = {"updated_at": self._runtime.clock()}
        if change.reserved:
            changes["reserved_quantity"] = self._reserved.plus(change.reserved)
        if change.stocked:
            changes[self._ledger.stocked] = self._stocked.plus(change.stocked)
        where = self._ledger.where(change, level)
        if bounded:
            where = (*where, self._free.at_least(change.reserved - change.stocked))
        rows = yield from tx.update_returning(self._ledger.table, changes, where)
        if not rows:
            return None
        return Written(whole(rows[0][self._ledger.stocked]) - change.stocked, self._ledger.level(rows[0], level))

    def _set(self, tx: Transaction, change: Change, to: int) -> Steps[Written]:
        """Compare and set, as the event has to tell the number before."""
        for _ in range(1 + self._retries):
            level = yield from self._ledger.read(tx, change)
            new = changed(level, change)
            where = (*self._ledger.where(change, level), self._stocked.equals(level.stocked))
            if change.may_go_below is not None and not change.may_go_below(level.policy):
                where = (*where, self._reserved.at_most(to))
            numbers = {self._ledger.stocked: to, "updated_at": self._runtime.clock()}
            if (yield from tx.update(self._ledger.table, numbers, where)):
                return Written(level.stocked, new)
        raise self._lost(change)

    def _lost(self, change: Change) -> Conflict:
        return Conflict(f"variant {change.variant_id}: others changed its stock {1 + self._retries} times meanwhile")
