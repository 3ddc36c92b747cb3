"""Faults of nodes, servers and links, as requests to the platform meet them; all times are constants."""

import gc

import pytest

from rustok_sim.engine import Simulation
from rustok_sim.engine.network import EngineWire
from rustok_sim.testing import ListJournal, scenario_of, simulate

TRIP_S, STATEMENT_S = 0.001, 0.010


def platform(*, load, faults=(), nodes=1, cache=None, database=None, horizon_s=60.0, **tables):
    """The records of a run on a platform whose round trips take 1 ms and whose statements take 10 ms."""
    trip = {"dist": "constant", "value_s": TRIP_S}
    deployment = {
        "nodes": nodes,
        "redis": {"round_trip": trip},
        "database": {"round_trip": trip, "statement": {"dist": "constant", "value_s": STATEMENT_S}} | (database or {}),
    }
    settings = {"tenant_cache": {"design": "none"} | (cache or {})}
    return simulate(
        scenario_of(
            horizon_s=horizon_s, deployment=deployment, platform=settings, load=load, faults=list(faults), **tables
        )
    )


def ask(name="web", *, at_s=1.0, count=1, **more):
    """Requests at one moment."""
    return {
        "name": name,
        "operation": "tenant.resolve",
        "arrivals": {"process": "burst", "at_s": at_s, "count": count},
    } | more


def answers(records):
    """Moment, status and code of each finished request."""
    return [(round(r.at_s, 6), r.status, r.detail) for r in records if r.kind == "request.finished"]


def test_a_query_costs_a_connection_of_two_trips_once_and_then_one_trip_and_the_statement():
    """First: 2 + 1 ms and 10 ms; second, on the same connection: 1 ms and 10 ms."""
    records = platform(load=[ask(), ask("later", at_s=2.0)])
    assert answers(records) == [(1.013, 200, None), (2.011, 200, None)]


def test_a_pool_of_one_serves_one_after_the_other():
    """One connection: 13 ms, then 11 ms for each of the others; their waits are in the records."""
    records = platform(load=[ask(count=3)], database={"pool_connections": 1})
    assert answers(records) == [(1.013, 200, None), (1.024, 200, None), (1.035, 200, None)]


def test_who_waits_too_long_for_a_connection_gets_an_error():
    """Patience of the pool 5 ms, work of 13 ms: the second fails at 5 ms."""
    records = platform(load=[ask(count=2)], database={"pool_connections": 1, "acquire_timeout_s": 0.005})
    assert answers(records) == [(1.005, 500, "no_connection"), (1.013, 200, None)]


def test_a_dropped_waiter_leaves_the_line_of_the_pool():
    """The second client gives up while it waits; the third gets the connection as if the second had never come."""
    load = [ask(), ask("brief", at_s=1.001, timeout_s=0.005), ask("third", at_s=1.002)]
    records = platform(load=load, database={"pool_connections": 1})
    assert answers(records) == [(1.006, 499, "client_timeout"), (1.013, 200, None), (1.024, 200, None)]


def test_a_database_with_one_server_queues_statements():
    """Two at once: the second's statement starts when the first's ends, at 12.5 ms, and answers at 23 ms."""
    records = platform(load=[ask(count=2)], database={"servers": 1})
    assert answers(records) == [(1.013, 200, None), (1.023, 200, None)]
    assert [r.site for r in records if r.kind == "station.served"] == ["database", "database"]


@pytest.mark.parametrize("target", ["database", "node-1->database"])
def test_an_outage_breaks_what_is_under_way_and_refuses_what_comes(target):
    """Struck 5 ms into a query: it fails at once. A later one cannot connect; after the end all is well."""
    load = [ask(), ask("during", at_s=1.5), ask("after", at_s=5.0)]
    faults = [{"kind": "outage", "target": target, "at_s": 1.005, "duration_s": 1.0}]
    records = platform(load=load, faults=faults, database={"acquire_timeout_s": 0.1})
    assert answers(records)[0] == (1.005, 500, "database_connection_lost")
    assert answers(records)[1][1:] == (500, "no_connection")
    assert answers(records)[2] == (5.013, 200, None)


@pytest.mark.parametrize("target", ["database", "node-1->database"])
def test_a_hang_answers_nobody_and_ends_for_newcomers(target):
    """Who is under way and who comes gets no answer and leaves after 3 s; the session itself stays."""
    load = [ask(timeout_s=3.0), ask("during", at_s=1.5, timeout_s=3.0), ask("after", at_s=5.0)]
    faults = [{"kind": "hang", "target": target, "at_s": 1.005, "duration_s": 1.0}]
    assert answers(platform(load=load, faults=faults)) == [
        (4.0, 499, "client_timeout"),
        (4.5, 499, "client_timeout"),
        (5.011, 200, None),
    ]


def test_a_slow_database_works_longer_and_a_slow_link_travels_longer():
    """Twice 10 ms and 5 ms on top: 3 + 25 ms. A link at ten times 1 ms: 30 + 10 ms."""
    slow = {"kind": "slow", "at_s": 0.5}
    database = platform(load=[ask()], faults=[slow | {"target": "database", "factor": 2.0, "add_s": 0.005}])
    link = platform(load=[ask()], faults=[slow | {"target": "node-1->database", "factor": 10.0}])
    assert answers(database) == [(1.028, 200, None)]
    assert answers(link) == [(1.040, 200, None)]


@pytest.mark.parametrize("servers", [None, 4])
def test_injected_errors_come_at_the_stated_ratio(servers):
    """A ratio of 0.3 over 2,000 queries, within four standard deviations, with limited servers or without."""
    database = {"pool_connections": 100} | ({"servers": servers} if servers else {})
    load = [{"name": "web", "operation": "tenant.resolve", "arrivals": {"process": "constant", "rate_per_s": 40.0}}]
    faults = [{"kind": "errors", "target": "database", "at_s": 0.0, "ratio": 0.3}]
    statuses = [r[1] for r in answers(platform(load=load, faults=faults, database=database, horizon_s=50.02))]
    assert len(statuses) == 2_000
    assert abs(statuses.count(500) - 600) < 4 * (2_000 * 0.3 * 0.7) ** 0.5


def test_a_crash_loses_requests_and_memory_and_the_node_comes_back():
    """Under way: 502 at the crash. While down: no node. After the restart the cache is empty, so it loads again."""
    load = [ask(at_s=1.0), ask("hit", at_s=1.9), ask("lost", at_s=1.995), ask("down", at_s=3.0), ask("back", at_s=5.0)]
    faults = [{"kind": "crash", "target": "node-1", "at_s": 2.0, "restart_s": 2.0}]
    load[2]["tenants"] = {"unknown": 1}
    records = platform(load=load, faults=faults, cache={"design": "moka"})
    assert answers(records) == [
        (1.013, 200, None),
        (1.9, 200, None),
        (2.0, 502, "node_crashed"),
        (3.0, 502, "no_node"),
        (5.013, 200, None),
    ]
    assert [r.kind for r in records if r.kind.startswith("node.")] == ["node.crashed", "node.started"]


@pytest.mark.parametrize("second_at_s", [2.0, 3.0])
def test_a_crash_of_a_node_that_is_down_brings_it_up_no_sooner(second_at_s):
    """Down from 2 s to 12 s: a second crash in that time, with a restart after 1 s, has nothing left to kill."""
    faults = [
        {"kind": "crash", "target": "node-1", "at_s": 2.0, "restart_s": 10.0},
        {"kind": "crash", "target": "nodes", "at_s": second_at_s, "restart_s": 1.0},
    ]
    records = platform(load=[ask("down", at_s=11.9), ask("back", at_s=12.1)], faults=faults)
    assert [status for _, status, _ in answers(records)] == [502, 200]
    told = [(r.at_s, r.kind) for r in records if r.kind.startswith("node.")]
    assert told == [(2.0, "node.crashed"), (12.0, "node.started")]


@pytest.mark.parametrize("kind", ["crash", "flush"])
def test_what_strikes_in_a_moment_strikes_at_the_very_start_too(kind):
    """At 0 s: begun and over at once, and a crash keeps the node down for its 2 s."""
    fault = {"kind": kind, "target": "nodes", "at_s": 0.0} | ({"restart_s": 2.0} if kind == "crash" else {})
    records = platform(load=[ask(at_s=0.0), ask("later", at_s=3.0)], faults=[fault])
    told = [(r.at_s, r.kind) for r in records if r.kind.startswith("fault.")]
    assert told == [(0.0, "fault.began"), (0.0, "fault.ended")]
    assert [status for _, status, _ in answers(records)] == [502 if kind == "crash" else 200, 200]


def test_a_node_that_crashes_often_leaves_nothing_in_memory():
    """About 400 crashes of one node: its ways to Redis, database, gateway and log are still four."""
    fault = {"kind": "crash", "target": "node-1", "mtbf_s": 2.0, "restart_s": 0.5}
    simulation = Simulation(scenario_of(horizon_s=800.0, load=[ask()], faults=[fault]), journal=ListJournal())
    simulation.run()
    gc.collect()
    wires = [thing for thing in gc.get_objects() if isinstance(thing, EngineWire)]
    assert len([wire for wire in wires if wire._world is simulation.world]) == 4


def test_the_other_node_takes_over_while_one_is_down():
    """Of two nodes one is down: all four requests go to the other."""
    faults = [{"kind": "crash", "target": "node-1", "at_s": 0.5, "restart_s": 50.0}]
    records = platform(load=[ask(count=4)], faults=faults, nodes=2)
    assert {r.node for r in records if r.kind == "request.finished"} == {"node-2"}
    assert {r[1] for r in answers(records)} == {200}


def test_a_flush_makes_the_next_request_load_again():
    """One load before the flush of the node's caches, one after it."""
    faults = [{"kind": "flush", "target": "nodes", "at_s": 2.0}]
    load = [ask(), ask("second", at_s=1.5), ask("third", at_s=3.0)]
    records = platform(load=load, faults=faults, cache={"design": "moka"})
    assert [round(r.at_s, 6) for r in records if r.kind == "cache.load"] == [1.013, 3.011]


def test_faults_by_mean_times_strike_and_heal_again_and_again():
    """Mean 5 s up and 5 s down over 5,000 s: about 500 strikes, each but the last one ended, in turn."""
    faults = [{"kind": "outage", "target": "redis", "mtbf_s": 5.0, "mttr_s": 5.0}]
    records = platform(load=[ask()], faults=faults, horizon_s=5_000.0)
    kinds = [r.kind for r in records if r.kind.startswith("fault.")]
    # A cycle has mean 10 s and variance 50 s²: the count over 5,000 s varies by sqrt(5000 x 50 / 1000) = 16.
    assert abs(kinds.count("fault.began") - 500) < 4 * 16
    assert kinds[:-1:2] == ["fault.began"] * len(kinds[:-1:2])
    assert kinds[1::2] == ["fault.ended"] * len(kinds[1::2])


def test_adding_a_fault_moves_no_arrival_and_no_tenant():
    """Common random numbers: with and without errors the same requests come at the same moments."""
    load = [
        {
            "name": "web",
            "operation": "tenant.resolve",
            "arrivals": {"process": "poisson", "rate_per_s": 20.0},
            "tenants": {"count": 10, "zipf": 1.0},
        }
    ]

    def asked(records):
        return sorted((r.correlation, r.begin_s, r.tenant) for r in records if r.kind == "request.finished")

    calm = platform(load=load, horizon_s=20.0)
    rough = platform(
        load=load, horizon_s=20.0, faults=[{"kind": "errors", "target": "database", "at_s": 1.0, "ratio": 0.5}]
    )
    assert asked(calm)[:300] == asked(rough)[:300]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("zipf", [50.0, 1e5, 1e20, 1.7e308])
def test_a_very_uneven_share_gives_the_first_tenant_everything(zipf):
    """The second tenant's weight is 2 to the power of -50 or less: none of 100 requests is for it."""
    records = platform(load=[ask(count=100, tenants={"count": 1_000, "zipf": zipf})])
    assert {r.tenant for r in records if r.kind == "request.finished"} == {"tenant-0001"}


def test_the_share_of_tenants_follows_zipf():
    """With exponent 1 over three tenants the shares are 6/11, 3/11, 2/11; 4,000 draws, four standard deviations."""
    load = [
        {
            "name": "web",
            "operation": "tenant.resolve",
            "arrivals": {"process": "constant", "rate_per_s": 100.0},
            "tenants": {"count": 3, "zipf": 1.0},
        }
    ]
    names = [r.tenant for r in platform(load=load, horizon_s=40.02) if r.kind == "request.finished"]
    for name, share in [("tenant-0001", 6 / 11), ("tenant-0002", 3 / 11), ("tenant-0003", 2 / 11)]:
        assert abs(names.count(name) - 4_000 * share) < 4 * (4_000 * share * (1 - share)) ** 0.5


@pytest.mark.parametrize(("early_s", "status"), [(0.0, 200), (2.0**-20, 408)])
def test_work_that_ends_with_its_deadline_is_done_in_time(early_s, status):
    """Three trips of 2^-10 s and a statement of 2^-7 s, sums without rounding: a limit of just that is kept."""
    trip = {"dist": "constant", "value_s": 2.0**-10}
    database = {"round_trip": trip, "statement": {"dist": "constant", "value_s": 2.0**-7}}
    limited = {"tenant_cache": {"design": "none"}, "request_timeout_s": 3 * 2.0**-10 + 2.0**-7 - early_s}
    records = simulate(scenario_of(platform=limited, deployment={"database": database}, load=[ask(at_s=0.0)]))
    assert [r[1] for r in answers(records)] == [status]


def test_what_is_under_way_at_the_horizon_leaves_no_trace_but_itself():
    """A query cut short by the horizon was neither dropped nor answered: its request is in flight, and that is all."""
    records = platform(load=[ask(at_s=59.995)])
    assert [r.kind for r in records] == ["request.sent", "request.in_flight"]


def test_the_way_from_the_client_costs_its_round_trip():
    """A tenth of a second there and back around a query of 13 ms."""
    trip = {"dist": "constant", "value_s": TRIP_S}
    database = {"round_trip": trip, "statement": {"dist": "constant", "value_s": STATEMENT_S}}
    deployment = {"client_round_trip": {"dist": "constant", "value_s": 0.1}, "database": database}
    scenario = scenario_of(platform={"tenant_cache": {"design": "none"}}, deployment=deployment, load=[ask()])
    assert answers(simulate(scenario)) == [(1.113, 200, None)]


def test_news_on_a_channel_reach_every_node_half_a_trip_later():
    """moka on both nodes, Redis for news: an update on one node with all_keys makes v1's other node forget as well."""
    update = {"name": "admin", "operation": "tenant.update", "arrivals": {"process": "burst", "at_s": 5.0, "count": 1}}
    cache = {"design": "v1_as_wired", "invalidation": "all_keys", "count_in_redis": False}
    records = platform(load=[ask(count=2), update], nodes=2, cache=cache)
    forgotten = {r.node for r in records if r.kind == "cache.invalidated"}
    assert forgotten == {"node-1", "node-2"}


def test_who_is_in_a_station_at_the_end_is_there_once_and_has_not_given_up():
    """The run ends while statements wait for the only server of the database: each is in the system, none abandoned."""
    records = simulate(
        scenario_of(
            horizon_s=2.0,
            load=[
                {
                    "name": "web",
                    "operation": "tenant.resolve",
                    "arrivals": {"process": "constant", "rate_per_s": 10.0},
                    "tenants": {"unknown": 100},
                }
            ],
            deployment={
                "database": {
                    "servers": 1,
                    "round_trip": {"dist": "constant", "value_s": 0.001},
                    "statement": {"dist": "constant", "value_s": 1.0},
                    "pool_connections": 50,
                }
            },
            platform={"tenant_cache": {"design": "none"}, "index": {"reads": "index"}},
        )
    )
    inside = [r.correlation for r in records if r.kind == "station.in_system"]
    assert len(inside) == len(set(inside)) > 10
    assert not [r for r in records if r.kind == "station.abandoned"]
