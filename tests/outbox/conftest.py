"""An outbox, its relays, and a target that does what it is told."""

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any

import pytest

from rustok_sim.adapters import Connections, MemoryServer
from rustok_sim.core.context import Context
from rustok_sim.core.data import Row, Store
from rustok_sim.core.errors import DomainError, External
from rustok_sim.core.events import SYS_EVENTS, Envelope, NodePublished, wrap
from rustok_sim.core.events.outbox import row_of
from rustok_sim.core.ids import named_id
from rustok_sim.core.ports import Call, Steps
from rustok_sim.engine import Draws, NodeRuntime, World
from rustok_sim.engine.condition import Condition
from rustok_sim.engine.network import EngineWire
from rustok_sim.engine.pool import Pool
from rustok_sim.engine.server import Server
from rustok_sim.engine.task import NEVER
from rustok_sim.modules.outbox import CommitNews, Relay, RelaySettings
from rustok_sim.testing import ListJournal, Record, always

TENANT = named_id("tenant", "acme")


class Target:
    """Takes *publish_s* for each event, and refuses or swallows those it is told to."""

    def __init__(self, runtime: NodeRuntime, publish_s: float) -> None:
        self._runtime = runtime
        self.publish_s = publish_s
        self.taken: list[str] = []
        self.refuses: Callable[[str], bool] = lambda _: False
        self.hangs: Callable[[str], bool] = lambda _: False
        self.problem = "no"

    def publish(self, call: Call, envelope: Envelope) -> Steps[None]:
        """As a transport does."""
        yield from self._runtime.sleep(self.publish_s)
        if self.hangs(envelope.id):
            yield NEVER
        if self.refuses(envelope.id):
            raise External(self.problem)
        self.taken.append(envelope.id)

    def publish_batch(self, call: Call, envelopes: Sequence[Envelope]) -> Steps[None]:
        """All of them in the time of one; one that it refuses makes it refuse them all."""
        yield from self._runtime.sleep(self.publish_s)
        if any(self.hangs(envelope.id) for envelope in envelopes):
            yield NEVER
        if any(self.refuses(envelope.id) for envelope in envelopes):
            raise External(self.problem)
        self.taken += [envelope.id for envelope in envelopes]


class Session:
    """A session with another way to run statements."""

    def __init__(self, session: Any, run: Callable[[Any], Steps[Any]]) -> None:
        self._session = session
        self.run = run

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def __enter__(self) -> Any:
        return self._session.__enter__()

    def __exit__(self, *error: object) -> Any:
        return self._session.__exit__(*error)


class Stalled:
    """A store in whose transactions the statement *label* is held up by *hold* before it is sent."""

    def __init__(self, store: Store, label: str, hold: Callable[[], Steps[Any]]) -> None:
        self._store = store
        self._label = label
        self._hold = hold

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def transaction(self, call: Call, tenant_id: str) -> Steps[Any]:
        """As the store's own."""
        tx = yield from self._store.transaction(call, tenant_id)
        run = tx._session.run

        def held(statement: Any) -> Steps[Any]:
            if statement.label == self._label:
                yield from self._hold()
            return (yield from run(statement))

        tx._session = Session(tx._session, held)
        return tx


class Yard:
    """A database so far away, and relays on nodes of their own."""

    def __init__(self, round_trip_s: float = 0.001, publish_s: float = 0.005) -> None:
        self.world = World()
        self.journal = ListJournal()
        self.database = Server(self.world, "database", always(round_trip_s))
        self.server = MemoryServer([SYS_EVENTS])
        self.runtime = self._runtime("test")
        self.target = Target(self.runtime, publish_s)
        self._ids = count(1)
        self.nodes: list[NodeRuntime] = []

    def _runtime(self, node: str) -> NodeRuntime:
        return NodeRuntime(self.world, node, Draws(1), self.journal)

    def call(self, source: str = "relay") -> Call:
        """A new call."""
        number = next(self._ids)
        return Call(number, source, number)

    def store(self, runtime: NodeRuntime) -> Store:
        """The database as a node reaches it."""
        pool = Pool(self.world, runtime.node, 10, 30.0)
        wire = EngineWire(self.database, Condition())
        return Store(Connections(runtime, pool, wire, self.server, acquire_timeout_s=30.0))

    def write(self, number: int, *, every_s: float = 0.0, **changes: Any) -> list[str]:
        """So many events, written one after the other; their ids in that order."""
        rows, begin = [], len(self.rows())
        for n in range(begin, begin + number):
            event = NodePublished(named_id("node", n), "page")
            context = Context(call=self.call("writer"), tenant_id=TENANT)
            envelope = wrap(event, context, named_id("event", n), n * every_s, "propagated")
            blank: Row = dict.fromkeys(SYS_EVENTS.names)
            rows.append({**blank, **row_of(envelope), "tenant_id": TENANT, **changes})
        self.server.seed(SYS_EVENTS, rows)
        return [str(row["id"]) for row in rows]

    def relay(self, worker: str = "relay-1", news: CommitNews | None = None, **settings: Any) -> Relay:
        """A relay on a node of its own."""
        runtime = self._runtime(worker)
        self.nodes.append(runtime)
        return Relay(runtime, self.store(runtime), self.target, RelaySettings(**settings), worker=worker, news=news)

    def start(self, relay: Relay, at_s: float = 0.0) -> Any:
        """Let *relay* run; its task."""
        runtime = self.nodes[-1]
        task = runtime.task(relay.run(self.call), lambda _value, error: None)
        self.world.call_at(at_s, lambda _: task.start())
        return task

    def one_pass(self, relay: Relay) -> int | DomainError:
        """One pass to its end: the rows it claimed, or the error that ended it."""
        ends: list[Any] = []
        self.nodes[-1].task(relay.one_pass(self.call()), lambda value, error: ends.append(error or value)).start()
        while not ends:
            self.world.step()
        return ends[0]

    def rows(self) -> list[Row]:
        """The committed rows."""
        return self.server.rows(SYS_EVENTS)

    def states(self) -> dict[str, str]:
        """The state of each row by its id, in the words of the facts (8.1)."""
        return {str(row["id"]): self._state(row) for row in self.rows()}

    def _state(self, row: Row) -> str:
        if row["status"] != "pending":
            return {"dispatched": "DONE", "failed": "DEAD"}[str(row["status"])]
        if row["claimed_at"] is not None:
            return "CLAIMED"
        return "READY" if float(row["next_attempt_at"] or 0.0) <= self.world.now else "WAITING"

    def of(self, kind: str) -> list[Record]:
        """The records of this kind so far."""
        return self.journal.records(kind)

    def close(self) -> None:
        """Drop what still runs."""
        for node in (self.runtime, *self.nodes):
            node.kill()


@pytest.fixture
def stall() -> Callable[[Relay, str, Callable[[], Steps[Any]]], None]:
    """Hold up a relay before its statement of this label."""

    def hold_up(relay: Relay, label: str, hold: Callable[[], Steps[Any]]) -> None:
        relay._store = Stalled(relay._store, label, hold)

    return hold_up


@pytest.fixture
def yard() -> Iterator[Yard]:
    """A yard with a round trip of 1 ms and a publish of 5 ms."""
    yard = Yard()
    yield yard
    yard.close()


@pytest.fixture
def make_yard() -> Iterator[Callable[..., Yard]]:
    """Yards by their round trip and publish time."""
    made: list[Yard] = []

    def make(round_trip_s: float, publish_s: float) -> Yard:
        made.append(Yard(round_trip_s, publish_s))
        return made[-1]

    yield make
    for yard in made:
        yard.close()
