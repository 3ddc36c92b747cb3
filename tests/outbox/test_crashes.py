"""The crash and error matrix (9.4), line by line, and what a lease and isolation make of it."""

import pytest

from rustok_sim.core.events import SYS_EVENTS, Undecodable
from rustok_sim.engine import Draws
from rustok_sim.engine.draws import SiteDraws

LEASE = {"lease_s": 30.0}


def kill_when(yard, relay, kind, count=1):
    """Start *relay* and drop its node as soon as there are so many records of *kind*."""
    node = yard.nodes[-1]
    yard.start(relay)
    while len(yard.of(kind)) < count:
        yard.world.step()
    node.kill()


def test_a_crash_after_the_claim_strands_the_batch_for_good(yard):
    """CLAIMED for ever: nothing that runs later touches the rows (D-04)."""
    events = yard.write(3)
    kill_when(yard, yard.relay(), "outbox.claimed")
    yard.start(yard.relay("relay-2"))
    yard.world.run_to(10_000.0)
    assert yard.states() == dict.fromkeys(events, "CLAIMED")
    assert yard.target.taken == []


def test_a_lease_gives_the_batch_to_the_next(yard):
    """Nothing is lost; the lease must have run out first."""
    events = yard.write(3)
    kill_when(yard, yard.relay(**LEASE), "outbox.claimed")
    yard.start(yard.relay("relay-2", **LEASE))
    yard.world.run_to(29.0)
    assert yard.target.taken == []
    yard.world.run_to(33.0)
    assert yard.states() == dict.fromkeys(events, "DONE")
    assert sorted(yard.target.taken) == sorted(events)


@pytest.mark.parametrize(("settings", "times", "state"), [({}, 1, "CLAIMED"), (LEASE, 2, "DONE")])
def test_a_crash_between_publish_and_mark(yard, settings, times, state):
    """As built delivered once, and stuck by its looks; with a lease twice: that is what at least once costs."""
    (event,) = yard.write(1)
    kill_when(yard, yard.relay(**settings), "outbox.published")
    yard.start(yard.relay("relay-2", **settings))
    yard.world.run_to(100.0)
    assert yard.target.taken == times * [event]
    assert yard.states() == {event: state}


def test_an_abort_at_shutdown_strands_the_remainder(yard):
    """The server aborts, it does not drain: what was marked is done, the rest stays claimed (D-04)."""
    yard.write(10)
    kill_when(yard, yard.relay(), "outbox.marked", 4)
    assert sorted(yard.states().values()) == 6 * ["CLAIMED"] + 4 * ["DONE"]


def test_a_row_that_cannot_be_read_strands_itself_and_all_after_it(yard):
    """It never reaches DEAD (D-03)."""
    first, poison, last = yard.write(3, every_s=1.0)
    spoil(yard, poison)
    assert isinstance(yard.one_pass(yard.relay(order="created_at")), Undecodable)
    assert yard.states() == {first: "DONE", poison: "CLAIMED", last: "CLAIMED"}


def test_isolated_the_poison_dies_alone(yard):
    """The next row has its turn."""
    first, poison, last = yard.write(3, every_s=1.0)
    spoil(yard, poison)
    assert yard.one_pass(yard.relay(order="created_at", row_errors="isolated")) == 3
    assert yard.states() == {first: "DONE", poison: "DEAD", last: "DONE"}


def spoil(yard, event):
    """Make the payload of *event* one that nobody can read."""
    rows = yard.rows()
    yard.server = type(yard.server)([SYS_EVENTS])
    yard.server.seed(SYS_EVENTS, [row | ({"payload": "{}"} if row["id"] == event else {}) for row in rows])


@pytest.mark.parametrize(
    ("settings", "taken", "states"),
    [({}, 2, ["DONE", "CLAIMED", "CLAIMED"]), ({"row_errors": "isolated"}, 3, ["DONE", "CLAIMED", "DONE"])],
)
def test_one_failing_mark(yard, settings, taken, states):
    """As built it strands all that come after, too (D-05); isolated, only its own mark is missing."""
    events = yard.write(3, every_s=1.0)
    yard.start(yard.relay(order="created_at", **settings))
    while len(yard.of("outbox.published")) < 2:
        yard.world.step()
    yard.database.condition.err(1, 1.0, SiteDraws(Draws(1), "errors"))
    yard.world.run_to(yard.world.now + 0.0015)
    yard.database.condition.stop_erring(1)
    yard.world.run_to(100.0)
    assert yard.target.taken == events[:taken]
    assert [yard.states()[event] for event in events] == states


def test_a_text_that_does_not_fit_makes_the_mark_fail(yard):
    """Longer than 2,048 characters: the row is stranded; isolated, the text is cut and the row waits (9.4)."""
    yard.target.refuses = lambda _: True
    yard.target.problem = 3_000 * "x"
    for settings, state in (({}, "CLAIMED"), ({"row_errors": "isolated"}, "WAITING")):
        (event,) = yard.write(1)
        yard.one_pass(yard.relay(state, **settings))
        assert yard.states()[event] == state


@pytest.mark.parametrize(("settings", "published"), [({}, []), ({"publish_timeout_s": 1.0}, [1.0])])
def test_a_hung_publish(yard, settings, published):
    """As built it stops the relay, and the rows behind it wait for ever (D-11); with a limit it is a failure."""
    first, second = yard.write(2, every_s=1.0)
    yard.target.hangs = lambda event: event == first
    yard.start(yard.relay(order="created_at", **settings))
    yard.world.run_to(2.0)
    assert yard.target.taken == ([second] if published else [])
    failures = [record for record in yard.of("outbox.published") if record.outcome == "failed"]
    assert [round(record.at_s - record.begin_s, 6) for record in failures] == published
