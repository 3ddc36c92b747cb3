"""PostgreSQL by psycopg: a schema of its own for each server, and errors told by their SQLSTATE."""

from collections.abc import Callable
from typing import Any, Final, cast

import psycopg
import sqlalchemy as sa

from rustok_sim.adapters.sql.tables import Schema
from rustok_sim.adapters.sql.waiting import Locked
from rustok_sim.core.data import Isolation
from rustok_sim.core.errors import (
    ConnectionLost,
    DatabaseError,
    DeadlockDetected,
    NotNullViolation,
    RunError,
    SerializationFailure,
    TransactionAborted,
)

LEVELS: Final[dict[Isolation, str]] = {
    "read_committed": "BEGIN ISOLATION LEVEL READ COMMITTED",
    "repeatable_read": "BEGIN ISOLATION LEVEL REPEATABLE READ",
    "serializable": "BEGIN ISOLATION LEVEL SERIALIZABLE",
}
OUR_NAME: Final = "SELECT 'rustok_sim_' || translate(gen_random_uuid()::text, '-', '')"


class Postgresql:
    """A :class:`rustok_sim.adapters.sql.backend.Backend` in one schema of a PostgreSQL."""

    savepoints = True

    def __init__(self, url: str, schema: str | None) -> None:
        self._url = sa.make_url(url).set(drivername="postgresql+psycopg")
        self._temporary = schema is None
        with self._schemas() as connection:
            self.schema: str = schema or connection.exec_driver_sql(OUR_NAME).scalar_one()
            connection.execute(sa.schema.CreateSchema(self.schema, if_not_exists=True))
        # No test outlives the server, so none has to wait for the disk: what a commit makes visible is the same.
        options = f'-c search_path="{self.schema}" -c synchronous_commit=off'
        self.engine = sa.create_engine(
            self._url,
            isolation_level="AUTOCOMMIT",
            max_overflow=-1,
            connect_args={"options": options},
            execution_options={"preserve_rowcount": True},
        )

    def begin(self, isolation: Isolation) -> str:
        """PostgreSQL's own levels."""
        return LEVELS[isolation]

    def explain(
        self, error: sa.exc.DBAPIError, schema: Schema, connection: sa.Connection, again: Callable[[], object]
    ) -> Exception:
        """By SQLSTATE, and by the name of the constraint."""
        cause: Any = error.orig
        message = str(cause).strip()
        match cause:
            case psycopg.errors.LockNotAvailable():
                return Locked(message)
            case psycopg.errors.SerializationFailure():
                return SerializationFailure(message)
            case psycopg.errors.DeadlockDetected():
                return DeadlockDetected(message)
            case psycopg.errors.InFailedSqlTransaction():
                return TransactionAborted(message)
            case psycopg.errors.NotNullViolation():
                return NotNullViolation(str(cause.diag.table_name), str(cause.diag.column_name))
            case psycopg.errors.NumericValueOutOfRange():
                return OverflowError(message)
            case psycopg.IntegrityError():
                return schema.broken(cause.diag.constraint_name or "") or DatabaseError(message)
        return ConnectionLost(message) if error.connection_invalidated else DatabaseError(message)

    def patience(self, connection: sa.Connection, patience_s: float) -> None:
        """PostgreSQL's least limit is a millisecond."""
        connection.exec_driver_sql(f"SET lock_timeout = {max(1, round(patience_s * 1000))}")

    def blocked(self, connection: sa.Connection, other: sa.Connection) -> bool:
        """Whether the server knows of sessions that stand in the other's way."""
        query = "SELECT cardinality(pg_blocking_pids(%s)) > 0"
        return bool(connection.exec_driver_sql(query, (_driver(other).info.backend_pid,)).scalar_one())

    def close(self) -> None:
        """Drop the schema, if it was made for this server alone."""
        self.engine.dispose()
        if self._temporary:
            with self._schemas() as connection:
                connection.execute(sa.schema.DropSchema(self.schema, cascade=True))

    def _schemas(self) -> sa.Connection:
        engine = sa.create_engine(self._url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        try:
            return engine.connect()
        except sa.exc.OperationalError as error:
            raise RunError(f"no PostgreSQL at {self._url.render_as_string()}: {error.orig}") from None


def _driver(connection: sa.Connection) -> "psycopg.Connection[Any]":
    return cast("psycopg.Connection[Any]", connection.connection.dbapi_connection)
