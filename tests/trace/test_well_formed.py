"""Whatever goes wrong in a run: its traces are trees in which every second has one place."""

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rustok_sim as rs
from rustok_sim.trace.parts import PARTS

CHAOS = """
schema_version = 1
name = "chaos"
horizon_s = 6

[deployment]
nodes = 2

[deployment.database]
acquire_timeout_s = 1.5

[catalogue]
products = 10
orders = 50

[platform.payments]
uncertain_ratio = 0.2

[platform.outbox]
relays = "every_node"

[[load]]
name = "shoppers"
arrivals = { process = "poisson", rate_per_s = 25 }
tenants = { count = 3, zipf = 1.0, unknown = 1 }
timeout_s = 2.0

[load.mix]
checkout = 2
"product.list" = 1
"product.update" = 2
"inventory.adjust" = 3
"order.cancel" = 1
"tenant.update" = 1
"forum.reply" = 1
"module.disable" = 1
"module.enable" = 1

[load.retry]
on = "every_error"
base_s = 0.2

[[load]]
name = "bots"
operation = "tenant.resolve"
arrivals = { process = "burst", at_s = 2, count = 30 }
tenants = { count = 1, unknown = 3 }

[[load]]
name = "readers"
operation = "product.list"
users = { count = 3, think = { dist = "exponential", mean_s = 0.5 } }
"""
SUDDEN = {"crash", "deploy", "flush"}
SERVERS = ["database", "redis", "gateway", "log", "node-1->database", "node-2->redis"]
TARGETS = {
    "crash": ["node-1", "node-2", "nodes"],
    "deploy": ["nodes"],
    "flush": ["redis", "node-1"],
    "cancel": ["shoppers", "readers"],
    "duplicate": ["log", "gateway", "shoppers"],
    "clock_skew": ["node-1"],
    "poison": ["log", "bus"],
    "exhaust": ["nodes"],
    "pause": ["node-1", "nodes"],
}
MORE = {
    "slow": "factor = 20",
    "errors": "ratio = 0.3",
    "cancel": "ratio = 0.3\nafter_s = 0.05",
    "outage": "",
    "hang": "",
    "partition": "",
    "loss": "ratio = 0.2",
    "duplicate": "ratio = 0.2",
    "reorder": "ratio = 0.2\nspread_s = 0.2",
    "clock_skew": "offset_s = 1.5",
    "poison": "ratio = 0.5",
    "exhaust": "share = 1.0",
    "pause": "",
}


@st.composite
def faults(draw):
    """Up to four faults of any kind, anywhere."""
    text = ""
    for _ in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from([*MORE, *sorted(SUDDEN)]))
        target = draw(st.sampled_from(TARGETS.get(kind, SERVERS)))
        at_s, lasts_s = draw(st.integers(0, 45)) / 10, draw(st.integers(1, 40)) / 10
        text += f'\n[[faults]]\nkind = "{kind}"\ntarget = "{target}"\nat_s = {at_s}\n'
        text += f"restart_s = {lasts_s}\n" if kind in {"crash", "deploy"} else ""
        text += f"duration_s = {lasts_s}\n" if kind not in SUDDEN else ""
        text += MORE.get(kind, "") + "\n"
    return text


CHOICES = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 1000),
        "deployment.database.pool_connections": st.sampled_from([2, 10]),
        "deployment.database.servers": st.sampled_from([3, 100]),
        "platform.tenant_cache.design": st.sampled_from(["none", "naive", "v1_as_wired", "moka", "moka_breaker"]),
        "platform.events.transport": st.sampled_from(["outbox", "log", "memory"]),
        "platform.events.forwarder": st.sampled_from(["none", "as_built", "go_on"]),
        "platform.outbox.target": st.sampled_from(["log", "bus", "private"]),
        "platform.outbox.relay": st.sampled_from(
            [
                {},
                {"concurrency": 3},
                {"concurrency": 3, "marking": "batch"},
                {"publishing": "batch", "marking": "batch"},
            ]
        ),
        "platform.consumer.handling": st.sampled_from(["each", "batch"]),
        "platform.index.wiring": st.sampled_from(["as_wired", "bus", "log"]),
        "platform.rate_limit.design": st.sampled_from(["none", "fixed_window"]),
        "platform.rate_limit.store": st.sampled_from(["local", "shared"]),
        "platform.features.guard": st.sampled_from(["as_built", "mounted"]),
    }
)
OPTIONAL = [
    {},
    {"platform.request_timeout_s": 1.2},
    {"load.0.retry.attempt_timeout_s": 0.5, "load.0.retry.jitter": 0.5},
    {"load.0.retry.attempt_timeout_s": 0.05},
    {"deployment.client_round_trip": {"dist": "constant", "value_s": 0.02}},
]


def problems(traces):
    """What is wrong with these traces, in words."""
    ids = set()
    for trace in traces:
        parents = 0
        for span in trace.spans():
            if span.span_id in ids:
                yield f"{trace.correlation}: two spans have the id {span.span_id}"
            ids.add(span.span_id)
            parents += len(span.children)
            yield from (f"{trace.correlation}: {problem}" for problem in troubles(span))
        if parents + 1 != sum(1 for _ in trace.spans()):
            yield f"{trace.correlation}: not a tree"


def troubles(span):
    """What is wrong with one span and its children."""
    now_s = span.begin_s
    if span.end_s < span.begin_s:
        yield f"{span.name} ends before it begins"
    for at_s, name, _ in span.events:
        if not span.begin_s <= at_s <= span.end_s:
            yield f"{name} is not within {span.name}"
    for child in span.children:
        if child.follows:
            if child.begin_s < span.begin_s:
                yield f"{child.name} begins before {span.name}, which it follows from"
        elif child.begin_s < now_s or child.end_s > span.end_s:
            yield f"{child.name} is not within {span.name}, or overlaps with the one before it"
        else:
            now_s = child.end_s


def assert_whole(run):
    """The traces are well formed, all requests have one, and what their time went to adds up."""
    traces = list(rs.trace.traces(run))
    assert list(problems(traces)) == []
    [[ended]] = run.sql(
        "select count(*) as n from events where kind in ('request.finished', 'request.in_flight')"
    ).rows()
    assert sum(trace.correlation > 0 for trace in traces) == ended
    found = rs.trace.attribution(run).frame
    assert found.height > 0
    sums = found.select((pl.sum_horizontal(*PARTS) - pl.col("latency_s")).abs().max()).item()
    assert sums < 1e-9
    assert found.select(pl.min_horizontal(pl.col(part).min() for part in PARTS)).item() > -1e-9
    return found


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(faults=faults(), choices=CHOICES, more=st.sampled_from(OPTIONAL))
def test_the_traces_of_a_chaos_run_are_well_formed_and_leave_no_time_unexplained(tmp_path, faults, choices, more):
    """One root, children within their parents and one after the other, ids for one span each. And since nothing in
    these scenarios waits without a record, the time that nobody can explain is none.
    """
    path = tmp_path / "chaos.toml"
    path.write_text(CHAOS + faults, encoding="utf-8")
    found = assert_whole(rs.run(path, set={**choices, **more}, data=tmp_path / "runs"))
    assert found["other"].abs().max() < 1e-9


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("outbox_delivery", {"horizon_s": 90, "load.0.arrivals.points": [[1, 10], [60, 10], [61, 0]]}),
        ("redis_outage", {"horizon_s": 60, "warmup_s": 0, "faults.0.at_s": 20, "faults.0.duration_s": 10}),
        ("flash_sale", {}),
        ("database_brownout", {"horizon_s": 60, "warmup_s": 0, "faults.0.at_s": 20, "faults.0.duration_s": 10,
                               "faults.1.at_s": 20, "faults.1.duration_s": 10}),
        ("stale_cancel", {}),
    ],
)  # fmt: skip
def test_the_traces_of_a_scenario_are_well_formed(root, tmp_path, name, changes):
    """The scenarios of the repository, some cut short."""
    found = assert_whole(rs.run(root / "scenarios" / f"{name}.toml", set=changes, data=tmp_path))
    assert found["other"].abs().max() < 1e-9
