"""One connection as the server sees it."""

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from rustok_sim.adapters.sql import errors
from rustok_sim.core.data import Isolation, Result, Select, Statement, Update
from rustok_sim.core.errors import TransactionAborted
from rustok_sim.core.ports import Runtime, Steps

if TYPE_CHECKING:
    from rustok_sim.adapters.sql.server import SqlServer


class SqlSession:
    """A :class:`rustok_sim.adapters.ports.ServerSession` on a connection of its own."""

    def __init__(self, server: "SqlServer", runtime: Runtime) -> None:
        self._server = server
        self._connection = server.engine.connect()
        self._open = False
        self._failed = False

    def begin(self, isolation: Isolation) -> None:
        """Begin a transaction."""
        self._connection.exec_driver_sql("BEGIN IMMEDIATE")
        self._open = True

    def run(self, statement: Statement) -> Steps[Result]:
        """Run one statement; without a transaction, as one of its own."""
        yield from ()
        if self._failed:
            raise TransactionAborted("a statement of this transaction has failed")
        made, parameters = self._server.statements.compile(statement)
        try:
            result = self._connection.execute(made, parameters)
        except sa.exc.DBAPIError as error:
            self._failed = self._open
            raise errors.of_sqlite(error.orig, self._server.schema) from None
        return self._result(statement, result)

    def _result(self, statement: Statement, result: sa.CursorResult[Any]) -> Result:
        if isinstance(statement, Select) and statement.counting:
            return Result(result.scalar_one())
        if isinstance(statement, Select) or (isinstance(statement, Update) and statement.returning):
            rows = [dict(row) for row in result.mappings()]
            return Result(len(rows), rows)
        return Result(result.rowcount)

    def commit(self) -> Steps[None]:
        """Make it last. Raises ``TransactionAborted`` after a failed statement."""
        yield from ()
        if self._failed:
            self.rollback()
            raise TransactionAborted("a statement of this transaction has failed: it was rolled back")
        if self._open:
            self._connection.exec_driver_sql("COMMIT")
        self._open = False

    def rollback(self) -> None:
        """End the transaction, if there is one, with nothing done."""
        if self._open:
            self._connection.exec_driver_sql("ROLLBACK")
        self._open = self._failed = False

    def close(self) -> None:
        """Roll back, and give the connection back."""
        self.rollback()
        self._connection.close()
