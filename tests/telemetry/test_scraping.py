"""What a scrape finds agrees with the run's own metrics, and with what monitoring can know."""

import numpy as np
import polars as pl
import pytest

import rustok_sim as rs
from rustok_sim.telemetry import FAMILIES, instant, open_metrics, scrape
from rustok_sim.telemetry.families import NOT_FED, Family
from rustok_sim.telemetry.scrape import series_of

EVER = {}


def end(samples, expression):
    """The value at the last scrape."""
    (found,) = instant(samples, expression, samples.horizon_s)
    return found.value


def family(kind, **more):
    """One to be sampled."""
    return Family(name="m", help="", kind=kind, observed="", **more)


def observed(*rows):
    """Observations of one node: when, and how much."""
    return pl.DataFrame(
        [(at_s, "node-1", value) for at_s, value in rows], schema=["at_s", "instance", "value"], orient="row"
    )


def sampled(kind, rows, lives=EVER, **more):
    """The values at 0, 15, 30, 45 s."""
    times_s = np.arange(4) * 15.0
    return {
        (one.labels["__name__"], one.labels.get("le")): dict(
            zip(one.times_s.tolist(), one.values.tolist(), strict=True)
        )
        for one in series_of(family(kind, **more), observed(*rows), times_s, lives)
    }


def test_counters_add_up_gauges_stand_levels_go_up_and_down():
    """Each begins with its first observation."""
    rows = [(1.0, 2.0), (16.0, -1.0), (17.0, 5.0)]
    assert sampled("gauge", rows) == {("m", None): {15.0: 2.0, 30.0: 5.0, 45.0: 5.0}}
    assert sampled("level", rows) == {("m", None): {15.0: 2.0, 30.0: 6.0, 45.0: 6.0}}
    assert sampled("counter", [(1.0, 1.0), (16.0, 1.0)]) == {("m", None): {15.0: 1.0, 30.0: 2.0, 45.0: 2.0}}


def test_a_histogram_counts_what_is_at_most_the_bound():
    """Cumulative buckets, the last of them infinity; sum and count beside them."""
    found = sampled("histogram", [(1.0, 0.1), (2.0, 0.3), (3.0, 7.0)], buckets=(0.1, 0.5))
    assert {key: values[45.0] for key, values in found.items()} == {
        ("m_bucket", "0.1"): 1.0,
        ("m_bucket", "0.5"): 2.0,
        ("m_bucket", "+Inf"): 3.0,
        ("m_sum", None): pytest.approx(7.4),
        ("m_count", None): 3.0,
    }


def test_a_crash_sets_counters_to_zero_and_its_scrapes_fail():
    """Down from 20 to 40 s: no sample at 30, and at 45 what was counted since it is up again."""
    (values,) = sampled(
        "counter", [(1.0, 1.0), (41.0, 1.0), (42.0, 1.0)], {"node-1": [(0.0, 20.0), (40.0, 60.0)]}
    ).values()
    assert values[15.0] == 1.0
    assert np.isnan(values[30.0])
    assert values[45.0] == 2.0


def test_the_counters_of_a_run_are_its_metrics(redis_outage):
    """Requests by status, calls of breakers, hits of the cache; what was before the warm-up is scraped, too."""
    samples = scrape(redis_outage)
    asked = "select count(*) from events where kind = 'request.finished' and node is not null and at_s <= 600"
    assert end(samples, "sum(rustok_http_requests_total)") == redis_outage.sql(asked).item()
    for status, count in redis_outage.sql(
        "select status, count(*) from events where kind = 'request.finished' and node is not null group by status"
    ).iter_rows():
        assert end(samples, f'sum(rustok_http_requests_total{{status="{status}"}})') == count
    rejected = sum(one["rejected"] for one in redis_outage.metrics["breaker"].values())
    assert end(samples, 'sum(rustok_circuit_breaker_calls_total{result="rejected"})') == rejected
    hits = "select count(*) from events where kind = 'cache.hit'"
    assert end(samples, "sum(rustok_tenant_cache_hits)") == redis_outage.sql(hits).item()


def test_no_pool_is_ever_more_than_empty_or_full(redis_outage, stranded):
    """Taken and free places add up to the pool's size, at every scrape and on every node that is up."""
    for run in (redis_outage, stranded):
        samples = scrape(run)
        size = run.record["settings"]["deployment"]["database"]["pool_connections"]
        free = [one.values for one in samples.named("rustok_database_connections") if one.labels["state"] == "idle"]
        assert free
        for values in free:
            known = values[~np.isnan(values)]
            assert 0 <= known.min() <= known.max() <= size


def test_the_outbox_s_metrics_end_where_the_audit_of_the_table_does(stranded):
    """Rows that are neither sent nor dead; and of those, the claimed."""
    samples, outbox = scrape(stranded), stranded.metrics["outbox"]
    assert outbox["stranded"] > 0
    assert end(samples, "rustok_outbox_pending_rows") == outbox["stranded"] + outbox["pending"]
    left = "select count(*) from events where kind = 'outbox.left' and outcome = 'pending' and site is not null"
    assert end(samples, "rustok_outbox_claimed_rows") == stranded.sql(left).item()
    oldest = """
        select min(begin_s) from events where kind = 'outbox.left' and outcome = 'pending' and site is not null"""
    assert end(samples, "rustok_outbox_oldest_claim_seconds") == pytest.approx(stranded.sql(oldest).item(), abs=0.1)


@pytest.mark.parametrize(
    ("recording", "path", "names"),
    [
        ("as_built", "as_built", []),
        ("all", "as_built", []),
        ("as_built", "served", ["hits", "misses", "negative_misses"]),
    ],
)
def test_as_built_next_to_nothing_is_there_to_scrape(root, tmp_path, recording, path, names):
    """D-41: no crate records anything, and Prometheus asks elsewhere. Of the cache's own, these three have moved."""
    settings = {"platform.telemetry.recording": recording, "platform.telemetry.scraped_path": path, "horizon_s": 120}
    run = rs.run(root / "scenarios" / "unknown_tenant_bots.toml", set=settings, data=tmp_path)
    assert scrape(run).names == [f"rustok_tenant_cache_{name}" for name in names]
    assert len(scrape(run, as_recorded=False).names) > len(FAMILIES) / 3


def test_every_name_of_rustok_s_is_fed_or_said_not_to_be():
    """The families of the facts' section 12, by their full names."""
    names = {one.name for one in FAMILIES if not one.proposed} | set(NOT_FED)
    base = {"content_operations_total", "content_operation_duration_seconds", "content_nodes_total"}
    base |= {"commerce_operations_total", "commerce_operation_duration_seconds", "commerce_products_total"}
    base |= {"commerce_orders_total", "http_requests_total", "http_request_duration_seconds"}
    bus = {
        "published_total",
        "dispatched_total",
        "queue_depth",
        "processing_duration_seconds",
        "errors_total",
        "lag_seconds",
    }
    breaker = {"state", "transitions_total", "calls_total", "failures"}
    cache = {"operations_total", "hit_rate", "size", "evictions_total", "operation_duration_seconds"}
    rest = {
        "spans_created_total",
        "span_duration_seconds",
        "spans_with_errors_total",
        "module_errors_total",
        "module_error_rate",
    }
    rest |= {"database_query_duration_seconds", "database_connections", "database_query_errors_total"}
    rest |= {"http_request_size_bytes", "http_response_size_bytes", "http_active_connections"}
    served = {"hits", "misses", "evictions", "entries", "negative_hits", "negative_misses", "negative_evictions"}
    served |= {"negative_entries", "negative_inserts"}
    wanted = base | {f"event_bus_{name}" for name in bus} | {f"circuit_breaker_{name}" for name in breaker}
    wanted |= {f"cache_{name}" for name in cache} | rest | {f"tenant_cache_{name}" for name in served}
    # `http_requests_by_endpoint` is the base metric by its label `path`.
    assert names == {f"rustok_{name}" for name in wanted}


def test_the_exposition_is_read_by_prometheus_own_parser(redis_outage):
    """Scrape by scrape, as its parser wants histograms: every sample comes back with its value, labels and time."""
    from prometheus_client.openmetrics.parser import text_string_to_metric_families

    samples = scrape(redis_outage, interval_s=60.0)
    lines = open_metrics(samples).splitlines()
    assert lines[-1] == "# EOF"
    read = []
    for at_s in range(0, 601, 60):
        scraped = [line for line in lines[:-1] if line.startswith("#") or line.endswith(f" {at_s}.0")]
        families = text_string_to_metric_families("\n".join([*scraped, "# EOF\n"]))
        read += [one for metric in families for one in metric.samples]
    assert len(read) == samples.frame().height == len([line for line in lines if not line.startswith("#")])
    (last,) = (
        one.value
        for one in read
        if one.name == "rustok_http_requests_total"
        and (one.labels["instance"], one.labels["status"], float(one.timestamp)) == ("node-1", "200", 600.0)
    )
    assert last == end(samples, 'rustok_http_requests_total{instance="node-1", status="200"}')
