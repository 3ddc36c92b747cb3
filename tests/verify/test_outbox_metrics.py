"""Metrics of the outbox, against counts by hand."""

import pytest

from rustok_sim.verify import Facts, measure

FACTS = Facts(horizon_s=100.0, outbox=True)


@pytest.fixture
def outbox(log, opened):
    """Measures the outbox section of the log."""

    def measured(facts=FACTS):
        with opened() as connection:
            return measure(connection, facts).get("outbox")

    return measured


def write(log, at_s, event, *, call, how="committed"):
    """A call writes an event, and its transaction ends."""
    log(at_s, "event.recorded", node="node-1", correlation=call, site=event, detail="order.placed")
    log(at_s + 0.1, "db.transaction", node="node-1", correlation=call, begin_s=at_s, outcome=how)


def claim(log, at_s, *events, node="node-1"):
    """A pass claims these rows."""
    log(at_s, "outbox.claimed", node=node, site=node, begin_s=at_s, outcome="ok", value=float(len(events)))
    for event in events:
        log(at_s, "outbox.taken", node=node, site=node, detail=event)


def publish(log, at_s, event, outcome="ok"):
    """The target was asked."""
    log(at_s, "outbox.published", node="node-1", site="node-1", begin_s=at_s, outcome=outcome, detail=event)


def mark(log, at_s, event, state):
    """The row got a new state."""
    log(at_s, "outbox.marked", node="node-1", site="node-1", outcome=state, detail=event)


def deliver(log, at_s, event):
    """Published and marked so."""
    publish(log, at_s, event)
    mark(log, at_s, event, "dispatched")


def leave(log, event, state="pending", worker=None):
    """At the end the row is not dispatched."""
    log(100.0, "outbox.left", site=worker, outcome=state, detail=event)


def counts(measured):
    """The counts without zeros."""
    return {name: count for name, count in measured.items() if name != "age_s" and count}


def test_ages_run_from_the_write_to_the_mark(log, outbox):
    """Written at 1 and 2, marked at 5 and 10: 4 and 8 s."""
    write(log, 1.0, "a", call=1)
    write(log, 2.0, "b", call=2)
    claim(log, 4.0, "a", "b")
    deliver(log, 5.0, "a")
    deliver(log, 10.0, "b")
    measured = outbox()
    assert counts(measured) == {"recorded": 2, "dispatched": 2}
    assert measured["age_s"] == pytest.approx({"p50": 6.0, "p95": 7.8, "p99": 7.96, "max": 8.0})


def test_an_event_of_a_transaction_that_was_rolled_back_was_never_recorded(log, outbox):
    """It is in no outbox. Of a commit without an answer, the relay's find tells that it happened."""
    write(log, 1.0, "a", call=1, how="rolled_back")
    write(log, 2.0, "b", call=2, how="unknown")
    write(log, 3.0, "c", call=3, how="unknown")
    claim(log, 4.0, "c")
    deliver(log, 5.0, "c")
    assert counts(outbox()) == {"recorded": 1, "dispatched": 1}


def test_a_retried_call_has_one_event_of_its_last_transaction(log, outbox):
    """Two transactions of the same call: the first lost, the second committed."""
    write(log, 1.0, "a", call=1, how="aborted")
    write(log, 2.0, "b", call=1)
    leave(log, "b")
    assert counts(outbox()) == {"recorded": 1, "pending": 1}


def test_a_row_claimed_by_a_pass_that_is_over_is_stranded(log, outbox):
    """Of the rows taken at 4, a was marked; b was left when the next pass began. c's pass is under way."""
    for number, event in enumerate("abc"):
        write(log, 1.0, event, call=number)
    claim(log, 4.0, "a", "b")
    deliver(log, 5.0, "a")
    claim(log, 6.0, "c")
    leave(log, "b", worker="node-1")
    leave(log, "c", worker="node-1")
    assert counts(outbox()) == {"recorded": 3, "dispatched": 1, "stranded": 1, "pending": 1}


def test_a_row_whose_relay_crashed_is_stranded(log, outbox):
    """Nobody has a pass under way that could finish it."""
    write(log, 1.0, "a", call=1)
    claim(log, 4.0, "a")
    log(4.5, "node.crashed", node="node-1")
    leave(log, "a", worker="node-1")
    assert counts(outbox()) == {"recorded": 1, "stranded": 1}


def test_a_row_that_another_relay_has_taken_over_is_under_way(log, outbox):
    """With a lease, node-2 takes what node-1 has left."""
    write(log, 1.0, "a", call=1)
    claim(log, 4.0, "a")
    log(4.5, "node.crashed", node="node-1")
    claim(log, 9.0, "a", node="node-2")
    leave(log, "a", worker="node-2")
    assert counts(outbox()) == {"recorded": 1, "pending": 1}


def test_a_claim_that_was_never_answered_strands_its_rows(log, outbox):
    """The row says that it is claimed, and no relay knows of it."""
    write(log, 1.0, "a", call=1)
    leave(log, "a", worker="node-1")
    assert counts(outbox()) == {"recorded": 1, "stranded": 1}


def test_a_mark_that_was_never_answered_counts_and_has_no_age(log, outbox):
    """The row is not among those left, whatever the relay has heard."""
    write(log, 1.0, "a", call=1)
    claim(log, 4.0, "a")
    publish(log, 5.0, "a")
    log(5.5, "node.crashed", node="node-1")
    measured = outbox()
    assert counts(measured) == {"recorded": 1, "dispatched": 1}
    assert measured["age_s"]["max"] is None


def test_a_row_that_says_so_is_dead(log, outbox):
    """After its last attempt."""
    write(log, 1.0, "a", call=1)
    claim(log, 4.0, "a")
    publish(log, 5.0, "a", "failed")
    mark(log, 5.0, "a", "failed")
    leave(log, "a", "failed")
    assert counts(outbox()) == {"recorded": 1, "dead": 1}


def test_each_publication_beyond_the_first_is_a_duplicate(log, outbox):
    """Three times out is two too many, whatever the marks say."""
    write(log, 1.0, "a", call=1)
    for at_s in (4.0, 5.0, 6.0):
        claim(log, at_s, "a")
        deliver(log, at_s, "a")
    assert counts(outbox()) == {"recorded": 1, "dispatched": 1, "duplicated": 2}


def test_without_a_relay_or_its_records_there_are_no_metrics(log, outbox):
    """Nothing is guessed."""
    write(log, 1.0, "a", call=1)
    assert outbox(Facts(horizon_s=100.0)) is None
    assert outbox(Facts(horizon_s=100.0, outbox=True, kinds=frozenset({"event.recorded"}))) is None
