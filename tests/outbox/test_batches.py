"""Rows of a batch published in one message, or marked in one statement: the same ends, and what a crash repeats."""

import pytest

from rustok_sim.core.data import Delete, same
from rustok_sim.core.errors import External
from rustok_sim.core.events import SYS_EVENTS
from rustok_sim.modules.outbox import RelaySettings, sending

TOGETHER = {"publishing": "batch", "marking": "batch"}
WAYS = [{"marking": "batch"}, {"publishing": "batch"}, TOGETHER]
LEASE = {"lease_s": 30.0}


@pytest.mark.parametrize("settings", WAYS)
def test_every_row_is_sent_once_and_done(yard, settings):
    """Three batches, each event told as published and marked once."""
    events = yard.write(250)
    yard.start(yard.relay(interval_s=0.1, **settings))
    yard.world.run_to(10.0)
    assert yard.states() == dict.fromkeys(events, "DONE")
    for ids in (
        yard.target.taken,
        [record.detail for record in yard.of("outbox.published")],
        [record.detail for record in yard.of("outbox.marked")],
    ):
        assert sorted(ids) == sorted(events)


@pytest.mark.parametrize("settings", WAYS)
def test_the_rows_end_as_they_do_one_by_one(make_yard, settings):
    """Every column but the moments of publishing, of rows that are taken, refused and unreadable."""
    ends = []
    for chosen in ({}, settings):
        yard = make_yard(0.001, 0.0)
        events = yard.write(5)
        if "publishing" not in chosen:
            yard.target.refuses = lambda _event, last=events[4]: _event == last
        yard.write(1, payload="no envelope")
        yard.one_pass(yard.relay(row_errors="isolated", **chosen))
        ends.append([{**row, "dispatched_at": None, "next_attempt_at": None} for row in yard.rows()])
        assert list(yard.states().values()).count("DEAD") == 1
        assert list(yard.states().values()).count("WAITING") == int("publishing" not in chosen)
    if "publishing" not in settings:
        assert ends[0] == ends[1]


def test_a_batch_that_is_refused_waits_whole(yard):
    """The target takes all or none: each row has used one attempt."""
    events = yard.write(3)
    yard.target.refuses = lambda event: event == events[1]
    yard.one_pass(yard.relay(**TOGETHER))
    assert yard.states() == dict.fromkeys(events, "WAITING")
    assert [row["retry_count"] for row in yard.rows()] == [1, 1, 1]
    assert yard.target.taken == []


@pytest.mark.parametrize(("settings", "repeated"), [({}, 1), ({"marking": "batch"}, 5)])
def test_a_crash_before_the_mark_repeats_what_was_not_marked(yard, settings, repeated):
    """Killed when five are published: one by one four are marked by then, together none; the lease brings them back."""
    events = yard.write(8)
    relay = yard.relay(**LEASE, **settings)
    node = yard.nodes[-1]
    yard.start(relay)
    while len(yard.of("outbox.published")) < 5:
        yard.world.step()
    node.kill()
    yard.start(yard.relay("relay-2", **LEASE, **settings))
    yard.world.run_to(100.0)
    assert yard.states() == dict.fromkeys(events, "DONE")
    assert len(yard.target.taken) == 8 + repeated
    assert set(yard.target.taken) == set(events)


def test_whoever_has_lost_its_lease_leaves_the_batch_alone(yard):
    """The publish takes longer than the lease, and another relay has sent and marked the rows meanwhile."""
    events = yard.write(3)
    yard.target.publish_s = 5.0
    yard.start(yard.relay("slow", lease_s=1.0, **TOGETHER))
    yard.world.run_to(2.0)
    yard.target.publish_s = 0.1
    yard.start(yard.relay("other", lease_s=1.0, **TOGETHER), at_s=2.0)
    yard.world.run_to(6.0)
    marked = [(record.site, record.outcome) for record in yard.of("outbox.marked")]
    assert marked == [("other", "dispatched")] * 3 + [("slow", "lease_lost")] * 3
    assert yard.states() == dict.fromkeys(events, "DONE")
    assert max(row["dispatched_at"] for row in yard.rows()) < 3.0


@pytest.mark.parametrize("settings", WAYS)
def test_a_row_that_is_gone_is_not_marked(yard, settings):
    """Somebody has removed it: the others are done."""
    events = yard.write(3)
    relay = yard.relay(row_errors="isolated", **settings)
    yard.start(relay)
    while not yard.of("outbox.taken"):
        yard.world.step()
    list(yard.server.open(yard.runtime).run(Delete(SYS_EVENTS, same(id=events[1]))))
    yard.world.run_to(1.0)
    assert yard.states() == {events[0]: "DONE", events[2]: "DONE"}


def test_an_error_that_ends_the_pass_leaves_what_was_sent_marked(yard):
    """As built the unreadable row strands itself and the rest; those before it, sent already, are done."""
    events = yard.write(2)
    yard.write(1, payload="no envelope")
    later = yard.write(2)
    yard.one_pass(yard.relay(order="created_at", marking="batch"))
    states = yard.states()
    done = [event for event, state in states.items() if state == "DONE"]
    assert done == yard.target.taken
    assert sorted(states.values()) == ["CLAIMED"] * (5 - len(done)) + ["DONE"] * len(done)
    assert len(done) < len(events) + len(later)


def test_in_one_message_an_unreadable_row_strands_all(yard):
    """Nothing of the batch is published if one of its rows ends the pass."""
    yard.write(2)
    yard.write(1, payload="no envelope")
    yard.one_pass(yard.relay(**TOGETHER))
    assert set(yard.states().values()) == {"CLAIMED"}
    assert yard.target.taken == []


def test_one_message_and_lanes_exclude_each_other():
    """There is nothing that lanes could do side by side."""
    with pytest.raises(ValueError, match="publishing batch needs concurrency 1"):
        RelaySettings(publishing="batch", concurrency=2)


def test_lanes_may_be_marked_together(yard):
    """Ten lanes publish side by side, and one statement marks what all have sent."""
    events = yard.write(50)
    yard.one_pass(yard.relay(concurrency=10, marking="batch"))
    assert yard.states() == dict.fromkeys(events, "DONE")


def test_a_mark_that_fails_leaves_the_batch_to_the_lease(yard, monkeypatch):
    """Isolated: the pass goes on to its end, and what it had sent is sent again when its claim is over."""
    events = yard.write(3)
    relay = yard.relay(row_errors="isolated", **LEASE, **TOGETHER)
    failing = iter([True])

    def refuse(*args, **kwargs):
        if next(failing, False):
            raise External("the database is away")
        yield from ()
        return (yield from real(*args, **kwargs))

    real = sending.write_together
    monkeypatch.setattr(sending, "write_together", refuse)
    yard.start(relay)
    yard.world.run_to(20.0)
    assert yard.states() == dict.fromkeys(events, "CLAIMED")
    yard.world.run_to(40.0)
    assert yard.states() == dict.fromkeys(events, "DONE")
    assert len(yard.target.taken) == 6
