"""Events that can never be taken: how many there are, which, and what those behind them go through."""

from math import sqrt

import pytest

from rustok_sim.testing import scenario_of, simulate

TRIP = {"dist": "constant", "value_s": 0.001}
POSTS = 400


def run(*faults, target="log", horizon_s=60.0, seed=1, **platform):
    """The records of a node whose relay sends 400 posts to an indexer."""
    return simulate(
        scenario_of(
            seed=seed,
            horizon_s=horizon_s,
            load=[
                {
                    "name": "authors",
                    "operation": "node.create",
                    "arrivals": {"process": "constant", "rate_per_s": 40.0, "stop_s": 10.01},
                    "tenants": {"count": 4},
                }
            ],
            faults=list(faults),
            catalogue={"products": 1, "posts": 0, "topics": 0},
            deployment={
                "database": {"round_trip": TRIP, "statement": TRIP, "pool_connections": 50},
                "log": {"round_trip": TRIP},
            },
            platform={
                "tenant_cache": {"design": "none"},
                "outbox": {
                    "relays": "every_node",
                    "target": target,
                    "relay": {"row_errors": "isolated", "lease_s": 30.0, "after_full_batch": "go_on"},
                },
                "index": {"wiring": target},
                "consumer": {"attempts": 2, "retry_delay_s": 0.05},
            }
            | platform,
        )
    )


def details(records, kind, outcome):
    """The events with this outcome, in order, each as often as it had it."""
    return [r.detail for r in records if r.kind == kind and r.outcome == outcome]


def poison(target, ratio=0.1, **more):
    """A tenth of the events are spoilt for those who read them there."""
    return {"kind": "poison", "target": target, "ratio": ratio, "at_s": 0.0, **more}


def test_a_share_of_the_rows_cannot_be_read_and_is_dead_at_once():
    """A tenth of 400, within four standard deviations; each is dead at its first attempt, all others arrive."""
    records = run(poison("outbox"))
    dead = details(records, "outbox.marked", "failed")
    assert abs(len(dead) - POSTS / 10) < 4 * sqrt(POSTS * 0.1 * 0.9)
    assert len(set(dead)) == len(dead)
    assert len(set(details(records, "outbox.published", "ok"))) == POSTS - len(dead)
    assert sorted(r.detail for r in records if r.kind == "event.spoilt") == sorted(dead)


@pytest.mark.parametrize("target", ["log", "bus"])
def test_a_share_of_the_events_cannot_be_handled_whatever_is_tried(target):
    """Each spoilt event fails at every attempt and is never applied; all others are."""
    records = run(poison(target), target=target)
    failed = details(records, "index.applied", "failed")
    applied = set(details(records, "index.applied", "applied"))
    assert abs(len(set(failed)) - POSTS / 10) < 4 * sqrt(POSTS * 0.1 * 0.9)
    assert not applied & set(failed)
    assert len(applied) == POSTS - len(set(failed))
    if target == "log":
        assert len(failed) == 2 * len(set(failed))


def test_the_same_events_are_spoilt_whatever_else_happens():
    """Luck belongs to the event: with a slower database ids are later, and the same tenth is spoilt."""
    slow = {"kind": "slow", "target": "database", "factor": 3.0, "at_s": 0.0}
    ends = [
        {one[-12:] for one in details(run(*more), "outbox.marked", "failed")}
        for more in ((poison("outbox"),), (poison("outbox"), slow))
    ]
    assert ends[0] == ends[1] != set()


def test_only_what_is_raised_during_it_is_spoilt():
    """All events of one second out of ten."""
    records = run(poison("outbox", ratio=1.0, at_s=3.0, duration_s=1.0))
    dead = set(details(records, "outbox.marked", "failed"))
    raised = {r.site: r.at_s for r in records if r.kind == "event.recorded"}
    assert 38 <= len(dead) <= 42
    assert all(3.0 <= raised[one] < 4.1 for one in dead)


def test_poison_for_one_reader_is_none_for_another():
    """What the outbox's reader could read the log's cannot, and the other way round; a bus that nobody uses is none."""
    records = run(poison("bus", ratio=1.0))
    assert details(records, "index.applied", "failed") == []
    assert len(set(details(records, "index.applied", "applied"))) == POSTS


@pytest.mark.parametrize("choice", ["retried", "buried"])
def test_what_cannot_be_read_stops_its_partition_unless_it_is_buried_at_once(choice):
    """About ten spoilt events a tenant, each with twenty attempts a second apart: the run ends before those behind."""
    records = run(poison("log"), consumer={"attempts": 20, "retry_delay_s": 1.0, "not_retryable": choice})
    failed = details(records, "index.applied", "failed")
    applied = set(details(records, "index.applied", "applied"))
    if choice == "buried":
        assert len(failed) == len(set(failed))
        assert len(applied) == POSTS - len(failed)
    else:
        assert len(failed) > 10 * len(set(failed))
        assert len(applied) < POSTS / 2
