"""SQLite: one writer at a time, no level but serializable, and errors told by their messages."""

from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any, Final, Literal

import sqlalchemy as sa

from rustok_sim.adapters.sql.tables import Schema
from rustok_sim.adapters.sql.waiting import Locked
from rustok_sim.core.data import Isolation
from rustok_sim.core.errors import (
    DatabaseError,
    ForeignKeyViolation,
    NotNullViolation,
    SerializationFailure,
    UniqueViolation,
)

Begin = Literal["immediate", "deferred"]
NAMES: Final = count()
UNIQUE: Final = "UNIQUE constraint failed: "
NOT_NULL: Final = "NOT NULL constraint failed: "
CHECK: Final = "CHECK constraint failed: "
REFERENCE: Final = "FOREIGN KEY constraint failed"


class Sqlite:
    """A :class:`rustok_sim.adapters.sql.backend.Backend` on a file, or in memory."""

    defer = "PRAGMA defer_foreign_keys = ON"
    savepoints = False

    def __init__(self, path: Path | None, begin: Begin, patience_s: float) -> None:
        self.fresh = path is None
        self._begin = f"BEGIN {begin.upper()}"
        name = f"/rustok-sim-{next(NAMES)}?vfs=memdb" if path is None else f"{path}?mode=rwc"
        self.engine = sa.create_engine(
            f"sqlite:///file:{name}&uri=true&check_same_thread=false",
            isolation_level="AUTOCOMMIT",
            poolclass=sa.QueuePool,
            max_overflow=-1,
            execution_options={"preserve_rowcount": True},
        )

        @sa.event.listens_for(self.engine, "connect")
        def prepare(connection: Any, _: object) -> None:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(_busy_timeout(patience_s))
            if path is not None:
                # Readers see what was committed while one session writes; a lost machine is not simulated here.
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = OFF")

    def begin(self, isolation: Isolation) -> str:
        """The same for every level: all of them are serializable."""
        return self._begin

    def explain(
        self, error: sa.exc.DBAPIError, schema: Schema, connection: sa.Connection, again: Callable[[], object]
    ) -> Exception:
        """By extended error code, and by the message where the code does not tell enough."""
        message, code = str(error.orig), getattr(error.orig, "sqlite_errorname", "")
        if code == "SQLITE_BUSY_SNAPSHOT":
            return SerializationFailure("another session has written since this transaction's first statement")
        if code.startswith("SQLITE_BUSY"):
            return Locked(message)
        if message.startswith(UNIQUE):
            columns = [name.rpartition(".") for name in message.removeprefix(UNIQUE).split(", ")]
            return UniqueViolation(columns[0][0], ",".join(column for _, _, column in columns))
        if message.startswith(NOT_NULL):
            table, _, column = message.removeprefix(NOT_NULL).rpartition(".")
            return NotNullViolation(table, column)
        if message.startswith(CHECK):
            return schema.broken(message.removeprefix(CHECK)) or DatabaseError(message)
        if message == REFERENCE:
            return _broken_reference(connection, again) or DatabaseError(message)
        return DatabaseError(message)

    def patience(self, connection: sa.Connection, patience_s: float) -> None:
        """How long SQLite itself tries again."""
        connection.exec_driver_sql(_busy_timeout(patience_s))

    def blocked(self, connection: sa.Connection, other: sa.Connection) -> bool:
        """Never told by SQLite."""
        return False

    def close(self) -> None:
        """The database in memory is gone with its last connection."""
        self.engine.dispose()


def _busy_timeout(patience_s: float) -> str:
    return f"PRAGMA busy_timeout = {round(patience_s * 1000)}"


def _broken_reference(connection: sa.Connection, again: Callable[[], object]) -> ForeignKeyViolation | None:
    # SQLite does not say which reference a statement broke. Run once more with the check put off, it leaves the
    # broken reference there to be found; the transaction has to be rolled back in any case.
    driver: Any = connection.connection.dbapi_connection
    if not driver.in_transaction:
        connection.exec_driver_sql("BEGIN")
    try:
        connection.exec_driver_sql(Sqlite.defer)
        with suppress(sa.exc.IntegrityError):
            again()
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    except sa.exc.DBAPIError:
        return None
    finally:
        driver.rollback()
    if broken is None:
        return None
    references = connection.exec_driver_sql(f'PRAGMA foreign_key_list("{broken[0]}")').all()
    columns = sorted((row.seq, row[3]) for row in references if row.id == broken[3])
    return ForeignKeyViolation(broken[0], ",".join(column for _, column in columns))
