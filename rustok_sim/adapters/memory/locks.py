"""Row locks in the four strengths of PostgreSQL, and the line of those who wait for one.

Who asks for a lock that is in no conflict with its holders gets it, also past others who wait; who waits is served
in order of arrival (PostgreSQL manual, "Row-Level Locks", table 13.3; ``src/backend/access/heap/README.tuplock``).
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rustok_sim.adapters.memory.records import Record
    from rustok_sim.adapters.memory.transactions import Transaction
    from rustok_sim.adapters.memory.waiting import Waiter

KEY_SHARE: Final = 0
"""The row and its key stay; taken by whoever refers to it."""
SHARE: Final = 1
"""FOR SHARE: the row stays as it is."""
NO_KEY_UPDATE: Final = 2
"""An update that leaves all keys as they are."""
UPDATE: Final = 3
"""FOR UPDATE, a delete, an update of a key."""


def conflict(one: int, other: int) -> bool:
    """Whether two transactions cannot hold these at once: the table of the manual happens to be a sum."""
    return one + other >= UPDATE


class Lock:
    """The lock of one row: made when first taken, gone with the last holder."""

    __slots__ = ("holders", "queue")

    def __init__(self, holder: "Transaction", mode: int) -> None:
        self.holders = {holder: mode}
        self.queue: list[Waiter] | None = None

    def take(self, record: "Record", transaction: "Transaction", mode: int) -> bool:
        """Take it, if no other holder stands against that; a stronger mode replaces a weaker one."""
        holders = self.holders
        held = holders.get(transaction)
        if held is not None and held >= mode:
            return True
        for holder, theirs in holders.items():
            if holder is not transaction and conflict(theirs, mode):
                return False
        holders[transaction] = mode
        if held is None:
            transaction.locked.append(record)
        return True

    def blockers(self, waiter: "Waiter") -> list["Transaction"]:
        """Those for whom *waiter* waits: holders, and others in line before it."""
        found = [
            holder
            for holder, mode in self.holders.items()
            if holder is not waiter.transaction and conflict(mode, waiter.mode)
        ]
        for other in self.queue or ():
            if other is waiter:
                break
            if conflict(other.mode, waiter.mode):
                found.append(other.transaction)
        return found

    def serve(self, record: "Record") -> None:
        """Give the lock to those in line, up to the first who still cannot have it."""
        while self.queue and self.take(record, self.queue[0].transaction, self.queue[0].mode):
            self.queue.pop(0).over()
        if not self.queue:
            self.queue = None
            if not self.holders:
                record.lock = None


def lock_now(record: "Record", transaction: "Transaction", mode: int) -> bool:
    """Lock *record* if that can be done without waiting."""
    lock = record.lock
    if lock is not None:
        return lock.take(record, transaction, mode)
    record.lock = Lock(transaction, mode)
    transaction.locked.append(record)
    return True


def unlock(record: "Record", transaction: "Transaction") -> None:
    """*transaction* is over: the next in line may go on."""
    lock = record.lock
    if lock is not None:
        lock.holders.pop(transaction, None)
        if lock.queue:
            lock.serve(record)
        elif not lock.holders:
            record.lock = None
