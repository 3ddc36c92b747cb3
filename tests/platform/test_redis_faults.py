"""What Redis' troubles do to requests of RusToK's tenant middleware: D-28 to D-30, and the price of a hit.

A Redis round trip takes 1 ms, all else no time. Redis is down from 100 to 110 s, unless a test says otherwise.
"""

import pytest

from rustok_sim.testing import scenario_of, simulate

ROUND_TRIP_S = 0.001
DOWN = {"kind": "outage", "target": "redis", "at_s": 100.0, "duration_s": 10.0}


def constant(value_s):
    """A distribution of one value."""
    return {"dist": "constant", "value_s": value_s}


def steady(rate_per_s=10.0, *, name="steady", operation="tenant.resolve", start_s=50.0, **more):
    """Requests at equal distances, off the round seconds at which faults strike."""
    arrivals = {"process": "constant", "rate_per_s": rate_per_s, "start_s": start_s + 0.03}
    return {"name": name, "operation": operation, "arrivals": arrivals, "tenants": {"count": 1}} | more


def run(design="v1_as_wired", load=None, *, faults=(DOWN,), horizon_s=300.0, nodes=1, redis_s=ROUND_TRIP_S, **cache):
    """The records of one run."""
    scenario = scenario_of(
        horizon_s=horizon_s,
        load=load or [steady()],
        faults=list(faults),
        platform={"tenant_cache": {"design": design} | cache},
        deployment={
            "nodes": nodes,
            "redis": {"round_trip": constant(redis_s)},
            "database": {"round_trip": constant(0.0), "statement": constant(0.0)},
        },
    )
    return simulate(scenario)


def of(records, kind, **columns):
    """The records of one kind with these values."""
    found = [record for record in records if record.kind == kind]
    return [record for record in found if all(getattr(record, name) == value for name, value in columns.items())]


def times(records, status):
    """When requests came that were answered so."""
    return [record.begin_s for record in of(records, "request.finished", status=status)]


def latencies(records, after_s):
    """How long requests took that came after this, in ms, each value once."""
    finished = [record for record in of(records, "request.finished") if record.begin_s > after_s]
    return sorted({round(1e3 * (record.at_s - record.begin_s), 6) for record in finished})


class TestPriceOfAHit:
    """Round trips to Redis, all awaited one after the other."""

    def test_is_eight_round_trips(self):
        """Two look-ups, and for each a counter: two round trips to connect and one to increment."""
        records = run(faults=(), horizon_s=60.0)
        assert latencies(records, 51.0) == [8.0]
        last = of(records, "request.finished")[-1].correlation
        commands = [record.detail for record in of(records, "redis.command", correlation=last)]
        assert commands == ["GET", "CONNECT", "INCR", "GET", "CONNECT", "INCR"]

    def test_is_two_without_counters(self):
        """The look-ups alone."""
        assert latencies(run(faults=(), horizon_s=60.0, count_in_redis=False), 51.0) == [2.0]

    @pytest.mark.parametrize("design", ["v1_as_wired", "naive", "moka"])
    def test_is_nothing_in_memory(self, design):
        """No wire is crossed."""
        assert latencies(run(design, faults=(), horizon_s=60.0, backend="memory"), 51.0) == [0.0]

    def test_is_one_when_one_entry_says_all(self):
        """The naive design looks once."""
        assert latencies(run("naive", faults=(), horizon_s=60.0), 51.0) == [1.0]

    def test_grows_with_the_latency_and_no_breaker_minds(self):
        """0.1 s more on each of eight round trips, all below the response timeout: nothing fails."""
        slow = {"kind": "slow", "target": "redis", "at_s": 40.0, "duration_s": 100.0, "add_s": 0.1}
        records = run(faults=[slow], horizon_s=60.0)
        assert latencies(records, 52.0) == [808.0]
        assert of(records, "breaker.changed") == []
        assert times(records, 500) == []


@pytest.mark.parametrize(("backend", "loads"), [("redis", 1), ("memory", 3)])
def test_nodes_share_redis_and_have_their_own_memory(backend, loads):
    """Three nodes, one tenant: one load for all, or one for each."""
    records = run(faults=(), horizon_s=60.0, nodes=3, backend=backend)
    assert len(of(records, "cache.load")) == loads


class TestOutage:
    """D-28: no fall-back, so while Redis is gone every request is a 500, and for up to a minute after."""

    def test_every_request_fails_until_the_breaker_probes(self):
        """The first is lost at once; those who come in the next 6.3 to 6.9 s wait for the rebuild and fail with it.

        That opens the negative cache's breaker, for 60 s from then, though Redis is back at 110 s.
        """
        records = run()
        failed = times(records, 500)
        assert min(failed) == pytest.approx(100.03)
        opened = of(records, "breaker.changed", outcome="open")
        assert [record.site for record in opened] == ["tenant_negative"]
        assert 106.3 < opened[0].at_s < 107.0
        assert opened[0].at_s + 60.0 - 0.1 < max(failed) < opened[0].at_s + 60.0 + 0.2
        assert all(at_s < 100.0 or at_s > max(failed) for at_s in times(records, 200))

    def test_breaker_opens_on_the_fifth_failure_in_a_row(self):
        """Five failed calls were recorded up to the opening: RusToK's threshold."""
        records = run()
        failures = of(records, "breaker.call", site="tenant_negative", outcome="failure")
        opened = of(records, "breaker.changed", outcome="open")[0]
        assert records.index(failures[4]) == records.index(opened) - 1

    def test_open_breaker_answers_at_once(self):
        """Between 120 and 160 s nothing is sent and nobody waits."""
        records = run()
        between = [record for record in of(records, "request.finished") if 120.0 < record.begin_s < 160.0]
        assert {(record.status, record.at_s - record.begin_s) for record in between} == {(500, 0.0)}
        assert {record.detail for record in between} == {"cache_circuit_open"}

    def test_second_breaker_prolongs_the_recovery(self):
        """D-29: five requests were reading the positive cache when Redis went, so its breaker opened too.

        At its probe, after the negative cache's 60 s, it meets a rebuild that failed long ago: another 60 s of 500s.
        """
        # Sent at 99.9955 s, five requests read the positive cache from 99.9995 to 100.0005 s.
        crowd = {"process": "burst", "at_s": 99.9955, "count": 5}
        load = [steady(), {"name": "crowd", "operation": "tenant.resolve", "arrivals": crowd, "tenants": {"count": 1}}]
        records = run(load=load)
        opened = [(record.site, round(record.at_s)) for record in of(records, "breaker.changed", outcome="open")]
        assert opened == [("tenant_data", 100), ("tenant_negative", 107), ("tenant_data", 167)]
        assert 226.0 < max(times(records, 500)) < 227.5
        assert 166.0 < max(times(run(), 500)) < 167.5

    def test_liveness_fails_with_it(self):
        """D-30: the probe stands behind the tenant middleware; with moka it does not notice."""
        probe = [steady(1.0, operation="health.live")]
        assert len(times(run(load=probe), 500)) > 60
        assert times(run("moka", load=probe), 500) == []

    @pytest.mark.parametrize("design", ["none", "moka", "moka_breaker"])
    def test_designs_without_redis_do_not_notice(self, design):
        """Every request is answered."""
        records = run(design)
        assert {record.status for record in of(records, "request.finished")} == {200}

    def test_cache_error_as_a_miss_keeps_the_answers_and_not_the_speed(self):
        """With on_cache_error = "load" nobody fails, but who meets a rebuild waits for it: 6.3 to 6.9 s, or to the end.

        The waits do not add up beyond the outage: back at 110 s, the last attempt is due at most 3.3 s later.
        """
        records = run(on_cache_error="load")
        assert {record.status for record in of(records, "request.finished")} == {200}
        assert 6.3 < max(record.at_s - record.begin_s for record in of(records, "request.finished")) < 13.4

    def test_hang_is_felt_as_half_seconds_until_the_breaker_opens(self):
        """Five commands in a row get no answer within 0.5 s; the session lives, so the first probe succeeds."""
        hang = {"kind": "hang", "target": "redis", "at_s": 100.0, "duration_s": 10.0}
        records = run(load=[steady(1.0)], faults=[hang])
        opened = of(records, "breaker.changed", outcome="open")
        assert [(record.site, round(record.at_s, 3)) for record in opened] == [("tenant_negative", 104.53)]
        assert max(times(records, 500)) == pytest.approx(164.03)
        assert len(of(records, "redis.reconnected")) == 0


DOWN_AT_BOOT = {"kind": "outage", "target": "redis", "at_s": 0.0, "duration_s": 100.0}


class TestBootDuringAnOutage:
    """Redis is down when the platform boots, and comes back at 100 s."""

    def test_back_ends_live_in_memory_until_restart(self):
        """Nobody fails, and no entry is looked for in Redis even when it is back; only the counters go there."""
        records = run(faults=[DOWN_AT_BOOT], nodes=2)
        assert {record.status for record in of(records, "request.finished")} == {200}
        assert {record.site for record in of(records, "redis.command")} == {"counters"}
        assert {record.outcome for record in of(records, "redis.command") if record.at_s < 100.0} == {"refused"}

    def test_restart_brings_them_to_redis(self):
        """A crash after 100 s makes the node look in Redis."""
        crash = {"kind": "crash", "target": "node-1", "at_s": 120.0, "restart_s": 1.0}
        records = run(faults=[DOWN_AT_BOOT, crash])
        assert {record.site for record in of(records, "redis.command") if record.at_s > 121.0} == {
            "channel",
            "counters",
            "data",
            "negative",
        }


def test_listener_does_not_survive_a_blip():
    """D-36: an update is heard by both nodes' listeners before an outage of 0.1 s, and by none after it."""
    updates = [
        steady(0.1, name=name, operation="tenant.update", start_s=start_s)
        | {"arrivals": {"process": "burst", "at_s": start_s, "count": 1}}
        for name, start_s in (("before", 60.0), ("after", 200.0))
    ]
    blip = {"kind": "outage", "target": "redis", "at_s": 100.0, "duration_s": 0.1}
    records = run(load=[steady(), *updates], faults=[blip], nodes=2, invalidation="one_key")
    heard = [record for record in of(records, "cache.invalidated") if record.correlation < 1_000_000_000]
    assert [record.node for record in heard if record.at_s < 100.0].count("node-1") == 2
    assert [record.node for record in heard if record.at_s < 100.0].count("node-2") == 2
    assert [record for record in heard if record.at_s > 100.0] == []
    assert len([record for record in of(records, "tenant.updated") if record.at_s > 100.0]) == 1


def test_flushed_redis_is_filled_again():
    """All nodes miss once, and one load answers them."""
    flush = {"kind": "flush", "target": "redis", "at_s": 100.0}
    records = run(faults=[flush], horizon_s=110.0)
    assert len(of(records, "cache.load")) == 2


def test_open_loader_breaker_turns_requests_away():
    """moka_breaker on a database that errs: five 500s, then 503, which counts as rejected and not as failed."""
    errors = {"kind": "errors", "target": "database", "at_s": 0.0, "duration_s": 100.0, "ratio": 1.0}
    records = run("moka_breaker", faults=[errors], horizon_s=60.0)
    finished = [(record.status, record.outcome) for record in of(records, "request.finished")]
    assert finished[:6] == [(500, "failed")] * 5 + [(503, "rejected")]
    assert set(finished[5:]) == {(503, "rejected")}
