"""One pass: what it costs, and what becomes of the rows."""

from itertools import pairwise

import pytest

from rustok_sim.core.events import SYS_EVENTS


def warm(yard, relay):
    """The first pass connects; leave that behind."""
    assert yard.one_pass(relay) == 0


def test_an_empty_pass_takes_three_round_trips(yard):
    """Begin, select, commit (9.1)."""
    relay = yard.relay()
    warm(yard, relay)
    begin_s = yard.world.now
    assert yard.one_pass(relay) == 0
    assert yard.world.now - begin_s == pytest.approx(3 * 0.001)


@pytest.mark.parametrize("rows", [1, 7])
def test_a_pass_takes_five_round_trips_and_two_and_a_publish_for_each_event(yard, rows):
    """Claim 5 r; each event p + 2 r (9.1)."""
    relay = yard.relay()
    warm(yard, relay)
    yard.write(rows)
    begin_s = yard.world.now
    assert yard.one_pass(relay) == rows
    assert yard.world.now - begin_s == pytest.approx(5 * 0.001 + rows * (0.005 + 2 * 0.001))


def test_what_is_published_is_done(yard):
    """Every column as the facts have it for DONE (8.1)."""
    (event,) = yard.write(1)
    yard.one_pass(yard.relay())
    assert yard.target.taken == [event]
    (row,) = yard.rows()
    assert (row["status"], row["claimed_by"], row["claimed_at"], row["next_attempt_at"]) == ("dispatched",) + 3 * (
        None,
    )
    # Set between the load and the update: one round trip before the end of the pass.
    assert row["dispatched_at"] == pytest.approx(yard.world.now - 0.001)


def test_the_oldest_rows_come_first_and_no_more_than_a_batch(yard):
    """By created_at, which is not the order of the ids."""
    events = yard.write(10, every_s=1.0)
    assert yard.one_pass(yard.relay(batch_rows=4)) == 4
    assert sorted(yard.target.taken) == sorted(events[:4])


def test_a_failure_waits_longer_each_time_and_then_the_row_is_dead(yard):
    """1, 2, 4, 8 s, then dead after five attempts, at least 15 s later (9.2)."""
    yard.write(1)
    yard.target.refuses = lambda _: True
    yard.start(yard.relay(interval_s=0.1))
    yard.world.run_to(60.0)
    tries = yard.of("outbox.published")
    assert [record.value for record in tries] == [1, 2, 3, 4, 5]
    waits = [later.begin_s - earlier.at_s for earlier, later in pairwise(tries)]
    for wait_s, least_s in zip(waits, [1, 2, 4, 8], strict=True):
        # A poll delay and the round trips of a pass at most.
        assert least_s < wait_s < least_s + 0.1 + 0.01
    assert set(yard.states().values()) == {"DEAD"}
    assert [record.outcome for record in yard.of("outbox.marked")] == 4 * ["pending"] + ["failed"]


def test_a_dead_row_keeps_its_error_and_its_count(yard):
    """The columns of DEAD (8.1)."""
    yard.write(1)
    yard.target.refuses = lambda _: True
    yard.one_pass(yard.relay(max_attempts=1))
    (row,) = yard.rows()
    assert (row["status"], row["retry_count"], row["last_error"], row["next_attempt_at"]) == ("failed", 1, "no", None)


@pytest.mark.parametrize(("failures", "least_s"), [(1, 1), (2, 2), (6, 32), (7, 60), (40, 60)])
def test_the_wait_doubles_up_to_its_bound(yard, failures, least_s):
    """min(60, 2 ** (k - 1)), first reached by failure 7 (9.2)."""
    yard.write(1, retry_count=failures - 1)
    yard.target.refuses = lambda _: True
    yard.one_pass(yard.relay(max_attempts=100))
    (row,) = yard.rows()
    assert row["next_attempt_at"] == pytest.approx(yard.world.now - 0.001 + least_s)


def test_jitter_spreads_a_failed_batch_over_the_upper_half(yard):
    """Without it a batch comes back in lock-step (D-15): rows of one pass wait equally long."""
    for jitter, spread in ((False, 1), (True, 20)):
        before = {row["id"] for row in yard.rows()}
        yard.write(20)
        yard.target.refuses = lambda _: True
        yard.one_pass(yard.relay(jitter=jitter))
        failed_s = {record.detail: record.at_s for record in yard.of("outbox.published")}
        waits = [float(r["next_attempt_at"]) - failed_s[r["id"]] - 0.001 for r in yard.rows() if r["id"] not in before]
        assert len(waits) == 20
        assert len({round(wait_s, 6) for wait_s in waits}) == spread
        assert all(0.5 <= wait_s <= 1.0 + 1e-9 for wait_s in waits)


def test_retention_drops_what_is_long_done_and_nothing_else(yard):
    """As built the table only grows (D-12)."""
    yard.write(3)
    yard.one_pass(yard.relay())
    yard.target.refuses = lambda _: True
    (waiting,) = yard.write(1)
    yard.one_pass(yard.relay())
    yard.world.run_to(100.0)
    yard.one_pass(yard.relay("keeps"))
    assert len(yard.server.rows(SYS_EVENTS)) == 4
    yard.one_pass(yard.relay("drops", retention_s=50.0))
    assert [row["id"] for row in yard.rows()] == [waiting]


def test_the_dead_rise_if_they_are_told_to(yard):
    """As built a target that is away for longer than 15 s kills what is picked up in it, for good (D-13, D-14)."""
    for redrive_after_s, end in ((None, "DEAD"), (30.0, "DONE")):
        (event,) = yard.write(1)
        back_s = yard.world.now + 20.0
        yard.target.refuses = lambda _, back_s=back_s: yard.world.now < back_s
        task = yard.start(yard.relay(redrive_after_s=redrive_after_s), yard.world.now)
        yard.world.run_to(yard.world.now + 100.0)
        task.drop()
        assert yard.states()[event] == end


def test_a_batch_is_sent_in_no_order_unless_one_is_asked_for(yard):
    """As built the rows come as the heap has them (D-10); else in the order in which they were written."""
    first = yard.write(50, every_s=1.0)
    yard.one_pass(yard.relay("as built"))
    assert sorted(yard.target.taken) == sorted(first)
    assert yard.target.taken != first
    second = yard.write(50, every_s=1.0)
    yard.one_pass(yard.relay("ordered", order="created_at"))
    assert yard.target.taken[50:] == second
