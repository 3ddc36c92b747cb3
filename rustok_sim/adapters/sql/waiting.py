"""Waiting for locks in one thread: who found a lock taken tries again when a transaction of this server has ended."""

from collections.abc import Callable
from typing import TypeVar

from rustok_sim.core.errors import DeadlockDetected, TimedOut
from rustok_sim.core.ports import Runtime, Signal, Steps

T = TypeVar("T")


class Locked(Exception):
    """The statement needs what another session holds, and was undone."""


class Waiter:
    """One session's statement that waits, from the first time it found a lock taken."""

    __slots__ = ("check_at_s", "runtime", "signal", "tried")

    def __init__(self, runtime: Runtime, deadlock_timeout_s: float) -> None:
        self.runtime = runtime
        self.signal: Signal = runtime.signal()
        self.check_at_s = runtime.now() + deadlock_timeout_s
        self.tried = -1


class Queue:
    """The sessions of one server that are in a transaction, and those that wait.

    The database does not tell who holds a lock, so a deadlock is known by this: every session that is in a
    transaction waits, and has tried since the last one ended. As in PostgreSQL, each looks once, *deadlock_timeout_s*
    after it began to wait, and the first that finds it so gives way.
    """

    def __init__(self, deadlock_timeout_s: float) -> None:
        self._deadlock_timeout_s = deadlock_timeout_s
        self._open: dict[object, None] = {}
        self._waiting: dict[object, Waiter] = {}
        self._ended = 0

    def begun(self, session: object) -> None:
        """*session* may hold locks from now on."""
        self._open[session] = None

    def ended(self, session: object) -> None:
        """*session* holds no locks any more: all who wait try again, in order of arrival."""
        if session in self._open:
            del self._open[session]
            self._ended += 1
            for waiter in self._waiting.values():
                waiter.signal.wake()

    def until_free(
        self, session: object, runtime: Runtime, attempt: Callable[[], T], patiently: Callable[[], T]
    ) -> Steps[T]:
        """Wait, then *attempt*, until it finds no lock taken. Raises ``DeadlockDetected``.

        When nobody else of this server is in a transaction, there is no end to wait for: *patiently* then.
        """
        waiter = self._waiting[session] = Waiter(runtime, self._deadlock_timeout_s)
        try:
            while True:
                waiter.tried = self._ended
                if all(other is session for other in self._open):
                    return patiently()
                yield from self._turn(session, waiter)
                try:
                    return attempt()
                except Locked:
                    continue
        finally:
            del self._waiting[session]

    def _turn(self, session: object, waiter: Waiter) -> Steps[None]:
        limit_s = waiter.check_at_s - waiter.runtime.now()
        if limit_s > 0.0:
            try:
                yield from waiter.runtime.within(limit_s, waiter.signal.wait())
            except TimedOut:
                pass
            else:
                return
        elif self._others_will_look(waiter.runtime.now()):
            yield from waiter.signal.wait()
            return
        if self._stuck(session):
            raise DeadlockDetected("every transaction waits for another one")
        yield from waiter.signal.wait()

    def _stuck(self, session: object) -> bool:
        return session in self._open and all(
            other in self._waiting and self._waiting[other].tried == self._ended for other in self._open
        )

    def _others_will_look(self, now_s: float) -> bool:
        return any(waiter.check_at_s > now_s for other, waiter in self._waiting.items() if other in self._open)
