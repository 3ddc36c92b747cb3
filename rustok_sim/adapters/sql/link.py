"""One connection to the database, whose errors are those of the core."""

from collections.abc import Callable
from typing import Any, TypeVar

import sqlalchemy as sa

from rustok_sim.adapters.sql.backend import Backend
from rustok_sim.adapters.sql.statements import Parameters
from rustok_sim.adapters.sql.tables import Schema
from rustok_sim.adapters.sql.waiting import Locked

T = TypeVar("T")


class Link:
    """Executes what is compiled already. Every method raises errors of the core, and ``Locked``."""

    def __init__(self, backend: Backend, schema: Schema) -> None:
        self._backend = backend
        self._schema = schema
        self.connection = backend.engine.connect()

    def wait_at_most(self, patience_s: float) -> None:
        """From now on, let the database wait for a lock that long."""
        self._backend.patience(self.connection, patience_s)

    def text(self, sql: str) -> None:
        """Run a command as it stands."""
        self._explained(lambda: self.connection.exec_driver_sql(sql))

    def execute(self, statement: sa.Executable, parameters: Parameters | list[Parameters]) -> sa.CursorResult[Any]:
        """Run a statement, with *parameters* or once for each of them."""
        return self._explained(lambda: self.connection.execute(statement, parameters))

    def try_out(self, statement: sa.Executable, parameters: Parameters) -> sa.CursorResult[Any]:
        """Run a statement of a transaction that stays as it was if the statement finds a lock taken."""
        if not self._backend.savepoints:
            return self.execute(statement, parameters)
        self.text("SAVEPOINT statement")
        try:
            result = self.execute(statement, parameters)
        except Locked:
            self.text("ROLLBACK TO SAVEPOINT statement")
            raise
        self.text("RELEASE SAVEPOINT statement")
        return result

    def rollback(self) -> None:
        """End the transaction, if there is one; a lost connection has ended it already."""
        try:
            self.connection.rollback()
        except sa.exc.DBAPIError:
            self.connection.invalidate()

    def close(self) -> None:
        """Give the connection back, rolled back."""
        self.rollback()
        self.connection.close()

    def _explained(self, run: Callable[[], T]) -> T:
        try:
            return run()
        except sa.exc.DBAPIError as error:
            raise self._backend.explain(error, self._schema, self.connection, run) from error.orig
