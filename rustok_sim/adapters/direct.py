"""A database without a wire: sessions reached at once, for tests, for benches and for a real database."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from rustok_sim.adapters.ports import DatabaseServer, ServerSession
from rustok_sim.core.data import Isolation, Result, Statement
from rustok_sim.core.ports import Call, Runtime, Steps


class DirectSession:
    """One transaction on a session of its own."""

    __slots__ = ("_server_session",)

    def __init__(self, server_session: ServerSession) -> None:
        self._server_session = server_session

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server_session.close()

    def run(self, statement: Statement) -> Steps[Result]:
        """Run one statement."""
        return self._server_session.run(statement)

    def commit(self, then: Callable[[], None] | None = None) -> Steps[None]:
        """Make it last."""
        return self._server_session.commit(then)


class DirectDatabase:
    """Opens a session of *server* for each transaction. Nothing but a wait for a lock takes time."""

    def __init__(self, runtime: Runtime, server: DatabaseServer) -> None:
        self._runtime = runtime
        self._server = server

    def begin(self, call: Call, isolation: Isolation) -> Steps[DirectSession]:
        """Begin a transaction."""
        yield from ()
        session = self._server.open(self._runtime)
        session.begin(isolation)
        return DirectSession(session)

    def run(self, call: Call, statement: Statement, then: Callable[[Result], None] | None = None) -> Steps[Result]:
        """Run one statement as a transaction of its own."""
        session = self._server.open(self._runtime)
        try:
            return (yield from session.run(statement, then))
        finally:
            session.close()
