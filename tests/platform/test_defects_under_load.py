"""T1 to T5 again, now as scenarios: with load, wires and clients who give up. All latencies are constant but in T3."""

import pytest

from rustok_sim.testing import scenario_of, simulate

QUERY_S = 0.1


def burst(count, *, name="crowd", at_s=1.0, **more):
    """Requests that all come at one moment."""
    arrivals = {"process": "burst", "at_s": at_s, "count": count}
    return {"name": name, "operation": "tenant.resolve", "arrivals": arrivals, "tenants": {"count": 1}} | more


def constant(value_s):
    """A distribution of one value."""
    return {"dist": "constant", "value_s": value_s}


def run(design, load, *, redis=None, statement_s=QUERY_S, horizon_s=100.0, faults=(), **cache):
    """The records of one run; the back ends are in memory unless a Redis latency is given."""
    tenant_cache = {"design": design, "backend": "memory" if redis is None else "redis"} | cache
    database = {"round_trip": constant(0.0), "statement": constant(statement_s), "pool_connections": 100}
    scenario = scenario_of(
        horizon_s=horizon_s,
        load=load,
        faults=list(faults),
        platform={"tenant_cache": tenant_cache},
        deployment={"redis": {"round_trip": redis or constant(0.0)}, "database": database},
    )
    return simulate(scenario)


def of(records, kind):
    """The records of one kind."""
    return [record for record in records if record.kind == kind]


def answers(records):
    """When each request was answered, with what status."""
    return [(round(record.at_s, 6), record.status) for record in of(records, "request.finished")]


def loads(records):
    """How the loads ended, in order."""
    return [record.outcome for record in of(records, "cache.load")]


ADVISED = pytest.mark.parametrize("design", ["moka", "moka_breaker"])
UNKNOWN = {"count": 0, "unknown": 1}


def test_t1_last_of_20_waits_20_queries():
    """One unknown name, 20 requests at 1 s: the k-th is told 404 at 1 + k x 0.1 s, after k loads."""
    records = run("v1_as_wired", [burst(20, tenants=UNKNOWN)])
    assert answers(records) == [(round(1.0 + k * QUERY_S, 6), 404) for k in range(1, 21)]
    assert loads(records) == ["absent"] * 20


@ADVISED
def test_t1_is_absent(design):
    """All 20 know at 1.1 s, after one load."""
    records = run(design, [burst(20, tenants=UNKNOWN)])
    assert answers(records) == [(1.1, 404)] * 20
    assert loads(records) == ["absent"]


ERRORS = {"kind": "errors", "target": "database", "at_s": 0.5, "duration_s": 50.0, "ratio": 1.0}


def test_t2_last_of_20_waits_for_20_errors():
    """Every statement ends in an error: the k-th request fails at 1 + k x 0.1 s."""
    records = run("v1_as_wired", [burst(20)], faults=[ERRORS])
    assert answers(records) == [(round(1.0 + k * QUERY_S, 6), 500) for k in range(1, 21)]
    assert loads(records) == ["error"] * 20


@ADVISED
def test_t2_is_absent(design):
    """All 20 fail at 1.1 s, after one load."""
    records = run(design, [burst(20)], faults=[ERRORS])
    assert answers(records) == [(1.1, 500)] * 20
    assert loads(records) == ["error"]


JITTER = {"dist": "uniform", "low_s": 0.001, "high_s": 0.003}


def test_t3_a_crowd_loads_twice():
    """Some of 50 woken waiters overtake the leader's store, which is done before the second load of 0.1 s ends."""
    records = run("v1_as_wired", [burst(50)], redis=JITTER, count_in_redis=False)
    assert loads(records) == ["found"] * 2
    assert len(answers(records)) == 50


@ADVISED
def test_t3_is_absent(design):
    """One load for all 50."""
    assert loads(run(design, [burst(50)], redis=JITTER)) == ["found"]


def test_t4_slow_counters_hang_the_crowd():
    """Counting takes 3 x 10 ms and the load 20 ms: 9 of 10 register too late, and still wait at the horizon.

    The leader: two look-ups, each followed by a count, 4 round trips each; the load; the store.
    """
    records = run("v1_as_wired", [burst(10)], redis=constant(0.01), statement_s=0.02)
    assert answers(records) == [(round(1.0 + 8 * 0.01 + 0.02 + 0.01, 6), 200)]
    assert len(of(records, "request.in_flight")) == 9


def test_t4_quick_counters_spare_the_crowd():
    """Counting takes 3 x 1 ms, well below the load: all 10 wait in time."""
    records = run("v1_as_wired", [burst(10)], redis=constant(0.001), statement_s=0.02)
    assert len(answers(records)) == 10


@ADVISED
def test_t4_is_absent(design):
    """Nothing is counted in Redis: all 10 are answered after the one load."""
    records = run(design, [burst(10)], redis=constant(0.01), statement_s=0.02)
    assert answers(records) == [(1.02, 200)] * 10


IMPATIENT = burst(1, name="impatient", timeout_s=0.05)
LATER = {
    "name": "later",
    "operation": "tenant.resolve",
    "arrivals": {"process": "constant", "rate_per_s": 1.0, "start_s": 10.0, "stop_s": 30.0},
    "tenants": {"count": 1},
}


def test_t5_one_impatient_client_blocks_its_tenant():
    """Its client leaves after half the load. All who come later, ten seconds and more, wait at the horizon."""
    records = run("v1_as_wired", [IMPATIENT, LATER])
    assert answers(records) == [(1.05, 499)]
    assert len(of(records, "request.in_flight")) >= 19
    assert loads(records) == ["dropped"]


def test_t5_lasts_until_the_node_restarts():
    """A crash at 20.5 s loses the entry left behind, with everybody who waits for it; then all are served."""
    crash = {"kind": "crash", "target": "node-1", "at_s": 20.5, "restart_s": 0.2}
    records = run("v1_as_wired", [IMPATIENT, LATER], faults=[crash])
    statuses = [status for _, status in answers(records)]
    assert statuses[0] == 499
    assert set(statuses[1:11]) == {502}
    assert set(statuses[11:]) == {200}


@ADVISED
def test_t5_is_absent(design):
    """The next request leads anew."""
    records = run(design, [IMPATIENT, LATER])
    assert [status for _, status in answers(records)][1:] == [200] * (len(answers(records)) - 1)
    assert of(records, "request.in_flight") == []
    assert loads(records) == ["dropped", "found"]


def test_server_side_timeout_makes_t5_worse():
    """With a request timeout below the load every request of the key is answered 408, for ever, after a single load.

    The first one leads and is dropped at its timeout; all others wait for it in vain.
    """
    scenario = scenario_of(
        load=[LATER],
        platform={"tenant_cache": {"design": "v1_as_wired", "backend": "memory"}, "request_timeout_s": 0.05},
        deployment={"database": {"round_trip": constant(0.0), "statement": constant(QUERY_S)}},
    )
    records = simulate(scenario)
    assert {status for _, status in answers(records)} == {408}
    assert loads(records) == ["dropped"]
    assert {record.detail for record in of(records, "request.finished")} == {"request_timeout"}
