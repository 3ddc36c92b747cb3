"""PostgreSQL by psycopg: a schema of its own for each server, and errors told by their SQLSTATE."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, cast

import psycopg
import sqlalchemy as sa
from psycopg import sql

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
DROP_S: Final = 10.0
"""How long to wait for the server's own housekeeping to let go of a table that is to be dropped."""
OUR_NAME: Final = "SELECT 'rustok_sim_' || translate(gen_random_uuid()::text, '-', '')"
IN_USE: Final = "SELECT pg_advisory_lock(hashtext(%s))"
LEFT_BEHIND: Final = """
    WITH ours AS MATERIALIZED (
        SELECT nspname FROM pg_namespace WHERE nspname ~ '^rustok_sim_[0-9a-f]{32}$' AND nspname <> current_schema()
    )
    SELECT nspname FROM ours WHERE pg_try_advisory_lock(hashtext(nspname))
"""


class Postgresql:
    """A :class:`rustok_sim.adapters.sql.backend.Backend` in one schema of a PostgreSQL."""

    defer = "SET CONSTRAINTS ALL DEFERRED"
    savepoints = True

    def __init__(self, url: str, schema: str | None, patience_s: float) -> None:
        self.fresh = schema is None
        self._schema = schema
        self._made = False
        address = sa.make_url(url).set(drivername="postgresql+psycopg")
        self.engine = sa.create_engine(
            address,
            isolation_level="AUTOCOMMIT",
            max_overflow=-1,
            # No test outlives the machine, so a commit need not wait for the disk: it makes the same visible.
            connect_args={"options": f"-c synchronous_commit=off -c {_lock_timeout(patience_s)}"},
            execution_options={"preserve_rowcount": True},
        )
        sa.event.listen(self.engine, "connect", self._enter_schema)
        try:
            with self.engine.connect() as connection:
                self._sweep(connection)
        except sa.exc.OperationalError as error:
            raise RunError(f"no PostgreSQL at {address.render_as_string()}: {error.orig}") from None

    def _enter_schema(self, driver: "psycopg.Connection[Any]", _: object) -> None:
        try:
            if self._schema is None:
                [self._schema] = driver.execute(OUR_NAME).fetchone() or [""]
                driver.execute(IN_USE, [self._schema])
            name = sql.Identifier(self._schema)
            if not self._made:
                driver.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(name))
            driver.execute(sql.SQL("SET search_path = {}").format(name))
            driver.commit()
        except psycopg.Error:
            driver.close()
            raise
        self._made = True

    def _sweep(self, connection: sa.Connection) -> None:
        # Each server marks its schema by a lock, which goes with its process: what is not marked was left behind.
        for name in connection.exec_driver_sql(LEFT_BEHIND).scalars().all():
            with suppress(sa.exc.OperationalError):
                connection.execute(sa.schema.DropSchema(name, cascade=True, if_exists=True))
            connection.exec_driver_sql("SELECT pg_advisory_unlock(hashtext(%s))", (name,))

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
        connection.exec_driver_sql(f"SET {_lock_timeout(patience_s)}")

    def blocked(self, connection: sa.Connection, other: sa.Connection) -> bool:
        """Whether the server knows of sessions that stand in the other's way."""
        query = "SELECT cardinality(pg_blocking_pids(%s)) > 0"
        return bool(connection.exec_driver_sql(query, (_driver(other).info.backend_pid,)).scalar_one())

    def close(self) -> None:
        """Drop the schema, if it was made for this server alone."""
        if self.fresh and self._schema is not None:
            with self.engine.connect() as connection:
                self.patience(connection, DROP_S)
                connection.execute(sa.schema.DropSchema(self._schema, cascade=True))
        self.engine.dispose()


def _lock_timeout(patience_s: float) -> str:
    return f"lock_timeout={max(1, round(patience_s * 1000))}"


def _driver(connection: sa.Connection) -> "psycopg.Connection[Any]":
    return cast("psycopg.Connection[Any]", connection.connection.dbapi_connection)
