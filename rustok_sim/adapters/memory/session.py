"""One connection as the server sees it."""

from typing import TYPE_CHECKING

from rustok_sim.adapters.memory.tables import Undo
from rustok_sim.core.data import Delete, Insert, Isolation, Result, Select, Statement, Update
from rustok_sim.core.errors import ConnectionLost, TransactionAborted
from rustok_sim.core.ports import Runtime, Steps

if TYPE_CHECKING:
    from rustok_sim.adapters.memory.server import MemoryServer


class MemorySession:
    """A :class:`rustok_sim.adapters.ports.ServerSession` of the database in memory."""

    def __init__(self, server: "MemoryServer", runtime: Runtime) -> None:
        self._server = server
        self._runtime = runtime
        self._undo: Undo | None = None
        self._failed = False
        self._lost = False

    def begin(self, isolation: Isolation) -> None:
        """Begin a transaction. Raises ``ConnectionLost``."""
        self._alive()
        if self._undo is not None:
            raise RuntimeError("this session is in a transaction already")
        self._undo = []
        self._failed = False

    def run(self, statement: Statement) -> Steps[Result]:
        """Run one statement; without a transaction, as one of its own."""
        yield from ()
        self._alive()
        if self._failed:
            raise TransactionAborted("a statement of this transaction has failed")
        undo: Undo = [] if self._undo is None else self._undo
        try:
            result = self._execute(statement, undo)
        except BaseException:
            self._undone(undo)
            self._failed = self._undo is not None
            raise
        if self._undo is None and not isinstance(statement, Select):
            yield from self._flush()
        return result

    def _execute(self, statement: Statement, undo: Undo) -> Result:
        rows = self._server.rows_of[statement.table.name]
        match statement:
            case Select():
                return rows.select(statement)
            case Insert():
                return rows.insert_statement(statement, undo)
            case Update():
                return rows.update(statement, undo)
            case Delete():
                return rows.delete(statement, undo)

    def commit(self) -> Steps[None]:
        """Make it last. Raises ``TransactionAborted`` after a failed statement, ``ConnectionLost``."""
        self._alive()
        failed, undo = self._failed, self._undo
        if failed:
            self.rollback()
            raise TransactionAborted("a statement of this transaction has failed: it was rolled back")
        if undo:
            yield from self._flush()
        self._undo = None

    def _flush(self) -> Steps[None]:
        if self._server.commit_latency_s > 0.0:
            yield from self._runtime.sleep(self._server.commit_latency_s)
            self._alive()

    def rollback(self) -> None:
        """End the transaction, if there is one, with nothing done."""
        if self._undo is not None:
            self._undone(self._undo)
        self._undo, self._failed = None, False

    def _undone(self, undo: Undo) -> None:
        while undo:
            undo.pop()()

    def lose(self) -> None:
        """The server crashed: roll back and refuse everything from now on."""
        self.rollback()
        self._lost = True

    def close(self) -> None:
        """Roll back; the server forgets the session."""
        self.rollback()
        self._server.sessions.pop(self, None)

    def _alive(self) -> None:
        if self._lost:
            raise ConnectionLost("the server has crashed since")
