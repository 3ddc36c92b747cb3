"""What the bus, its slots and the dispatcher of a node do under load: D-17 and D-19 to D-24, D-26 and D-42."""

import pytest

BUS = {"events.transport": "memory", "index.wiring": "bus"}
"""What services send goes to the bus of the node at once, and a dispatcher listens there."""
SLOTS = {"max_queue_depth": 100, "warning_threshold": 0.7, "critical_threshold": 0.9}


@pytest.fixture
def wired(wired):
    """As everywhere, but on a single node unless told otherwise."""
    return lambda settings, **changes: wired(settings, **{"deployment.nodes": 1, **changes})


def burst(count, later=10):
    """So many changes of prices in one moment, and some more a minute later."""

    def load(name, at_s, count):
        arrivals = {"process": "burst", "at_s": at_s, "count": count}
        return {"name": name, "operation": "price.set", "arrivals": arrivals, "tenants": {"count": 2}}

    return {"load": [load("merchants", 5.0, count), load("latecomers", 80.0, later)]}


QUICK = {"deployment.database.pool_connections": 400}
"""Every request of a burst has a connection, and so do the handlers."""


def counted(run, kind, outcome):
    """How many such records there are."""
    asked = {"kind": kind, "outcome": outcome}
    return run.sql("select count(*) from events where kind = $kind and outcome = $outcome", asked).item()


@pytest.mark.parametrize(("spawning", "lost"), [("as_built", False), ("inline", True)])
def test_a_burst_fills_the_memory_or_overruns_the_ring(wired, spawning, lost):
    """D-22: a task for each event, however many; before 2026-02-14 the loop waited, and the ring lost them (D-19)."""
    run = wired({**BUS, "dispatcher.spawning": spawning}, **burst(300), **QUICK)
    assert (counted(run, "index.applied", "applied") < counted(run, "event.sent", "ok")) is lost


def test_slots_of_what_was_overwritten_are_never_given_back(wired):
    """D-20: a second burst a minute later finds no more slots than the first one's lost events have left of ninety."""
    slots = {"bus.backpressure": SLOTS, "dispatcher.spawning": "inline"}

    def accepted_and_read(capacity):
        run = wired({**BUS, **slots, "bus.capacity": capacity}, **burst(300, 300), **QUICK)
        halves = """
            select at_s > 80 as late, count(*) filter (kind = 'event.sent' and outcome = 'ok'),
                count(*) filter (kind = 'index.applied')
            from events group by all order by late"""
        return [numbers for _, *numbers in run.sql(halves).iter_rows()]

    (accepted, read), (accepted_later, read_later) = accepted_and_read(4)
    assert accepted_later <= 90 - (accepted - read) + read_later
    assert accepted_later < accepted / 2
    (accepted, read), (accepted_later, _) = accepted_and_read(1_024)
    assert accepted == read
    assert accepted_later > 0.8 * accepted


@pytest.mark.parametrize(("release", "answered"), [("as_built", 0), ("floored", 10)])
def test_two_dispatchers_lock_the_bus_for_ever(wired, release, answered):
    """D-21: each gives the slot of an event back; below zero the count wraps to the largest number there is."""
    two = {"bus.backpressure": {**SLOTS, "release": release}, "bus.dispatchers": 2}
    run = wired({**BUS, **two}, **burst(5), **QUICK)
    assert run.metrics["requests"]["latecomers"]["by_status"].get("200", 0) == answered


@pytest.mark.parametrize(("retries", "dropped"), [(0, True), (20, False)])
def test_what_fails_once_is_dropped_by_the_dispatcher(wired, retries, dropped):
    """D-24: errors of the database for half a minute; without another attempt the event is gone."""
    errors = [{"kind": "errors", "target": "database", "at_s": 10.0, "duration_s": 30.0, "ratio": 0.05}]
    to_bus = {"outbox.relays": "every_node", "outbox.target": "bus", "index.wiring": "bus"}
    kept = {"outbox.relay.lease_s": 10.0, "outbox.relay.row_errors": "isolated", "dispatcher.retry_count": retries}
    run = wired({**to_bus, **kept}, faults=errors)
    assert counted(run, "index.applied", "failed") > 0
    assert (run.metrics["index"]["applied"] < run.metrics["outbox"]["dispatched"]) is dropped
    if not dropped:
        assert run.metrics["index"]["wrong_at_end"] == 0


@pytest.mark.parametrize(("held", "quicker"), [("held", False), ("given_back", True)])
def test_failing_handlers_keep_their_permits_while_they_wait(wired, held, quicker):
    """D-23: a third of the handlers fails and waits twenty seconds; as built ten of them stop all the others."""
    errors = [{"kind": "errors", "target": "database", "at_s": 5.0, "duration_s": 60.0, "ratio": 0.05}]
    to_bus = {"outbox.relays": "every_node", "outbox.target": "bus", "index.wiring": "bus"}
    kept = {"outbox.relay.lease_s": 5.0, "outbox.relay.row_errors": "isolated", "dispatcher.retry_count": 100}
    slow = {"dispatcher.retry_delay_s": 20.0, "dispatcher.retry_permit": held}
    run = wired({**to_bus, **kept, **slow}, faults=errors)
    assert (run.metrics["index"]["lag_s"]["p50"] < 5.0) is quicker


@pytest.mark.parametrize(("writes", "silent"), [("as_built", True), ("serviced", False)])
def test_a_crash_after_the_commit_takes_the_event_with_it(wired, writes, silent):
    """D-17: the variant has its new stock, and nothing ever says so; within the transaction both are there or none."""
    crashes = [{"kind": "crash", "target": "node-1", "at_s": 10.0 + 4.03 * n, "restart_s": 0.1} for n in range(12)]
    arrivals = {"process": "poisson", "rate_per_s": 40}
    load = [{"name": "merchants", "operation": "variant.update", "arrivals": arrivals, "tenants": {"count": 2}}]
    settings = {"catalogue.variant_writes": writes, "stock.design": "row_lock", "outbox.relays": "every_node"}
    run = wired({**settings, "outbox.target": "log", "index.wiring": "log"}, faults=crashes, load=load, horizon_s=60)
    unheard = """
        select count(*) from events changed where changed.kind = 'stock.changed' and not exists (
            from events told where told.kind = 'event.recorded' and told.correlation = changed.correlation)"""
    assert (run.sql(unheard).item() > 0) is silent


def test_relays_and_requests_wait_for_the_same_connections(wired):
    """D-42: with a single connection and a relay that polls without a pause, readers wait for the relay."""

    def p99_s(pool):
        relay = {"outbox.relays": "every_node", "outbox.target": "log", "outbox.relay.interval_s": 0}
        small = {"deployment.database.pool_connections": 1, "load.0.arrivals.points": [[1, 3], [60, 3], [61, 0]]}
        run = wired({**relay, "outbox.pool": pool}, **small, **{"load.1.arrivals.rate_per_s": 5})
        return run.metrics["requests"]["buyers"]["latency_s"]["p50"]

    assert p99_s("shared") > 2 * p99_s("own")


@pytest.mark.parametrize(("wake", "soon"), [("poll", False), ("notify", True)])
def test_an_event_that_was_forwarded_wakes_the_relay_like_any_other(wired, wake, soon):
    """Ten changes of variants a second, sent after the commit: their rows come from the forwarder."""
    arrivals = {"process": "poisson", "rate_per_s": 10}
    load = [{"name": "merchants", "operation": "variant.update", "arrivals": arrivals, "tenants": {"count": 2}}]
    relay = {"outbox.relays": "every_node", "outbox.target": "log", "outbox.relay.interval_s": 10.0}
    run = wired({**relay, "outbox.relay.wake": wake}, load=load, horizon_s=40)
    assert (run.metrics["outbox"]["age_s"]["p50"] < 1.0) is soon
