"""One connection as the server sees it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from rustok_sim.adapters.memory.reading import select, select_for
from rustok_sim.adapters.memory.transactions import Transaction
from rustok_sim.adapters.memory.upserting import upsert
from rustok_sim.adapters.memory.writing import delete, insert, update
from rustok_sim.core.data import Delete, Insert, Isolation, Result, Select, Statement, Update, Upsert
from rustok_sim.core.errors import ConnectionLost, TransactionAborted
from rustok_sim.core.ports import Runtime, Steps

if TYPE_CHECKING:
    from rustok_sim.adapters.memory.server import MemoryServer

VERBS: Final[dict[type, Any]] = {
    Select: select_for,
    Insert: insert,
    Upsert: upsert,
    Update: update,
    Delete: delete,
}


class MemorySession:
    """A :class:`rustok_sim.adapters.ports.ServerSession` of the database in memory."""

    __slots__ = ("_crashes", "_failed", "_runtime", "_server", "_transaction")

    def __init__(self, server: "MemoryServer", runtime: Runtime) -> None:
        self._server = server
        self._runtime = runtime
        self._crashes = server.crashes
        self._transaction: Transaction | None = None
        self._failed = False

    def begin(self, isolation: Isolation) -> None:
        """Begin a transaction. Raises ``ConnectionLost``; ``RuntimeError`` if there is one already."""
        self._alive()
        if self._transaction is not None or self._failed:
            raise RuntimeError("this session is in a transaction already")
        self._transaction = Transaction(self._server.ledger, self._runtime, isolation)

    def run(self, statement: Statement, then: Callable[[Result], None] | None = None) -> Steps[Result]:
        """Run one statement; outside a transaction, as one of its own at READ COMMITTED."""
        server, transaction = self._server, self._transaction
        if transaction is None:
            return (yield from self._run_alone(statement, then))
        if self._crashes != server.crashes:
            self._alive()
        home = server.tables[statement.table.name]
        try:
            if type(statement) is Select and statement.lock is None:
                return select(transaction, home, statement)
            result: Result = yield from VERBS[type(statement)](transaction, home, statement)
        except BaseException:
            # As in PostgreSQL, the locks go at the error, not at the rollback that must follow.
            self._transaction, self._failed = None, True
            transaction.roll_back()
            raise
        return result

    def _run_alone(self, statement: Statement, then: Callable[[Result], None] | None) -> Steps[Result]:
        self._alive()
        if self._failed:
            raise TransactionAborted("a statement of this transaction has failed")
        if type(statement) is Select and statement.lock is None:
            return select(self._server.reader, self._server.tables[statement.table.name], statement)
        self.begin("read_committed")
        try:
            result: Result = yield from self.run(statement)
        finally:
            self._failed = False
        yield from self.commit(None if then is None else partial(then, result))
        return result

    def commit(self, then: Callable[[], None] | None = None) -> Steps[None]:
        """Make the transaction last; what has nothing to write to the disk takes no time.

        Raises ``SerializationFailure``, ``TransactionAborted``, ``ConnectionLost``; ``RuntimeError`` without one.
        """
        self._alive()
        transaction, self._transaction = self._transaction, None
        if transaction is None:
            raise self._nothing_to_commit()
        if transaction.serial is not None:
            transaction.prepare()
        if self._server.commit_latency_s > 0.0 and (transaction.written or transaction.locked):
            yield from self._flush(transaction, then)
        _last(transaction, then)

    def _nothing_to_commit(self) -> Exception:
        if self._failed:
            self._failed = False
            return TransactionAborted("a statement of this transaction has failed: it is rolled back")
        return RuntimeError("this session is in no transaction")

    def _flush(self, transaction: Transaction, then: Callable[[], None] | None) -> Steps[None]:
        try:
            yield from self._runtime.sleep(self._server.commit_latency_s)
        except BaseException:
            # Whoever stops listening now does not take it back, and the history has it all the same.
            if not transaction.over:
                _last(transaction, then)
            raise
        if transaction.over:
            raise ConnectionLost("the server crashed before the commit had reached the disk")

    def rollback(self) -> None:
        """End the transaction, if there is one, with nothing done. A commit under way goes on."""
        transaction, self._transaction, self._failed = self._transaction, None, False
        if transaction is not None:
            transaction.roll_back()

    def abort(self) -> None:
        """Give up the transaction, if there is one: it takes no more statements."""
        transaction = self._transaction
        if transaction is not None:
            self._transaction, self._failed = None, True
            transaction.roll_back()

    def close(self) -> None:
        """The connection is gone: roll back."""
        self.rollback()

    def _alive(self) -> None:
        if self._crashes != self._server.crashes:
            raise ConnectionLost("the server has crashed since this session was opened")


def _last(transaction: Transaction, then: Callable[[], None] | None) -> None:
    transaction.commit()
    if then is not None:
        then()
