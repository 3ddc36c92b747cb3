"""Metrics of database, caches and breakers, against counts by hand."""

import pytest

from rustok_sim.verify import Facts, measure

FACTS = Facts(horizon_s=100.0, warmup_s=20.0)


@pytest.fixture
def section(log, opened):
    """Measures one section of the log."""

    def measured(name, facts=FACTS):
        with opened() as connection:
            return measure(connection, facts).get(name)

    return measured


def statement(log, begin_s, wait_s, at_s, outcome="ok"):
    """A statement of a request."""
    log(at_s, "db.query", site="database", begin_s=begin_s, wait_s=wait_s, outcome=outcome)


def test_statements_that_got_a_connection_are_queries(log, section):
    """Two answered, one broken, one dropped at work; one dropped in the queue and one without connection are none."""
    statement(log, 19.0, 0.0, 20.0)
    statement(log, 20.0, 0.0, 21.0)
    statement(log, 20.0, 1.0, 22.0)
    statement(log, 20.0, 0.0, 22.0, "error")
    statement(log, 20.0, 1.0, 22.0, "dropped")
    statement(log, 20.0, 2.0, 22.0, "dropped")
    statement(log, 20.0, 30.0, 50.0, "no_connection")
    found = section("database")
    assert (found["queries"], found["transactions"], found["aborts"]) == (4, 0, 0)


def test_the_wait_for_a_connection_is_that_of_all_who_asked(log, section):
    """Waits of 0, 1, 2 and 5 s: mean 2; p99 lies at 0.97 of the way from 2 to 5."""
    for wait_s, outcome in ((0.0, "ok"), (1.0, "ok"), (2.0, "dropped"), (5.0, "no_connection")):
        statement(log, 30.0, wait_s, 35.0, outcome)
    assert section("database")["pool_wait_s"] == pytest.approx({"mean": 2.0, "p99": 4.91})


def test_a_database_nobody_asked_has_zeros(section):
    """So that a bound on queries holds when there was none."""
    nothing = {"queries": 0, "transactions": 0, "aborts": 0, "pool_wait_s": {"mean": None, "p99": None}}
    assert section("database") == nothing


def test_without_a_platform_there_are_only_requests_and_stations(log, opened):
    """A scenario of routes alone has neither database nor caches nor breakers."""
    log(30.0, "cache.hit", site="tenant")
    with opened() as connection:
        assert list(measure(connection, Facts(horizon_s=100.0, platform=False))) == ["requests"]


def test_cache_records_are_counted_by_cache(log, section):
    """One of each kind in the window, two misses; look-ups: 1 hit, 1 negative hit, 2 misses, so half are answered."""
    log(19.0, "cache.hit", site="tenant")
    for kind in ("hit", "miss", "miss", "negative_hit", "load", "coalesced", "evicted", "invalidated"):
        log(30.0, f"cache.{kind}", site="tenant")
    log(30.0, "cache.miss", site="other")
    counts = {"hits": 1, "misses": 2, "negative_hits": 1, "loads": 1, "coalesced": 1, "evictions": 1}
    assert section("cache")["tenant"] == counts | {"stale_served": 0, "hit_ratio": 0.5}
    assert section("cache")["other"]["hit_ratio"] == 0.0


def test_a_cache_nobody_asked_has_zeros(section):
    """If the scenario has one; else there is no section."""
    assert section("cache", Facts(horizon_s=100.0, caches=["tenant"]))["tenant"]["hit_ratio"] is None
    assert section("cache") is None


def test_a_hit_is_stale_if_a_newer_version_was_written_before_it(log, section):
    """Of five hits on acme, those of version 1 after the write of 2, and of 2 after that of 3, are stale."""

    def hit(at_s, version, key="slug:acme"):
        log(at_s, "cache.hit", site="tenant", tenant="whoever", value=version, detail=f"tenant:v1:{key}")

    def written(at_s, version, tenant):
        log(at_s, "tenant.updated", tenant=tenant, value=version)

    hit(21.0, 1)
    written(22.0, 2, "acme")
    hit(22.0, 1)
    hit(23.0, 2)
    written(24.0, 9, "globex")
    hit(25.0, 2)
    written(26.0, 3, "acme")
    hit(27.0, 2, "host:acme.example")
    found = section("cache")["tenant"]
    assert (found["hits"], found["stale_served"]) == (5, 2)


def test_an_id_is_that_of_the_default_tenant(log, section):
    """The liveness probe asks by id, whatever tenant its class would ask for."""
    log(10.0, "tenant.updated", tenant="acme", value=2)
    log(30.0, "cache.hit", site="tenant", tenant="acme", value=1, detail="tenant:v1:uuid:0000-1")
    log(40.0, "tenant.updated", tenant="default", value=2)
    log(50.0, "cache.hit", site="tenant", tenant="acme", value=1, detail="tenant:v1:uuid:0000-1")
    assert section("cache")["tenant"]["stale_served"] == 1


def test_staleness_needs_the_record_of_updates(log, section):
    """Without them the other counts are there, and nothing is known to be stale."""
    log(30.0, "cache.hit", site="tenant", value=1, detail="tenant:v1:slug:acme")
    kinds = FACTS.kinds - {"tenant.updated"}
    assert section("cache", Facts(horizon_s=100.0, kinds=kinds))["tenant"]["hits"] == 1


def turned(log, at_s, state, before, node="node-1"):
    """A change of the breaker *redis*."""
    log(at_s, "breaker.changed", site="redis", node=node, outcome=state, detail=before)


def test_time_in_open_is_summed_over_the_nodes_and_cut_to_the_window(log, section):
    """node-1 open 10-30 and 40-45: 10 + 5 s of it after 20; node-2 open from 90 to the horizon 100: 10 s."""
    turned(log, 10.0, "open", "closed")
    turned(log, 30.0, "half_open", "open")
    turned(log, 40.0, "open", "half_open")
    turned(log, 45.0, "closed", "open")
    turned(log, 90.0, "open", "closed", node="node-2")
    redis = section("breaker")["redis"]
    assert (redis["opened"], redis["open_s"]) == (2, pytest.approx(25.0))
    assert redis["by_node"]["node-1"]["open_s"] == pytest.approx(15.0)
    assert redis["by_node"]["node-2"] == {"calls": 0, "rejected": 0, "opened": 1, "open_s": 10.0, "state": "open"}


@pytest.mark.parametrize(
    ("states", "worst"), [("closed half_open", "half_open"), ("open half_open", "open"), ("", "closed")]
)
def test_the_state_is_the_worst_over_the_nodes(log, section, states, worst):
    """Open is worse than half-open, and half-open than closed."""
    for i, state in enumerate(states.split()):
        turned(log, 50.0, state, "closed", node=f"node-{i}")
    assert section("breaker", Facts(horizon_s=100.0, breakers=["redis"]))["redis"]["state"] == worst


def test_a_crash_closes_the_breakers_of_its_node(log, section):
    """Open from 30, crashed at 50: 20 s, and a new breaker after it. The breaker of the other node stays open."""
    turned(log, 30.0, "open", "closed")
    turned(log, 30.0, "open", "closed", node="node-2")
    log(50.0, "node.crashed", node="node-1")
    by_node = section("breaker")["redis"]["by_node"]
    assert (by_node["node-1"]["open_s"], by_node["node-1"]["state"]) == (20.0, "closed")
    assert (by_node["node-2"]["open_s"], by_node["node-2"]["state"]) == (70.0, "open")


def test_calls_count_by_their_begin_and_refusals_when_they_come(log, section):
    """A call begun at 19 s is out, though it ended at 21."""
    log(21.0, "breaker.call", site="redis", node="node-1", outcome="success", begin_s=19.0)
    log(21.0, "breaker.call", site="redis", node="node-1", outcome="failure", begin_s=20.0)
    log(19.0, "breaker.rejected", site="redis", node="node-1")
    log(22.0, "breaker.rejected", site="redis", node="node-2")
    redis = section("breaker")["redis"]
    assert (redis["calls"], redis["rejected"]) == (1, 1)
    assert {node: row["rejected"] for node, row in redis["by_node"].items()} == {"node-1": 0, "node-2": 1}


def test_without_breakers_there_is_no_section(log, section):
    """Nor with records of changes alone."""
    assert section("breaker") is None
    turned(log, 30.0, "open", "closed")
    assert section("breaker", Facts(horizon_s=100.0, kinds=frozenset({"breaker.changed"}))) is None
