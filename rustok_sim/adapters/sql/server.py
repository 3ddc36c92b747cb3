"""A database server that is a real one."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any, Final, Self

import sqlalchemy as sa

from rustok_sim.adapters.sql.session import SqlSession
from rustok_sim.adapters.sql.statements import Statements
from rustok_sim.adapters.sql.tables import Schema
from rustok_sim.core.data import Row, Select, Table, Value
from rustok_sim.core.ports import Runtime

NAMES: Final = count()


class SqlServer:
    """Tables on a database that SQLAlchemy reaches; made anew at the start."""

    def __init__(self, engine: sa.Engine, tables: Sequence[Table]) -> None:
        self.engine = engine
        self.schema = Schema(tables)
        self.statements = Statements(self.schema, engine.dialect.name)
        self.anchor = engine.connect()
        self.schema.metadata.create_all(self.anchor)

    @classmethod
    def sqlite(cls, tables: Sequence[Table], path: Path | None = None) -> Self:
        """SQLite in a file, or in memory."""
        name = f"file:/rustok-sim-{next(NAMES)}?vfs=memdb" if path is None else f"file:{path}?mode=rwc"
        engine = sa.create_engine(
            f"sqlite:///{name}&uri=true&check_same_thread=false",
            isolation_level="AUTOCOMMIT",
            poolclass=sa.QueuePool,
            max_overflow=-1,
            execution_options={"preserve_rowcount": True},
        )

        @sa.event.listens_for(engine, "connect")
        def prepare(connection: Any, _: object) -> None:
            connection.execute("PRAGMA foreign_keys = ON")

        return cls(engine, tables)

    def open(self, runtime: Runtime) -> SqlSession:
        """A new session."""
        return SqlSession(self, runtime)

    def seed(self, table: Table, rows: Iterable[Mapping[str, Value]]) -> None:
        """Put *rows* there as if long committed. Raises ``ConstraintViolation``."""
        whole = [{name: row.get(name) for name in table.names} for row in rows]
        if whole:
            self.anchor.execute(sa.insert(self.schema.made[table.name]), whole)

    def rows(self, table: Table) -> list[Row]:
        """The committed rows, in the order of the primary key."""
        statement, parameters = self.statements.compile(Select(table))
        return [dict(row) for row in self.anchor.execute(statement, parameters).mappings()]

    def close(self) -> None:
        """Give everything back."""
        self.anchor.close()
        self.engine.dispose()
