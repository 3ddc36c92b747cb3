"""The tables of the contract, a server with them, and short ways to speak with it."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import pytest

from rustok_sim.adapters.direct import DirectDatabase
from rustok_sim.adapters.ports import ServerSession
from rustok_sim.core.data import (
    Check,
    Insert,
    Isolation,
    Reference,
    Result,
    Row,
    Select,
    Statement,
    Store,
    Table,
    Transaction,
    Value,
    col,
    flag,
    integer,
    moment,
    text,
    uuid,
)
from rustok_sim.core.drive import ManualRuntime, Task, drive
from rustok_sim.core.ports import Call
from rustok_sim.testing.stages import FilledServer

PEOPLE: Final = Table(
    "people", (text("country", 2), integer("number"), text("name")), key=("country", "number"), owner=None
)
"""Everybody's, with a primary key of two columns."""
SHELVES: Final = Table(
    "shelves",
    (
        uuid("id"),
        uuid("tenant_id"),
        text("name", 8),
        integer("depth", optional=True),
        flag("locked"),
        moment("made_s", optional=True),
    ),
    unique=(("tenant_id", "name"), ("depth",)),
    checks=(Check("deep", (col("depth").at_least(0),)),),
)
BOOKS: Final = Table(
    "books",
    (
        uuid("id"),
        uuid("tenant_id"),
        uuid("shelf_id", optional=True),
        text("title"),
        integer("pages"),
        integer("torn"),
        text("lender_country", 2, optional=True),
        integer("lender_number", optional=True),
    ),
    checks=(Check("whole", (col("torn").at_least(0), col("torn").at_most(col("pages")))),),
    references=(
        Reference(("shelf_id",), "shelves"),
        Reference(("lender_country", "lender_number"), "people", on_delete="set_null"),
    ),
    indexes=(("shelf_id",), ("tenant_id", "title")),
)
LOANS: Final = Table(
    "loans",
    (uuid("id"), uuid("tenant_id"), uuid("book_id")),
    references=(Reference(("book_id",), "books", on_delete="refuse"),),
)
BOXES: Final = Table(
    "boxes",
    (uuid("id"), uuid("within_id", optional=True)),
    references=(Reference(("within_id",), "boxes"),),
    owner=None,
)
"""A box may stand in another one."""
LIBRARY: Final = (PEOPLE, SHELVES, BOOKS, LOANS, BOXES)
CALL: Final = Call(id=1, source="contract", entity=1)


def shelf(key: str, **values: Value) -> Row:
    """A row of shelves, named by its key where no name is given."""
    row: Row = {"id": key, "tenant_id": "t1", "name": key, "locked": False}
    return row | values


def book(key: str, **values: Value) -> Row:
    """A row of books, of ten pages."""
    return {"id": key, "tenant_id": "t1", "title": key, "pages": 10, "torn": 0, **values}


class Rig:
    """One server with the tables of the contract, all empty."""

    def __init__(self, server: FilledServer) -> None:
        self.server = server
        self.runtime = ManualRuntime()
        self.store = Store(DirectDatabase(self.runtime, server))

    def run(self, statement: Statement) -> Result:
        """Run one statement as a transaction of its own."""
        session = self.server.open(self.runtime)
        try:
            return drive(session.run(statement))
        finally:
            session.close()

    def ids(self, query: Select) -> list[Value]:
        """The first columns of the rows that *query* reads."""
        return [next(iter(row.values())) for row in self.run(query).rows]

    def add(self, table: Table, *rows: Row) -> None:
        """Insert rows one by one."""
        for row in rows:
            self.run(Insert(table, row))

    def session(self, isolation: Isolation = "read_committed") -> ServerSession:
        """A session in a transaction."""
        session = self.server.open(self.runtime)
        session.begin(isolation)
        return session

    def start(self, session: ServerSession, statement: Statement) -> Task[Result]:
        """Run a statement beside others, as far as it comes now."""
        task = self.runtime.start(session.run(statement))
        self.runtime.advance(0.0)
        return task

    def transaction(self, tenant_id: str) -> Transaction:
        """A transaction of one tenant's, by the store."""
        return drive(self.store.transaction(CALL, tenant_id))


class Contract:
    """Base of the parts: what a subclass has to say."""

    def make(self, tables: Sequence[Table]) -> FilledServer:
        """An empty server with these tables; its ``close``, if it has one, is called after each test."""
        raise NotImplementedError

    @pytest.fixture
    def rig(self) -> Iterator[Rig]:
        """A server for one test."""
        server: Any = self.make(LIBRARY)
        yield Rig(server)
        if hasattr(server, "close"):
            server.close()
