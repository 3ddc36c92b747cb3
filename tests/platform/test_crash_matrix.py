"""Every line of the relay's crash matrix, struck on purpose: what the table says then, and who got what.

One node runs RusToK's relay towards the log. Five posts are written a tenth of a second apart, and lie in one batch.
"""

from collections import Counter
from typing import NamedTuple

import pytest

from rustok_sim.testing import scenario_of, simulate

ROWS = 5
TRIP = {"dist": "constant", "value_s": 0.001}
WORK = {"dist": "constant", "value_s": 0.010}
RELAY = {"interval_s": 5.0, "order": "created_at"}
FOR_EVER_S = 1_000.0


class Fate(NamedTuple):
    """Where a row stands at the end, and how often its event was handed over."""

    state: str
    delivered: int


READY, DISPATCHED = Fate("ready", 0), Fate("dispatched", 1)
LOST, STUCK = Fate("claimed", 0), Fate("claimed", 1)


def fates(*faults, horizon_s=60.0, **relay):
    """What becomes of the five events, in the order of their writing."""
    posts = [
        {
            "name": f"author_{n}",
            "operation": "node.create",
            "arrivals": {"process": "burst", "at_s": 1.0 + n / 10.0, "count": 1},
            "tenants": {"count": 1},
        }
        for n in range(ROWS)
    ]
    scenario = scenario_of(
        horizon_s=horizon_s,
        load=posts,
        faults=list(faults),
        catalogue={"products": 1, "posts": 0, "topics": 0},
        deployment={"database": {"round_trip": TRIP, "statement": WORK}, "log": {"round_trip": TRIP}},
        platform={
            "tenant_cache": {"design": "none"},
            "outbox": {"relays": "every_node", "target": "log", "relay": RELAY | relay},
        },
    )
    records = simulate(scenario)
    sent = Counter(r.detail for r in records if r.kind == "outbox.published" and r.outcome == "ok")
    left = {r.detail: r for r in records if r.kind == "outbox.left"}
    return [Fate(_state(left.get(r.site)), sent[r.site]) for r in records if r.kind == "event.recorded"]


def _state(row):
    if row is None:
        return "dispatched"
    if row.outcome == "failed":
        return "dead"
    if row.site is not None:
        return "claimed"
    return "waiting" if row.value else "ready"


def crash(step, *, restart_s=1.0, **more):
    """The node dies when it has reached this step."""
    return {"kind": "crash", "target": "here", "at_step": step, "restart_s": restart_s, **more}


def test_without_a_fault_all_is_delivered_once():
    """What the lines of the matrix are held against."""
    assert fates() == [DISPATCHED] * ROWS


@pytest.mark.parametrize(("restart_s", "then"), [(FOR_EVER_S, READY), (1.0, DISPATCHED)])
def test_a_crash_before_the_commit_of_the_claim_leaves_rows_ready(restart_s, then):
    """The last select of the claim is answered, its commit not sent. Rows are ready; after a restart they are sent."""
    fault = crash("db.query", step_detail="outbox.mine", restart_s=restart_s)
    assert fates(fault) == [then] * ROWS


def test_a_crash_between_the_claim_and_the_first_publish_loses_the_batch():
    """Claimed for ever, delivered never, although the node is back after 1 s."""
    assert fates(crash("outbox.taken", occurrence=ROWS)) == [LOST] * ROWS


@pytest.mark.parametrize("nth", range(1, ROWS + 1))
def test_a_crash_between_publish_and_mark_leaves_one_stuck_and_loses_the_rest(nth):
    """The n-th is delivered and looks stuck; those before it are done, those behind it lost."""
    fault = crash("outbox.published", step_outcome="ok", occurrence=nth)
    assert fates(fault) == [DISPATCHED] * (nth - 1) + [STUCK] + [LOST] * (ROWS - nth)


@pytest.mark.parametrize(("restart_s", "then"), [(FOR_EVER_S, Fate("waiting", 0)), (1.0, DISPATCHED)])
def test_a_crash_during_the_back_off_is_safe(restart_s, then):
    """The log is away for the first attempts of all; when the last is marked as waiting, the node dies."""
    outage = {"kind": "outage", "target": "log", "at_s": 0.0, "duration_s": 6.0}
    fault = crash("outbox.marked", step_outcome="pending", occurrence=ROWS, restart_s=restart_s)
    assert fates(outage, fault) == [then] * ROWS


def test_a_deploy_aborts_the_relay_and_loses_the_rest_of_its_batch():
    """The server is stopped as the second publish is answered: it does not drain its relay."""
    fault = {"kind": "deploy", "target": "nodes", "restart_s": 1.0, "at_step": "outbox.published", "occurrence": 2}
    assert fates(fault) == [DISPATCHED, STUCK, *[LOST] * 3]


def test_one_mark_that_fails_ends_the_pass():
    """The mark of the third is refused: it is delivered and claimed, all later ones are claimed and lost."""
    fault = {
        "kind": "errors",
        "target": "database",
        "ratio": 1.0,
        "error": "not_done",
        "commands": ["outbox.mark"],
        "at_step": "outbox.published",
        "occurrence": 3,
        "duration_s": 0.5,
    }
    assert fates(fault) == [DISPATCHED, DISPATCHED, STUCK, LOST, LOST]
    # The repair by itself: what cannot be marked is left, and the next row has its turn.
    assert fates(fault | {"duration_s": 0.03}, row_errors="isolated") == [*[DISPATCHED] * 2, STUCK, *[DISPATCHED] * 2]


def test_a_reason_too_long_to_be_written_down_strands_the_row():
    """The log refuses the third with 3,000 characters; 2,048 fit, so the mark of the failure fails as any other may."""
    fault = {
        "kind": "errors",
        "target": "log",
        "ratio": 1.0,
        "error": "not_done",
        "text_chars": 3_000,
        "commands": ["append"],
        "at_step": "outbox.published",
        "occurrence": 2,
        "duration_s": 0.03,
    }
    assert fates(fault) == [DISPATCHED, DISPATCHED, LOST, LOST, LOST]
    short = fault | {"text_chars": 100}
    assert fates(short) == [DISPATCHED] * ROWS


def test_an_undecodable_payload_strands_itself_and_all_behind_it():
    """The third event is raised during the poison. It never reaches the dead; repaired, it does, and alone."""
    fault = {"kind": "poison", "target": "outbox", "ratio": 1.0, "at_s": 1.25, "duration_s": 0.1}
    assert fates(fault) == [DISPATCHED, DISPATCHED, LOST, LOST, LOST]
    assert fates(fault, row_errors="isolated") == [*[DISPATCHED] * 2, Fate("dead", 0), *[DISPATCHED] * 2]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "errors", "ratio": 1.0, "error": "reset", "commands": ["commit"], "callers": ["relay"]},
        {"kind": "errors", "ratio": 1.0, "error": "fault", "commands": ["commit"], "callers": ["relay"]},
        {"kind": "loss", "ratio": 1.0, "lost": "reply", "commands": ["commit"], "callers": ["relay"]},
        {"kind": "partition", "direction": "reply", "form": "dropped"},
    ],
    ids=["reset", "error", "lost", "partition"],
)
def test_a_claim_that_nobody_hears_of_loses_the_batch(fault):
    """The commit is done, and its answer does not arrive: the whole batch is claimed, and nobody knows by whom."""
    whole = fault | {"target": "node-1->database", "at_step": "db.query", "step_detail": "outbox.mine"}
    assert fates(whole | {"duration_s": 1.0}) == [LOST] * ROWS


def test_a_lease_heals_every_line_of_it():
    """With leases and isolated rows no crash loses an event; what was delivered before the crash is so twice."""
    steps = [("outbox.taken", ROWS, 0), ("outbox.published", 2, 1), ("outbox.published", ROWS, 1)]
    for step, nth, twice in steps:
        fault = crash(step, occurrence=nth)
        ends = fates(fault, lease_s=10.0, row_errors="isolated")
        assert [fate.state for fate in ends] == ["dispatched"] * ROWS
        assert sum(fate.delivered for fate in ends) == ROWS + twice
