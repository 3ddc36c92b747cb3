"""What a crash of a node, or of a server, loses and what it leaves: exactly the volatile state."""

from collections import Counter

import pytest

from rustok_sim.testing import scenario_of, simulate

TRIP = {"dist": "constant", "value_s": 0.001}
WORK = {"dist": "constant", "value_s": 0.010}
CRASH = {"kind": "crash", "target": "node-1", "restart_s": 1.0}


def run(*faults, load, nodes=1, horizon_s=40.0, **platform):
    """The records of a small platform."""
    return simulate(
        scenario_of(
            horizon_s=horizon_s,
            load=load,
            faults=list(faults),
            catalogue={"products": 5, "posts": 0, "topics": 0},
            deployment={
                "nodes": nodes,
                "database": {"round_trip": TRIP, "statement": WORK, "acquire_timeout_s": 0.5},
                "redis": {"round_trip": TRIP},
                "log": {"round_trip": TRIP},
            },
            platform={"tenant_cache": {"design": "none"}} | platform,
        )
    )


def ask(name="web", *, at_s, operation="tenant.resolve", count=1, **more):
    """Requests at one moment."""
    return {
        "name": name,
        "operation": operation,
        "arrivals": {"process": "burst", "at_s": at_s, "count": count},
    } | more


def count(records, kind, **columns):
    """How many records of this kind with these values."""
    return len([r for r in records if r.kind == kind and all(getattr(r, k) == v for k, v in columns.items())])


@pytest.mark.parametrize(("design", "loads"), [("moka", 2), ("v1_as_wired", 1)])
def test_a_cache_in_memory_dies_with_its_node_and_one_in_redis_does_not(design, loads):
    """Asked at 1 s and, after a crash at 5 s, at 10 s: moka loads again; Redis still has the tenant."""
    records = run(CRASH | {"at_s": 5.0}, load=[ask(at_s=1.0), ask("later", at_s=10.0)], tenant_cache={"design": design})
    assert count(records, "cache.load") == loads
    assert count(records, "request.finished", status=200) == 2


def test_a_flight_that_others_wait_for_dies_with_its_node():
    """Twenty wait for one load; all are told of the crash, and afterwards one load is enough for all anew."""
    load = [ask(at_s=4.999, count=20), ask("later", at_s=10.0, count=20)]
    records = run(CRASH | {"at_s": 5.0}, load=load, tenant_cache={"design": "moka"})
    ends = Counter((r.site, r.status) for r in records if r.kind == "request.finished")
    assert ends == {("web", 502): 20, ("later", 200): 20}
    assert count(records, "cache.load", outcome="found") == 1


def test_an_open_breaker_is_forgotten():
    """The database is away and the loader's breaker opens. The restarted node asks again: it does not know."""
    outage = {"kind": "outage", "target": "database", "at_s": 0.0}
    cache = {"design": "moka_breaker", "breaker": {"design": "as_built", "timeout_s": 1_000.0}}
    load = [{"name": "web", "operation": "tenant.resolve", "arrivals": {"process": "constant", "rate_per_s": 5.0}}]
    for faults, reopened in (([outage], 1), ([outage, CRASH | {"at_s": 20.0}], 2)):
        records = run(*faults, load=load, horizon_s=60.0, tenant_cache=cache)
        assert count(records, "breaker.changed", outcome="open") == reopened


def test_connections_and_places_of_the_pool_are_new():
    """One connection, which a hung statement holds for ever: only the crash brings a place back."""
    hang = {"kind": "hang", "target": "database", "at_s": 1.005, "duration_s": 1.0}
    load = [ask(at_s=1.0), ask("stuck", at_s=3.0, timeout_s=1.0), ask("later", at_s=10.0)]
    records = run(hang, CRASH | {"at_s": 5.0}, load=load)
    assert count(records, "request.finished", site="later", status=200) == 1


def test_a_committed_row_stays_and_one_that_is_not_committed_is_gone():
    """The node dies before its commit is sent; the server rolls back, and the order can be placed by another."""
    crash = CRASH | {"at_step": "db.query", "step_detail": "order_lines.insert"}
    load = [ask(at_s=1.0, operation="order.place"), ask("again", at_s=10.0, operation="order.place")]
    records = run(crash, load=load)
    assert count(records, "order.changed") == 1
    assert [r.status for r in records if r.kind == "request.finished"] == [502, 200]
    # Had the first been committed, the second would meet an order of its number.
    whole = run(load=load)
    assert count(whole, "order.changed") == 1
    assert [r.status for r in whole if r.kind == "request.finished"][1] != 200


@pytest.mark.parametrize(("faults", "lost"), [([CRASH | {"at_s": 5.1}], 1), ([], 0)])
def test_a_commit_that_nobody_hears_of_is_in_the_history_and_one_after_the_end_is_in_neither(faults, lost):
    """Each commit takes 0.4 s, one begins every 0.5 s: one is under way at the crash, and one at the end."""
    adjusting = {"operation": "inventory.adjust", "arrivals": {"process": "constant", "rate_per_s": 2.0}}
    database = {"round_trip": TRIP, "statement": TRIP, "commit_s": 0.4}
    records = simulate(
        scenario_of(
            horizon_s=10.1,
            load=[{"name": "warehouse", "ask": {"delta": 3}, "timeout_s": 5.0, **adjusting}],
            faults=faults,
            catalogue={"products": 1, "stock_units": 100},
            deployment={"nodes": 1, "database": database},
            platform={"tenant_cache": {"design": "none"}, "stock": {"design": "conditional_update"}},
            verify={"invariants": ["stock_conserved"]},
        )
    )
    under_way = [r for r in records if r.kind == "db.query" and r.detail == "commit" and r.outcome == "dropped"]
    changed = sum(float(r.detail) for r in records if r.kind == "stock.changed")
    seeded, left = (sum(r.value for r in records if r.kind == kind) for kind in ("stock.seeded", "stock.left"))
    assert len(under_way) == lost
    assert left == seeded + changed


def test_what_waits_on_a_bus_in_memory_is_lost_and_what_lies_in_the_log_is_not():
    """Five posts are told of; the node that indexes dies before it has taken them up."""
    load = [ask(at_s=1.0, operation="node.create", count=5)]
    crash = CRASH | {"at_step": "outbox.marked", "occurrence": 5}
    slow = {"kind": "slow", "target": "database", "add_s": 0.0, "factor": 1.5, "at_s": 0.0}
    applied = {}
    for target in ("bus", "log"):
        wiring = {"outbox": {"relays": "every_node", "target": target}, "index": {"wiring": target}}
        records = run(crash, slow, load=load, **wiring)
        applied[target] = len({r.detail for r in records if r.kind == "index.applied" and r.outcome == "applied"})
    assert applied["log"] == 5
    assert applied["bus"] < 5


@pytest.mark.parametrize(("replicas", "flush_every", "lost"), [(1, 1, 0), (1, 10, 5), (3, 10, 0)])
def test_a_crash_of_the_brokers_loses_what_no_disk_and_no_copy_has(replicas, flush_every, lost):
    """Five entries, all of one tenant; the reader is kept away until the brokers have crashed."""
    away = {"kind": "outage", "target": "node-1->log", "at_s": 0.0, "duration_s": 1.0}
    silent = {"kind": "loss", "target": "log", "ratio": 1.0, "lost": "request", "callers": ["consumer"]}
    outage = {"kind": "outage", "target": "log", "at_s": 10.0, "duration_s": 1.0}
    records = run(
        away,
        silent | {"at_s": 0.5, "duration_s": 9.0},
        outage,
        load=[ask(at_s=2.0, operation="node.create", count=5)],
        outbox={"relays": "every_node", "target": "log"},
        index={"wiring": "log"},
        log={"replicas": replicas, "flush_every": flush_every},
    )
    assert count(records, "outbox.published", outcome="ok") == 5
    applied = {r.detail for r in records if r.kind == "index.applied" and r.outcome == "applied"}
    assert len(applied) == 5 - lost


def test_rows_claimed_in_memory_are_claimed_in_the_table_too():
    """What a dead relay had taken stays claimed for ever: the row is there, and nobody else takes it."""
    crash = CRASH | {"at_step": "outbox.taken", "occurrence": 3, "target": "here"}
    load = [ask(at_s=1.0, operation="node.create", count=3)]
    records = run(crash, load=load, nodes=2, outbox={"relays": "every_node", "target": "log"})
    left = [r for r in records if r.kind == "outbox.left"]
    assert len(left) == 3
    assert len({r.site for r in left}) == 1
