"""Locking a row that a statement has found, and what has become of it meanwhile."""

from rustok_sim.adapters.memory.conditions import Filter
from rustok_sim.adapters.memory.locks import KEY_SHARE, lock_now
from rustok_sim.adapters.memory.records import Record
from rustok_sim.adapters.memory.transactions import Transaction
from rustok_sim.adapters.memory.waiting import wait_for_lock
from rustok_sim.core.data import Row
from rustok_sim.core.errors import SerializationFailure
from rustok_sim.core.ports import Steps


def hold(
    transaction: Transaction, record: Record, seen: Row, mode: int, sought: Filter, *, skip: bool = False
) -> Steps[Row | None]:
    """Lock *record*, of which the statement has *seen* a version, and return the version to go on with, if any.

    At READ COMMITTED that is the newest one, if it still is what was *sought*: "the search condition of the command
    is re-evaluated" (the manual, 13.2.1; EvalPlanQual in ``src/backend/executor/execMain.c``); the lock stays either
    way. A transaction with a fixed snapshot raises ``SerializationFailure`` if there is a newer version: at once if
    that is committed, or else when it commits. With *skip* a lock that is not free is not waited for.
    """
    if transaction.fixed and record.settled(transaction) is not seen:
        _same_key(transaction, record, seen, mode)
    if not lock_now(record, transaction, mode):
        if skip:
            return None
        yield from wait_for_lock(record, transaction, mode)
    newest = record.settled(transaction)
    if newest is seen:
        return seen
    if transaction.fixed:
        return _same_key(transaction, record, seen, mode)
    return newest if newest is not None and sought.holds(newest) else None


def _same_key(transaction: Transaction, record: Record, seen: Row, mode: int) -> Row:
    # A key that is only held on to may have had its row changed, as long as the key is the same.
    newest = record.settled(transaction)
    if mode != KEY_SHARE or newest is None or record.home.primary.key(newest) != record.home.primary.key(seen):
        what = "delete" if newest is None else "update"
        raise SerializationFailure(f"could not serialize access due to concurrent {what}")
    return newest
