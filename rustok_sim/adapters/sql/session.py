"""One connection as the server sees it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from rustok_sim.adapters.sql.waiting import Locked
from rustok_sim.core.data import Isolation, Result, Select, Statement, Update
from rustok_sim.core.errors import ConnectionLost, DatabaseError, TransactionAborted
from rustok_sim.core.ports import Runtime, Steps

if TYPE_CHECKING:
    from rustok_sim.adapters.sql.server import SqlServer

T = TypeVar("T")
FAILED = "a statement of this transaction has failed"


class SqlSession:
    """A :class:`rustok_sim.adapters.ports.ServerSession` on a connection of its own.

    The database hears of a transaction with its first statement. After a failed statement it is rolled back there at
    once, so that nobody waits for its locks, and here stays failed until its end.
    """

    def __init__(self, server: "SqlServer", runtime: Runtime) -> None:
        self._server = server
        self._runtime = runtime
        self._isolation: Isolation | None = None
        self._begun = self._failed = self._lost = False
        self.link = server.link()

    def begin(self, isolation: Isolation) -> None:
        """Begin a transaction. Raises ``ConnectionLost``; ``RuntimeError`` when there is one already."""
        self._alive()
        if self._isolation is not None:
            raise RuntimeError("this session is in a transaction already")
        self._isolation = isolation

    def run(self, statement: Statement, then: Callable[[Result], None] | None = None) -> Steps[Result]:
        """Run one statement; without a transaction, as one of its own."""
        self._alive()
        if self._failed:
            raise TransactionAborted(FAILED)
        result = yield from self._surely(lambda: self._execute(statement))
        if then is not None:
            then(result)
        return result

    def commit(self, then: Callable[[], None] | None = None) -> Steps[None]:
        """Make it last. Raises ``TransactionAborted`` after a failed statement, ``SerializationFailure``."""
        self._alive()
        if self._failed:
            self.rollback()
            raise TransactionAborted(f"{FAILED}: it was rolled back")
        if self._begun:
            yield from self._surely(lambda: self.link.text("COMMIT"))
        self._end()
        if then is not None:
            then()

    def rollback(self) -> None:
        """End the transaction, if there is one, with nothing done."""
        if self._begun:
            self.link.rollback()
        self._end()

    def abort(self) -> None:
        """Give up the transaction, if there is one: it takes no more statements."""
        if self._isolation is not None and not self._failed:
            self._fail()

    def lose(self) -> None:
        """The server crashed, or the connection did: refuse everything from now on."""
        self._lost = True
        self.close()

    def close(self) -> None:
        """Roll back, and give the connection back; a second time changes nothing."""
        if not self.link.connection.closed:
            self.link.close()
            self._end()
            self._server.sessions.pop(self, None)

    def _execute(self, statement: Statement) -> Result:
        self._alive()
        made, parameters = self._server.statements.compile(statement)
        if self._isolation is not None and not self._begun:
            self.link.text(self._server.backend.begin(self._isolation))
            self._begun = True
            self._server.queue.begun(self)
        waits = not isinstance(statement, Select) or statement.lock is not None
        if waits and self._begun and self._server.polite:
            return _result(statement, self.link.try_out(made, parameters))
        return _result(statement, self.link.execute(made, parameters))

    def _surely(self, attempt: Callable[[], T]) -> Steps[T]:
        try:
            try:
                return attempt()
            except Locked as error:
                if not self._server.polite:
                    raise _not_available(error) from None
            queue = self._server.queue
            return (yield from queue.until_free(self, self._runtime, attempt, lambda: self._patiently(attempt)))
        except ConnectionLost:
            self.lose()
            raise
        except Exception:
            self._fail()
            raise

    def _patiently(self, attempt: Callable[[], T]) -> T:
        self.link.wait_at_most(self._server.patience_s)
        try:
            return attempt()
        except Locked as error:
            raise _not_available(error) from None
        finally:
            self.link.wait_at_most(0.0)

    def _fail(self) -> None:
        isolation = self._isolation
        self.rollback()
        self._isolation, self._failed = isolation, isolation is not None

    def _end(self) -> None:
        self._isolation = None
        self._begun = self._failed = False
        self._server.queue.ended(self)

    def _alive(self) -> None:
        if self._lost:
            raise ConnectionLost("the connection is gone")


def _not_available(error: Locked) -> DatabaseError:
    return DatabaseError(str(error), code="lock_not_available")


def _result(statement: Statement, result: sa.CursorResult[Any]) -> Result:
    if isinstance(statement, Select):
        if statement.counting:
            return Result(result.scalar_one())
        rows = [dict(row) for row in result.mappings()]
        return Result(len(rows), rows)
    if isinstance(statement, Update) and statement.returning:
        return _returned(statement, result)
    return Result(result.rowcount)


def _returned(statement: Update, result: sa.CursorResult[Any]) -> Result:
    rows = [dict(row) for row in result.mappings()]
    # SQLite returns whole numbers from a column of doubles as integers, before they are stored.
    for column in statement.table.columns:
        if column.kind == "float":
            for row in rows:
                row[column.name] = None if row[column.name] is None else float(row[column.name])
    rows.sort(key=lambda row: [row[name] for name in statement.table.key])
    return Result(len(rows), rows)
