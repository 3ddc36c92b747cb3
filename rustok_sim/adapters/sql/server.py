"""A database server that is a real one."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal, Self, TypeAlias

import sqlalchemy as sa

from rustok_sim.adapters.sql.backend import Backend
from rustok_sim.adapters.sql.link import Link
from rustok_sim.adapters.sql.postgresql import Postgresql
from rustok_sim.adapters.sql.session import SqlSession
from rustok_sim.adapters.sql.sqlite import Begin, Sqlite
from rustok_sim.adapters.sql.statements import statements_for
from rustok_sim.adapters.sql.waiting import Locked, Queue
from rustok_sim.core.data import Row, Select, Table, Value
from rustok_sim.core.errors import DatabaseError
from rustok_sim.core.ports import Runtime

Waiting: TypeAlias = Literal["polite", "native"]
"""How a session waits for a lock. ``polite``: all sessions share one thread, so a statement that finds a lock taken
is undone and tried again when a transaction ends. ``native``: the database makes it wait, and the thread with it."""
PATIENCE_S: Final = 5.0


class SqlServer:
    """A :class:`rustok_sim.adapters.ports.DatabaseServer` that SQLAlchemy reaches; its tables are made at the start.

    *deadlock_timeout_s* is for polite waiting; *patience_s* bounds what the database itself may wait: in native
    waiting, and for locks that no session of this server holds.
    """

    def __init__(
        self,
        backend: Backend,
        tables: Sequence[Table],
        *,
        waiting: Waiting = "polite",
        deadlock_timeout_s: float = 1.0,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.backend = backend
        self.polite = waiting == "polite"
        self.patience_s = patience_s
        self.queue = Queue(deadlock_timeout_s)
        self.sessions: dict[SqlSession, None] = {}
        self.statements = statements_for(tuple(tables), backend.engine.dialect.name)
        self._schema = self.statements.schema
        self._own = self.link()
        self._create()

    @classmethod
    def sqlite(
        cls,
        tables: Sequence[Table],
        path: Path | None = None,
        *,
        begin: Begin = "immediate",
        waiting: Waiting = "polite",
        deadlock_timeout_s: float = 1.0,
        patience_s: float = PATIENCE_S,
    ) -> Self:
        """SQLite in a file that stays, or in memory.

        In a file, readers see what was committed while one session writes. In memory nobody reads meanwhile: SQLite
        has no versions there. A transaction begins as *begin* says: ``immediate`` waits at once for the one writer
        there may be, so it never conflicts later; ``deferred`` waits at its first write, which may be refused.
        """
        backend = Sqlite(path, begin, 0.0 if waiting == "polite" else patience_s)
        return cls(backend, tables, waiting=waiting, deadlock_timeout_s=deadlock_timeout_s, patience_s=patience_s)

    @classmethod
    def postgresql(
        cls,
        tables: Sequence[Table],
        url: str,
        *,
        schema: str | None = None,
        waiting: Waiting = "polite",
        deadlock_timeout_s: float = 1.0,
        patience_s: float = PATIENCE_S,
    ) -> Self:
        """PostgreSQL at *url*, in *schema*, which stays; or in one of its own, which goes with the server.

        Raises ``RunError`` when nobody answers there.
        """
        backend = Postgresql(url, schema, 0.0 if waiting == "polite" else patience_s)
        return cls(backend, tables, waiting=waiting, deadlock_timeout_s=deadlock_timeout_s, patience_s=patience_s)

    def _create(self) -> None:
        self._own.text("BEGIN")
        self._schema.metadata.create_all(self._own.connection, checkfirst=not self.backend.fresh)
        self._own.text("COMMIT")

    def link(self) -> Link:
        """A connection for a session."""
        return Link(self.backend, self._schema)

    def open(self, runtime: Runtime) -> SqlSession:
        """A new session."""
        session = SqlSession(self, runtime)
        self.sessions[session] = None
        return session

    def blocked(self, session: SqlSession) -> bool:
        """Whether a statement of *session* waits for a lock in the database now; PostgreSQL only."""
        return self.backend.blocked(self._own.connection, session.link.connection)

    def seed(self, table: Table, rows: Iterable[Mapping[str, Value]]) -> None:
        """Put *rows* there as if long committed; they may refer to each other in any order.

        Raises ``ConstraintViolation``, and then none is there.
        """
        whole = [{name: row.get(name) for name in table.names} for row in rows]
        if not whole:
            return
        self._own.text("BEGIN")
        try:
            self._own.text(self.backend.defer)
            self._own.execute(sa.insert(self._schema.made[table.name]), whole)
            self._own.text("COMMIT")
        finally:
            self._own.rollback()

    def rows(self, table: Table) -> list[Row]:
        """The committed rows, in the order of the primary key.

        Raises ``DatabaseError`` for SQLite in memory while a session writes.
        """
        statement, parameters = self.statements.compile(Select(table))
        try:
            return [dict(row) for row in self._own.execute(statement, parameters).mappings()]
        except Locked as error:
            raise DatabaseError(str(error), code="lock_not_available") from None

    def crash(self) -> None:
        """Lose every session, and all that is not committed."""
        for session in reversed(list(self.sessions)):
            session.lose()

    def close(self) -> None:
        """Lose every session and give everything back; what was made for this server alone is gone."""
        self.crash()
        self._own.close()
        self.backend.close()
