"""The same relay on a real PostgreSQL: two threads, each with a runtime and connections of its own."""

from threading import Event, Thread

import pytest

from rustok_sim.adapters import DirectDatabase
from rustok_sim.adapters.sql import SqlServer
from rustok_sim.core.context import Context
from rustok_sim.core.data import Store
from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.core.events import SYS_EVENTS, NodePublished, wrap
from rustok_sim.core.events.outbox import row_of
from rustok_sim.core.ids import named_id
from rustok_sim.core.ports import Call
from rustok_sim.modules.outbox import Relay, RelaySettings

TENANT = named_id("tenant", "acme")
PATIENCE_S = 30.0


class Listener:
    """Takes everything at once."""

    def __init__(self):
        self.taken = []

    def publish(self, call, envelope):
        """As a transport does."""
        yield from ()
        self.taken.append(envelope.id)


@pytest.fixture
def server(postgresql):
    """An outbox of 20 rows, in a schema of its own."""
    server = SqlServer.postgresql([SYS_EVENTS], postgresql, waiting="native", patience_s=PATIENCE_S)
    rows = []
    for n in range(20):
        context = Context(call=Call(n, "writer", n), tenant_id=TENANT)
        envelope = wrap(NodePublished(named_id("node", n), "page"), context, named_id("event", n), 0.0, "propagated")
        rows.append({**dict.fromkeys(SYS_EVENTS.names), **row_of(envelope), "tenant_id": TENANT})
    server.seed(SYS_EVENTS, rows)
    yield server
    server.close()


def race(server, stall, **settings):
    """A selects; B does a whole pass; then A goes on. What each has published."""
    selected, finished = Event(), Event()
    published = {}

    def hold():
        yield from ()
        selected.set()
        assert finished.wait(PATIENCE_S)

    def work(name):
        runtime, listener = ManualRuntime(name), Listener()
        published[name] = listener.taken
        store = Store(DirectDatabase(runtime, server))
        relay = Relay(runtime, store, listener, RelaySettings(**settings), worker=name)
        if name == "A":
            stall(relay, "outbox.claim", hold)
        drive(relay.one_pass(Call(1, name, 1)))

    first = Thread(target=work, args=("A",))
    first.start()
    assert selected.wait(PATIENCE_S)
    second = Thread(target=work, args=("B",))
    second.start()
    second.join(PATIENCE_S)
    finished.set()
    first.join(PATIENCE_S)
    assert not first.is_alive()
    assert not second.is_alive()
    return published


def test_as_built_all_rows_are_published_twice(server, stall):
    """B has finished them between A's select and A's update, which finds their claims null again (D-06)."""
    published = race(server, stall)
    assert sorted(published["A"]) == sorted(published["B"])
    assert len(published["B"]) == 20


def test_a_look_at_the_status_ends_the_race(server, stall):
    """A's update then finds nothing."""
    published = race(server, stall, recheck_status=True)
    assert (len(published["A"]), len(published["B"])) == (0, 20)


def test_locked_rows_are_passed_over_so_that_both_have_work(server, stall):
    """A holds ten locked rows; B takes the other ten, while A still stands between its statements."""
    published = race(server, stall, claim="skip_locked", recheck_status=True, batch_rows=10)
    assert (len(published["A"]), len(published["B"])) == (10, 10)
    assert not set(published["A"]) & set(published["B"])
