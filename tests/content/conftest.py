"""A publishing house on a manual clock: content's services over a database whose round trips are written down."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from rustok_sim.adapters.direct import DirectDatabase
from rustok_sim.adapters.memory import MemoryServer
from rustok_sim.core.auth import Actor, Role
from rustok_sim.core.content import Body, NewNode, Node, Translation
from rustok_sim.core.context import Context
from rustok_sim.core.data import Store, label_of
from rustok_sim.core.drive import ManualRuntime, Task, drive
from rustok_sim.core.errors import DomainError
from rustok_sim.core.events import SYS_EVENTS, Publisher
from rustok_sim.core.ids import Ids, named_id
from rustok_sim.core.ports import Call
from rustok_sim.core.shared import Shared
from rustok_sim.modules.blog import BlogService, BlogSettings
from rustok_sim.modules.content import NODES, ContentSettings, NodeService, rows_of, tables
from rustok_sim.modules.forum import Forum, ForumSettings
from rustok_sim.modules.pages import Pages, PagesSettings

TENANT = named_id("tenant", "acme")


class Wire:
    """A database to which every round trip takes *latency_s* on the way there, and is written down."""

    def __init__(self, runtime: ManualRuntime, database: Any) -> None:
        self.runtime = runtime
        self.database = database
        self.latency_s = 0.0
        self.trips: list[str] = []

    def trip(self, label: str):
        """One way there."""
        self.trips.append(label)
        if self.latency_s:
            yield from self.runtime.sleep(self.latency_s)

    def begin(self, call, isolation):
        """One round trip."""
        yield from self.trip("begin")
        return Held(self, (yield from self.database.begin(call, isolation)))

    def run(self, call, statement, then=None):
        """One round trip."""
        yield from self.trip(label_of(statement))
        return (yield from self.database.run(call, statement, then))


class Held:
    """One transaction over the wire."""

    def __init__(self, wire: Wire, session: Any) -> None:
        self.wire = wire
        self.session = session

    def __enter__(self):
        self.session.__enter__()
        return self

    def __exit__(self, *error):
        self.session.__exit__(*error)

    def run(self, statement):
        """One round trip."""
        yield from self.wire.trip(label_of(statement))
        return (yield from self.session.run(statement))

    def commit(self, then=None):
        """One round trip."""
        yield from self.wire.trip("commit")
        yield from self.session.commit(then)


class House:
    """One node's content, blog, forum and pages, and what a test asks of them."""

    def __init__(self, content: Any, blog: Any, forum: Any, pages: Any, *, backend: str, isolation: Any) -> None:
        self.settings = ContentSettings(**content)
        self.runtime = ManualRuntime()
        self.server = open_server(backend, [*tables(self.settings), SYS_EVENTS])
        self.wire = Wire(self.runtime, DirectDatabase(self.runtime, self.server))
        ids = Ids(self.runtime)
        self.shared = Shared(self.runtime, Store(self.wire, isolation=isolation), Publisher(self.runtime, ids), ids)
        self.nodes = NodeService(self.shared, self.settings)
        self.blog = BlogService(self.nodes, BlogSettings(**blog))
        self.forum = Forum(self.nodes, ForumSettings(**forum))
        self.pages = Pages(self.nodes, PagesSettings(**pages))
        self._calls = count(1)

    def context(
        self, role: str = "admin", user: str | None = "ann", tenant: str = TENANT, locale: str = "en"
    ) -> Context:
        """A new request of this user in this role."""
        number = next(self._calls)
        actor = Actor(Role(role), None if user is None else named_id("user", user))
        call = Call(number, "test", number, tenant)
        return Context(call=call, tenant_id=tenant, actor=actor, locale=locale)

    def do(self, operation: Callable[..., Any], *values: Any, **who: Any) -> Any:
        """One request alone, run to its end; *who* is role, user, tenant, locale, and *named* goes on."""
        named = who.pop("named", {})
        return drive(operation(self.context(**who), *values, **named))

    def start(self, operation: Callable[..., Any], *values: Any, **who: Any) -> Task[Any]:
        """One request beside others."""
        return self.runtime.start(operation(self.context(**who), *values))

    def at_once(self, *tasks: tuple[Any, ...], latency_s: float = 0.001) -> list[Any]:
        """Requests that begin together, as tuples of operation and values: what each returned, or its error's code."""
        self.wire.latency_s = latency_s
        started = [self.start(*task) for task in tasks]
        self.runtime.finish()
        self.wire.latency_s = 0.0
        return [outcome(task) for task in started]

    def code(self, operation: Callable[..., Any], *values: Any, **who: Any) -> str:
        """The code of the error that one request is refused with."""
        with pytest.raises(DomainError) as refused:
            self.do(operation, *values, **who)
        return refused.value.code

    def trips(self, operation: Callable[..., Any], *values: Any, **who: Any) -> list[str]:
        """The round trips of one request, in order."""
        self.wire.trips.clear()
        self.do(operation, *values, **who)
        return list(self.wire.trips)

    def events(self) -> list[str]:
        """The types of the committed events, by name."""
        return sorted(row["event_type"] for row in self.rows(SYS_EVENTS))

    def told(self, operation: Callable[..., Any], *values: Any, **who: Any) -> list[str]:
        """The types of the events that one request raises, in order."""
        before = len(self.runtime.records)
        self.do(operation, *values, **who)
        return [record.detail for record in self.runtime.records[before:] if record.kind == "event.recorded"]

    def event_of(self, event_type: str) -> Any:
        """The row of the one committed event of this type."""
        (row,) = [row for row in self.rows(SYS_EVENTS) if row["event_type"] == event_type]
        return row

    def rows(self, table: Any) -> list[Any]:
        """The committed rows."""
        return self.server.rows(table)

    def status(self, node_id: str) -> str:
        """The committed status of a node."""
        return next(row["status"] for row in self.rows(NODES) if row["id"] == node_id)

    def seed(self, nodes: Any, tenant: str = TENANT) -> list[str]:
        """Put these nodes there; their ids."""
        made = list(nodes)
        for table, rows in rows_of(tenant, made):
            self.server.seed(table, rows)
        return [node_id for node_id, _ in made]

    def write(self, title: str = "Hello", **new: Any) -> Node:
        """A node with one translation and one body, as an administrator writes it."""
        return self.do(self.nodes.create, new_node(title, **new))


def new_node(title: str = "Hello", *, kind: str = "post", locale: str = "en", **new: Any) -> NewNode:
    """A node with one translation and one body."""
    translations = (Translation(locale=locale, title=title),)
    return NewNode(kind=kind, translations=translations, bodies=(Body(locale=locale, body="Words."),), **new)


def outcome(task: Task[Any]) -> Any:
    """What a task returned, or the code of what it was refused with."""
    try:
        return task.result()
    except DomainError as error:
        return error.code


def open_server(backend: str, made_of: list[Any]) -> Any:
    """A database in memory: ours, or SQLite's."""
    if backend == "memory":
        return MemoryServer(made_of)
    from rustok_sim.adapters.sql import SqlServer

    return SqlServer.sqlite(made_of)


@pytest.fixture
def open_house() -> Iterator[Callable[..., House]]:
    """Opens a house with the settings given, as built where none are."""
    houses: list[House] = []

    def opened(
        *,
        blog: Any = None,
        forum: Any = None,
        pages: Any = None,
        backend: str = "memory",
        isolation: str = "read_committed",
        **content: Any,
    ) -> House:
        house = House(content, blog or {}, forum or {}, pages or {}, backend=backend, isolation=isolation)
        houses.append(house)
        return house

    yield opened
    for house in houses:
        if not isinstance(house.server, MemoryServer):
            house.server.close()


@pytest.fixture
def house(open_house) -> House:
    """A house as RusToK built it."""
    return open_house()


@pytest.fixture
def node() -> Callable[..., NewNode]:
    """Makes a node with one translation and one body."""
    return new_node


@pytest.fixture
def other() -> str:
    """Another tenant than the one that requests are of."""
    return named_id("tenant", "zen")


@pytest.fixture
def ann() -> str:
    """The user who asks where no other is named."""
    return named_id("user", "ann")
