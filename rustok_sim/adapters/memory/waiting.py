"""Waits for other transactions, and what ends those that wait for each other in a circle.

Nobody looks for circles until a wait has lasted the deadlock timeout; then the waiter looks once, and gives way
itself if it is part of one (``src/backend/storage/lmgr/README``, "The Deadlock Detection Algorithm").
"""

from typing import TYPE_CHECKING

from rustok_sim.adapters.memory.records import Record
from rustok_sim.core.errors import ConnectionLost, DeadlockDetected, TimedOut
from rustok_sim.core.ports import Runtime, Steps

if TYPE_CHECKING:
    from rustok_sim.adapters.memory.transactions import Transaction


class Waiter:
    """One transaction that waits: for the lock of a record, or for the end of another transaction."""

    __slots__ = ("awaited", "done", "mode", "runtime", "signal", "transaction")

    def __init__(self, transaction: "Transaction", awaited: "Record | Transaction", mode: int) -> None:
        self.transaction = transaction
        self.awaited = awaited
        self.mode = mode
        self.runtime = _runtime_of(transaction)
        self.signal = self.runtime.signal()
        self.done = False

    def over(self) -> None:
        """Go on, after the current step."""
        self.done = True
        self.signal.wake()

    def blockers(self) -> list["Transaction"]:
        """Those whose end this waits for."""
        if not isinstance(self.awaited, Record):
            return [self.awaited]
        return [] if self.awaited.lock is None else self.awaited.lock.blockers(self)

    def leave(self) -> None:
        """Step out of the line, whether or not its turn has come."""
        self.transaction.waiter = None
        if self.done:
            return
        if isinstance(self.awaited, Record):
            lock = self.awaited.lock
            if lock is not None and lock.queue is not None and self in lock.queue:
                lock.queue.remove(self)
                lock.serve(self.awaited)
        elif self in self.awaited.followers:
            self.awaited.followers.remove(self)


def _runtime_of(transaction: "Transaction") -> Runtime:
    if transaction.runtime is None:
        raise RuntimeError("an open transaction is in the way of what is to be there from the start")
    return transaction.runtime


def wait_for_lock(record: Record, transaction: "Transaction", mode: int) -> Steps[None]:
    """Wait until the lock that could not be taken is ours. Raises ``DeadlockDetected``, ``ConnectionLost``."""
    waiter = Waiter(transaction, record, mode)
    lock = record.lock
    if lock is None:
        raise AssertionError("a free lock is taken, not waited for")
    if lock.queue is None:
        lock.queue = []
    lock.queue.append(waiter)
    yield from _wait(waiter)


def wait_for_end(other: "Transaction", transaction: "Transaction") -> Steps[None]:
    """Wait until *other* has committed or rolled back. Raises ``DeadlockDetected``, ``ConnectionLost``."""
    waiter = Waiter(transaction, other, 0)
    other.followers.append(waiter)
    yield from _wait(waiter)


def _wait(waiter: Waiter) -> Steps[None]:
    transaction = waiter.transaction
    transaction.waiter = waiter
    try:
        try:
            yield from waiter.runtime.within(transaction.ledger.deadlock_timeout_s, waiter.signal.wait())
        except TimedOut:
            if not waiter.done:
                if in_a_circle(transaction):
                    raise DeadlockDetected("transactions wait for each other") from None
                yield from waiter.signal.wait()
    finally:
        waiter.leave()
    if transaction.lost:
        raise ConnectionLost("the server has crashed")


def in_a_circle(transaction: "Transaction") -> bool:
    """Whether *transaction* waits, by way of others, for itself."""
    seen: dict[Transaction, None] = {}
    stack = [transaction]
    while stack:
        waiter = stack.pop().waiter
        for blocker in waiter.blockers() if waiter is not None else ():
            if blocker is transaction:
                return True
            if blocker not in seen:
                seen[blocker] = None
                stack.append(blocker)
    return False
