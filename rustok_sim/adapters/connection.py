"""One connection to the database: a session on the wire, and what the server keeps for it."""

from collections.abc import Callable
from typing import Final, TypeVar

from rustok_sim.adapters.outcomes import Outcomes, Recorded
from rustok_sim.adapters.ports import ServerSession
from rustok_sim.core.data import Result, Statement
from rustok_sim.core.errors import (
    CheckViolation,
    ConnectionLost,
    DatabaseError,
    DeadlockDetected,
    ForeignKeyViolation,
    NoConnection,
    NotNullViolation,
    SerializationFailure,
    TimedOut,
    TransactionAborted,
    UniqueViolation,
    ValueTooLong,
    WireError,
)
from rustok_sim.core.marks import mark
from rustok_sim.core.ports import Call, Runtime, Steps, Wire

T = TypeVar("T")

_REFUSALS = (
    UniqueViolation,
    CheckViolation,
    ForeignKeyViolation,
    NotNullViolation,
    ValueTooLong,
    TransactionAborted,
)
OUTCOMES: Final[Outcomes] = {
    DatabaseError: "error",
    NoConnection: "no_connection",
    **dict.fromkeys(_REFUSALS, "refused"),
    **dict.fromkeys((SerializationFailure, DeadlockDetected), "conflict"),
}
"""The words for the ways in which a statement may fail."""


class Connection:
    """One connection. Once ``lost`` it is of no more use."""

    __slots__ = ("_limit_s", "_session", "_wire", "at_server", "lost", "runtime", "waited_s")

    def __init__(
        self,
        runtime: Runtime,
        wire: Wire,
        session: int,
        at_server: ServerSession,
        *,
        statement_timeout_s: float | None = None,
    ) -> None:
        self.runtime = runtime
        self._wire = wire
        self._session = session
        self._limit_s = statement_timeout_s
        self.at_server = at_server
        self.lost = False
        self.waited_s: float | None = None
        """How long the statement that :meth:`run` ran last has waited for other transactions, if it did."""

    def ask(self, call: Call, label: str, work: Callable[[], Steps[T]]) -> Steps[T]:
        """One round trip; what *work* raises at the server travels back as any answer does."""
        try:
            return (yield from self.send(call, work, label))
        except WireError as error:
            raise self.failed(label, error) from None

    def send(self, call: Call, work: Callable[[], Steps[T]], label: str) -> Steps[T]:
        """As :meth:`ask`; a ``WireError`` comes as it is, for :meth:`failed`."""
        steps = self._wire.ask(call, self._session, work, label)
        return steps if self._limit_s is None else self._limited(self._limit_s, steps)

    def _limited(self, limit_s: float, steps: Steps[T]) -> Steps[T]:
        """*steps*, for at most so long. Raises ``ConnectionLost``: whatever may still come is not waited for."""
        try:
            return (yield from self.runtime.within(limit_s, steps))
        except TimedOut:
            mark("statement given up")
            raise ConnectionLost(f"no answer within {limit_s:g} s") from None

    def run(self, statement: Statement) -> Steps[Result]:
        """Run at the server a statement that may have to wait there, and keep for how long it did."""
        begin_s = self.runtime.now()
        try:
            return (yield from self.at_server.run(statement))
        finally:
            self.waited_s = (self.runtime.now() - begin_s) or None

    def failed(self, label: str, error: WireError) -> DatabaseError:
        """What *error* of the wire is to whoever asked."""
        if isinstance(error, ConnectionLost):
            self.lost = True
            self.at_server.close()
        return DatabaseError(f"{label}: {error}", code=f"database_{error.code}")


def recorded(runtime: Runtime, call: Call, label: str, *, waits: bool = False) -> Recorded:
    """Writes the record of one statement; *waits*: for a connection, first."""
    return Recorded(runtime, "db.query", call, site="database", detail=label, outcomes=OUTCOMES, needs_connection=waits)
