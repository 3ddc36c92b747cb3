"""What adapters ask of whoever connects them: wires that also carry news, and places in a pool."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from rustok_sim.core.data import Isolation, Result, Row, Statement, Table, Value
from rustok_sim.core.ports import Call, Runtime, Steps, T, Wire


class NewsWire(Wire, Protocol):
    """A wire on which the server may also speak of its own accord."""

    def receive(self, call: Call, session: int, news: Callable[[], Steps[T]], command: str = "") -> Steps[T]:
        """Wait at the server for *news*, again if it is lost, then carry it back: half a round trip.

        Raises ``ConnectionLost`` when the session is gone, or breaks while this waits; may hang.
        """
        ...


class Pool(Protocol):
    """A bounded number of places, handed out in order of asking."""

    def acquire(self) -> Steps[AbstractContextManager[object]]:
        """Wait for a place; it is given back when its ``with`` block ends. Raises ``NoConnection`` after a limit."""
        ...


class ServerSession(Protocol):
    """One connection as the database server sees it. It has at most one transaction at a time."""

    def begin(self, isolation: Isolation) -> None:
        """Begin a transaction; without one, each statement is its own."""
        ...

    def run(self, statement: Statement, then: Callable[[Result], None] | None = None) -> Steps[Result]:
        """Run one statement; waits where it stands for row locks of other sessions.

        *then*, for a statement outside any transaction, is called as that of :meth:`commit`.

        Raises ``ConstraintViolation``, ``SerializationFailure``, ``DeadlockDetected``; a transaction takes no more
        statements then and raises ``TransactionAborted`` for any. Dropped while it waits, it no longer waits.
        """
        ...

    def commit(self, then: Callable[[], None] | None = None) -> Steps[None]:
        """Make the transaction last, which may take time. Raises ``SerializationFailure``; then it is rolled back.

        *then* is called when it lasts, even if whoever asked for it was dropped meanwhile.
        The commit of a transaction in which a statement has failed rolls it back and raises ``TransactionAborted``.
        """
        ...

    def rollback(self) -> None:
        """End the transaction, if there is one, with nothing done."""
        ...

    def abort(self) -> None:
        """The server has given up the transaction, if there is one: as after a failed statement, whatever failed."""
        ...

    def close(self) -> None:
        """The connection is gone: roll back."""
        ...


class DatabaseServer(Protocol):
    """A database that many connections share."""

    def open(self, runtime: Runtime) -> ServerSession:
        """A new session; *runtime* lets it wait."""
        ...

    def seed(self, table: Table, rows: Iterable[Mapping[str, Value]]) -> None:
        """Put *rows* there as if long committed. Raises ``ConstraintViolation``."""
        ...

    def rows(self, table: Table) -> list[Row]:
        """The committed rows, in the order of the primary key."""
        ...

    def crash(self) -> None:
        """Lose every session, and all that is not committed."""
        ...

    def close(self) -> None:
        """Give back what it holds outside this process; nobody uses it any more."""
        ...
