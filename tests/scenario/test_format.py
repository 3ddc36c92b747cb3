"""What a right file may say, and what it means."""

import shutil

import pytest

from rustok_sim.scenario import (
    ConstantArrivals,
    Exponential,
    Lognormal,
    Outage,
    PoissonArrivals,
    Scenario,
    load_scenario,
)

EXAMPLE = """#:schema _schema.json
schema_version = 1
name = "redis_outage"
title = "Redis is gone for a minute"
extends = "presets/as_built.toml"      # optional, relative to this file; tables merge, arrays replace
seed = 7
horizon_s = 600
warmup_s = 60                           # left out of metrics, kept in the event log

[platform.tenant_cache]
design = "v1_as_wired"                  # none | naive | v1_as_wired | moka | moka_breaker
[platform.outbox.relay]
batch_rows = 100
[deployment]
nodes = 2
[deployment.database]
pool_connections = 10
round_trip = { dist = "lognormal", mean_s = 0.001, cv = 0.5 }

[[load]]                                # one request class
name = "storefront"
operation = "tenant.resolve"            # a RusToK operation ...
arrivals = { process = "poisson", rate_per_s = 50 }
tenants = { count = 200, zipf = 1.0 }
timeout_s = 2.0                         # the client's patience: the server-side work is cancelled where it stands

[stations.search]                       # ... or a route through stations that the scenario declares
servers = 4
service = { dist = "exponential", mean_s = 0.02 }
queue_limit = 100                       # absent: unbounded; a full queue rejects
discipline = "fifo"                     # fifo | lifo | priority | processor_sharing

[[load]]
name = "searches"
route = ["search"]
arrivals = { process = "poisson", rate_per_s = 100 }

[[faults]]
kind = "outage"
target = "redis"
at_s = 120
duration_s = 60

[[expect]]
metric = "requests.storefront.availability"
at_least = 0.99
"""

PARTS = """
name = "parts"
horizon_s = 100
%s
[stations.desk]
servers = 1
service = %s
"""


@pytest.fixture
def load(project):
    """Load a scenario with these load tables and this service time."""

    def made(tables: str, service: str = '{ dist = "constant", value_s = 1 }') -> Scenario:
        path = project / "parts.toml"
        path.write_text(PARTS % (tables, service))
        return load_scenario(path)

    return made


def desk(arrivals: str, rest: str = "") -> str:
    """One load class through the desk."""
    return f'[[load]]\nname = "visits"\nroute = ["desk"]\narrivals = {arrivals}\n{rest}'


def test_example_of_the_format_loads_as_printed(project, scenarios):
    """The values are those one reads in it; the relay's are accepted though nothing relays yet."""
    shutil.copytree(scenarios / "presets", project / "presets")
    path = project / "redis_outage.toml"
    path.write_text(EXAMPLE)
    scenario = load_scenario(path)
    storefront, searches = scenario.load
    assert (scenario.name, scenario.seed, scenario.horizon_s, scenario.warmup_s) == ("redis_outage", 7, 600, 60)
    assert scenario.platform.outbox.relay.batch_rows == 100
    assert scenario.deployment.database.round_trip == Lognormal(dist="lognormal", mean_s=0.001, cv=0.5)
    assert storefront.arrivals == PoissonArrivals(process="poisson", rate_per_s=50.0)
    assert (storefront.tenants.count, storefront.tenants.zipf, storefront.timeout_s) == (200, 1.0, 2.0)
    assert searches.route == ("search",)
    assert scenario.stations["search"].service == Exponential(dist="exponential", mean_s=0.02)
    assert scenario.stations["search"].queue_limit == 100
    assert scenario.faults == (Outage(kind="outage", target="redis", at_s=120.0, duration_s=60.0),)
    assert scenario.expect[0].at_least == 0.99


@pytest.mark.parametrize(
    "service",
    [
        '{ dist = "constant", value_s = 0 }',
        '{ dist = "exponential", mean_s = 0.02 }',
        '{ dist = "uniform", low_s = 0, high_s = 0.1 }',
        '{ dist = "erlang", k = 1, mean_s = 2 }',
        '{ dist = "lognormal", mean_s = 1, cv = 0.01 }',
        '{ dist = "hyperexponential", mean_s = 1, cv = 1.001 }',
        '{ dist = "pareto", mean_s = 1, alpha = 1.001 }',
    ],
)
def test_distribution_loads_at_the_edge_of_its_bounds(load, service):
    """Each value here is the least that the bounds of the format leave, or next to it."""
    scenario = load(desk('{ process = "poisson", rate_per_s = 1 }'), service)
    assert scenario.stations["desk"].service.dist in service


@pytest.mark.parametrize(
    "arrivals",
    [
        '{ process = "poisson", rate_per_s = 0.1 }',
        '{ process = "constant", rate_per_s = 5, start_s = 10, stop_s = 20 }',
        '{ process = "burst", at_s = 0, count = 1 }',
        '{ process = "profile", points = [[0, 0], [10, 5], [20, 0]] }',
        '{ process = "mmpp", states = [{ rate_per_s = 0, mean_s = 1 }, { rate_per_s = 9, mean_s = 1 }] }',
    ],
)
def test_every_arrival_process_loads(load, arrivals):
    """The list is that of the format, but for the trace, which needs a file."""
    [visits] = load(desk(arrivals)).load
    assert visits.arrivals.process in arrivals


def test_closed_class_has_users_in_place_of_arrivals(load):
    """The format's own words."""
    users = 'users = { count = 50, think = { dist = "constant", value_s = 3 } }'
    [visits] = load(f'[[load]]\nname = "visits"\nroute = ["desk"]\n{users}').load
    assert visits.arrivals is None
    assert visits.users.count == 50
    assert visits.users.think.value_s == 3


@pytest.mark.parametrize(
    ("written", "count", "unknown"),
    [
        ("", 1, 0),
        ("tenants = {}", 1, 0),
        ("tenants = { unknown = 1 }", 0, 1),
        ("tenants = { unknown = 0 }", 1, 0),
        ("tenants = { count = 5, unknown = 2 }", 5, 2),
    ],
)
def test_unknown_tenants_alone_leave_no_known_one(load, written, count, unknown):
    """``unknown = 1`` alone: every request asks for the same unknown tenant."""
    [visits] = load(desk('{ process = "poisson", rate_per_s = 1 }', written)).load
    assert (visits.tenants.count, visits.tenants.unknown) == (count, unknown)


def test_whole_numbers_stand_for_numbers_but_not_the_other_way(load):
    """TOML's 50 is a rate; 1.5 servers are none, which ``invalid/`` shows."""
    [visits] = load(desk('{ process = "constant", rate_per_s = 50 }')).load
    assert visits.arrivals == ConstantArrivals(process="constant", rate_per_s=50.0)
    assert isinstance(visits.arrivals.rate_per_s, float)


@pytest.mark.parametrize(
    "fault",
    [
        'kind = "outage"\ntarget = "redis"\nat_s = 0',
        'kind = "hang"\ntarget = "desk"\nat_s = 99\nduration_s = 500',
        'kind = "slow"\ntarget = "node-1->database"\nadd_s = 0.1\nmtbf_s = 5\nmttr_s = 1',
        'kind = "slow"\ntarget = "database"\nfactor = 2\nat_s = 5',
        'kind = "errors"\ntarget = "node-1->redis"\nratio = 1\nat_s = 5',
        'kind = "crash"\ntarget = "node-1"\nrestart_s = 0\nat_s = 5',
        'kind = "crash"\ntarget = "nodes"\nrestart_s = 5\nmtbf_s = 50',
        'kind = "flush"\ntarget = "redis"\nat_s = 5',
        'kind = "flush"\ntarget = "node-1"\nmtbf_s = 5',
        'kind = "flush"\ntarget = "nodes"\nat_s = 5',
        'kind = "cancel"\ntarget = "visits"\nratio = 0.5\nat_s = 5\nduration_s = 1',
    ],
)
def test_every_kind_of_fault_strikes_what_it_may(load, fault):
    """Targets by kind: servers, stations and links; nodes; caches; load classes."""
    scenario = load(desk('{ process = "poisson", rate_per_s = 1 }', f"[[faults]]\n{fault}"))
    assert scenario.faults[0].kind in fault


def test_a_walk_away_takes_fifty_milliseconds_in_the_mean(load):
    """The default of ``after_s``."""
    fault = '[[faults]]\nkind = "cancel"\ntarget = "visits"\nratio = 0.5\nat_s = 5'
    assert load(desk('{ process = "poisson", rate_per_s = 1 }', fault)).faults[0].after_s == 0.05


@pytest.mark.parametrize(
    "metric",
    [
        "requests.visits.latency_s.p99",
        "requests.visits.by_status.503",
        "stations.desk.utilisation",
        "database.pool_wait_s.mean",
        "cache.tenant.hit_ratio",
        "breaker.any.name.opened",
    ],
)
def test_metric_of_every_section_can_be_expected(load, metric):
    """The sections that this version has."""
    expect = f'[[expect]]\nmetric = "{metric}"\nat_most = 1'
    assert load(desk('{ process = "poisson", rate_per_s = 1 }', expect)).expect[0].metric == metric


def test_capture_wants_what_a_pattern_matches(load):
    """All, a family, or one kind; nothing where capture is off."""
    arrivals = desk('{ process = "poisson", rate_per_s = 1 }')
    assert load(arrivals).capture.wants("cache.hit")
    narrow = load(f'{arrivals}\n[capture]\ninclude = ["request.*", "cache.hit"]').capture
    assert [kind for kind in ("request.finished", "cache.hit", "cache.miss") if narrow.wants(kind)] == [
        "request.finished",
        "cache.hit",
    ]
    assert not load(f"{arrivals}\n[capture]\nenabled = false").capture.wants("cache.hit")


def test_a_byte_order_mark_is_no_part_of_the_text(small):
    """Some editors write one; lines and columns do not count it."""
    small.write_bytes(b"\xef\xbb\xbf" + small.read_bytes())
    assert load_scenario(small).name == "small"
