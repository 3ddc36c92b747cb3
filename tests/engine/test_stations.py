"""Stations: what a visit costs, who goes first, and what cancellation and faults leave behind."""

import gc
from itertools import pairwise

import pytest
import simpy

from rustok_sim.core.errors import RunError
from rustok_sim.engine import Draws, Simulation, Visit
from rustok_sim.engine.distributions import exponential
from rustok_sim.testing import ListJournal, Record, scenario_of, simulate


def one_station(*, service, load=None, discipline="fifo", servers=1, queue_limit=None, horizon_s=100.0, **tables):
    """The records of a run with one station."""
    station = {"servers": servers, "service": service, "discipline": discipline}
    if queue_limit is not None:
        station["queue_limit"] = queue_limit
    load = load or [{"name": "c", "route": ["s"], "arrivals": {"process": "burst", "at_s": 1.0, "count": 3}}]
    return simulate(scenario_of(horizon_s=horizon_s, stations={"s": station}, load=load, **tables))


def of(records: list[Record], kind: str) -> list[Record]:
    """The records of one kind."""
    return [record for record in records if record.kind == kind]


def burst(name: str, at_s: float, count: int = 1, **more):
    """A load class whose requests come at one moment."""
    return {"name": name, "route": ["s"], "arrivals": {"process": "burst", "at_s": at_s, "count": count}} | more


TWO_SECONDS = {"dist": "constant", "value_s": 2.0}


def test_a_burst_of_three_is_served_one_after_the_other():
    """One server of 2 s: the three who come at 1 s leave at 3, 5 and 7 s."""
    served = of(one_station(service=TWO_SECONDS), "station.served")
    assert [r.at_s for r in served] == [3.0, 5.0, 7.0]
    assert [r.wait_s for r in served] == [0.0, 2.0, 4.0]


def test_the_last_come_is_served_first():
    """The first to come is in service; of those in line the newest goes next."""
    load = [burst("a", 1.0), burst("b", 1.5), burst("c", 1.6)]
    served = of(one_station(service=TWO_SECONDS, load=load, discipline="lifo"), "request.finished")
    assert [r.site for r in served] == ["a", "c", "b"]


def test_the_lowest_priority_number_is_served_first():
    """The line is a (0 is in service), then c with 1 before b with 5, whoever came first."""
    load = [burst("a", 1.0), burst("b", 1.5, priority=5), burst("c", 1.6, priority=1)]
    served = of(one_station(service=TWO_SECONDS, load=load, discipline="priority"), "request.finished")
    assert [r.site for r in served] == ["a", "c", "b"]


def test_processor_sharing_serves_all_at_once():
    """Two visits of 2 s that share one server from 1 s on both end at 5 s; a third at 4 s finds 0.5 s of each left."""
    load = [burst("a", 1.0, 2), burst("b", 4.0)]
    served = of(one_station(service=TWO_SECONDS, load=load, discipline="processor_sharing"), "request.finished")
    # From 4 s three share: the first two need 0.5 s each, which takes 1.5 s; then the third alone needs 1.5 s more.
    assert [(r.site, round(r.at_s, 9)) for r in served] == [("a", 5.5), ("a", 5.5), ("b", 7.0)]


def test_a_full_queue_rejects_and_counts_only_those_waiting():
    """One in service and one in line: of five at once, three are turned away."""
    load = [burst("c", 1.0, 5)]
    records = one_station(service=TWO_SECONDS, load=load, queue_limit=1)
    assert len(of(records, "station.rejected")) == 3
    assert [r.status for r in of(records, "request.finished")] == [503, 503, 503, 200, 200]


def test_a_client_that_gives_up_in_line_leaves_its_place():
    """Patience of 3 s: the second is in service from 3 s on and leaves at 4 s, as do those in line."""
    records = one_station(service=TWO_SECONDS, load=[burst("c", 1.0, 4, timeout_s=3.0)])
    assert [(r.at_s, r.outcome) for r in of(records, "request.finished")] == [
        (3.0, "ok"),
        (4.0, "timed_out"),
        (4.0, "timed_out"),
        (4.0, "timed_out"),
    ]
    abandoned = of(records, "station.abandoned")
    assert [(r.wait_s, r.value) for r in abandoned] == [(2.0, 1.0), (3.0, 0.0), (3.0, 0.0)]


def test_cancelling_the_one_in_service_starts_the_next_at_once():
    """The first gives up at 2 s after one second of service; the second then runs its two seconds to 4 s."""
    load = [burst("a", 1.0, timeout_s=1.0), burst("b", 1.5)]
    finished = of(one_station(service=TWO_SECONDS, load=load), "request.finished")
    assert [(r.site, r.at_s, r.outcome) for r in finished] == [("a", 2.0, "timed_out"), ("b", 4.0, "ok")]


@pytest.mark.parametrize("discipline", ["fifo", "lifo", "priority", "processor_sharing"])
def test_an_outage_throws_everyone_out_and_turns_newcomers_away(discipline):
    """Down from 2 to 4 s: three inside fail at 2 s, one at 3 s is refused, one at 5 s is served to 7 s."""
    load = [burst("a", 1.0, 3), burst("b", 3.0), burst("c", 5.0)]
    faults = [{"kind": "outage", "target": "s", "at_s": 2.0, "duration_s": 2.0}]
    finished = of(one_station(service=TWO_SECONDS, load=load, faults=faults, discipline=discipline), "request.finished")
    assert [(r.site, r.at_s, r.status) for r in finished] == [
        ("a", 2.0, 500),
        ("a", 2.0, 500),
        ("a", 2.0, 500),
        ("b", 3.0, 503),
        ("c", 7.0, 200),
    ]


@pytest.mark.parametrize("discipline", ["fifo", "lifo", "priority", "processor_sharing"])
def test_a_hang_answers_nobody_inside_and_nobody_who_comes(discipline):
    """Silent from 2 to 4 s: those inside and b wait until their patience of 10 s ends; c at 5 s is served."""
    load = [burst("a", 1.0, 2, timeout_s=10.0), burst("b", 3.0, timeout_s=10.0), burst("c", 5.0)]
    faults = [{"kind": "hang", "target": "s", "at_s": 2.0, "duration_s": 2.0}]
    finished = of(one_station(service=TWO_SECONDS, load=load, faults=faults, discipline=discipline), "request.finished")
    assert [(r.site, r.at_s, r.outcome) for r in finished] == [
        ("c", 7.0, "ok"),
        ("a", 11.0, "timed_out"),
        ("a", 11.0, "timed_out"),
        ("b", 13.0, "timed_out"),
    ]


def test_slowness_touches_work_that_starts_while_it_lasts():
    """Twice as long and 1 s more from 2 to 4 s: work begun at 1 s takes 2 s, at 3 s takes 5 s, and at 8 s takes 2 s."""
    faults = [{"kind": "slow", "target": "s", "at_s": 2.0, "duration_s": 2.0, "factor": 2.0, "add_s": 1.0}]
    served = of(one_station(service=TWO_SECONDS, faults=faults), "station.served")
    assert [r.at_s for r in served] == [3.0, 8.0, 10.0]


def test_errors_fail_the_stated_share_of_work():
    """All of it at ratio 1, while the fault lasts."""
    faults = [{"kind": "errors", "target": "s", "at_s": 4.0, "duration_s": 2.0, "ratio": 1.0}]
    finished = of(one_station(service=TWO_SECONDS, faults=faults), "request.finished")
    assert [r.status for r in finished] == [200, 500, 200]


def test_clients_who_walk_away_free_the_server():
    """Every client leaves after 0.001 s in the mean, far below the 2 s of service: nothing is ever served."""
    faults = [{"kind": "cancel", "target": "c", "at_s": 0.0, "duration_s": 50.0, "ratio": 1.0, "after_s": 0.001}]
    records = one_station(service=TWO_SECONDS, load=[burst("c", 1.0, 20)], faults=faults)
    assert [r.detail for r in of(records, "request.finished")] == ["client_cancelled"] * 20
    assert not of(records, "station.served")


def test_a_closed_class_never_has_more_requests_than_users():
    """Three users who think 1 s and are served 2 s by one server: one leaves every 2 s from 3 s on."""
    load = [{"name": "u", "route": ["s"], "users": {"count": 3, "think": {"dist": "constant", "value_s": 1.0}}}]
    served = of(one_station(service=TWO_SECONDS, load=load, horizon_s=20.0), "request.finished")
    assert [r.at_s for r in served] == [3.0, 5.0, 7.0, 9.0, 11.0, 13.0, 15.0, 17.0, 19.0]


def test_users_who_ask_without_end_in_one_moment_are_refused():
    """No queue, one server busy for 2 s, no thinking: the second user is turned away at once and asks at once again."""
    users = {"count": 2, "think": {"dist": "constant", "value_s": 0.0}}
    with pytest.raises(RunError, match=r"time stands still at 0 s: the users of load 'c'"):
        one_station(service=TWO_SECONDS, load=[{"name": "c", "route": ["s"], "users": users}], queue_limit=0)


def test_users_without_a_time_to_think_are_fine_where_the_answer_takes_time():
    """Two users, two servers, 2 s each, 100 s: 50 visits each, the last two of them due at the horizon itself."""
    users = {"count": 2, "think": {"dist": "constant", "value_s": 0.0}}
    records = one_station(service=TWO_SECONDS, load=[{"name": "c", "route": ["s"], "users": users}], servers=2)
    assert len(of(records, "request.finished")) == 2 * 49


@pytest.mark.parametrize(
    "service", [("exponential", {}), ("lognormal", {"cv": 1e200}), ("hyperexponential", {"cv": 1e200})]
)
def test_a_time_beyond_all_numbers_is_refused(service):
    """A mean near the largest float, or a variation whose square is none, cannot be drawn from."""
    name, more = service
    with pytest.raises(RunError, match=rf"station\.s: {name} with these parameters gives times beyond the largest"):
        one_station(service={"dist": name, "mean_s": 1.7e308} | more)


@pytest.mark.parametrize("discipline", ["fifo", "lifo", "priority"])
def test_those_who_left_the_line_do_not_pile_up_in_memory(discipline):
    """Ten times as many come as are served, 20,000 in all, and give up after 5 s: about 50 are inside at any moment."""
    station = {"s": {"servers": 1, "service": {"dist": "constant", "value_s": 1.0}, "discipline": discipline}}
    often = {"process": "constant", "rate_per_s": 9.0}
    load = [
        {"name": "low", "route": ["s"], "arrivals": often, "timeout_s": 5.0, "priority": 1},
        {"name": "high", "route": ["s"], "arrivals": often | {"rate_per_s": 1.0}, "timeout_s": 5.0},
    ]
    simulation = Simulation(scenario_of(horizon_s=2_000.0, stations=station, load=load), journal=ListJournal())
    simulation.run()
    gc.collect()
    assert sum(isinstance(thing, Visit) for thing in gc.get_objects()) < 500
    assert simulation.world.now == 2_000.0


def test_what_is_inside_at_the_horizon_is_recorded():
    """At 4 s one of three has left, one is in service and one waits."""
    records = one_station(service=TWO_SECONDS, horizon_s=4.0)
    assert [r.outcome for r in of(records, "station.in_system")] == ["in_service", "waiting"]
    assert len(of(records, "request.in_flight")) == 2


def test_a_route_may_pass_a_station_twice_with_new_draws():
    """Two visits of one request draw two different service times."""
    load = [{"name": "c", "route": ["s", "s"], "arrivals": {"process": "burst", "at_s": 0.0, "count": 1}}]
    served = of(one_station(service={"dist": "exponential", "mean_s": 1.0}, load=load), "station.served")
    assert served[0].value != served[1].value
    assert served[1].begin_s == served[0].at_s


@pytest.mark.parametrize("servers", [1, 3])
def test_waits_are_those_of_simpy_resource_on_the_same_draws(servers):
    """Another implementation: SimPy's own Resource, fed the same arrivals and services, gives every wait exactly."""
    load = [{"name": "c", "route": ["s"], "arrivals": {"process": "poisson", "rate_per_s": 0.9 * servers}}]
    records = one_station(service={"dist": "exponential", "mean_s": 1.0}, load=load, servers=servers, horizon_s=2000.0)
    served = {r.correlation: r for r in of(records, "station.served")}
    draws = Draws(1)
    unit = exponential(1.0).transform
    gaps, services = draws.stream("arrivals", "c", transform=unit), draws.stream("station.s", "c", transform=unit)
    env = simpy.Environment()
    resource = simpy.Resource(env, servers)
    ends = {}

    def customer(n):
        with resource.request() as turn:
            yield turn
            yield env.timeout(services(n))
        ends[n] = env.now

    def source():
        n, at_s = 0, 0.0
        while True:
            at_s += gaps(n) / (0.9 * servers)
            yield env.timeout(at_s - env.now)
            env.process(customer(n))
            n += 1

    env.process(source())
    env.run(until=2000.0)
    assert len(ends) > 1000 * servers
    ours = {correlation - min(served): r.at_s for correlation, r in served.items()}
    assert ours == {n: pytest.approx(end, abs=1e-9) for n, end in ends.items()}


@pytest.mark.parametrize("name", ["arrivals", "think"])
def test_a_station_may_be_called_like_anything_else_that_is_drawn(name):
    """All means are 1 s, so the same draw would be the same time: no service is as long as any gap or pause."""
    one_second = {"dist": "exponential", "mean_s": 1.0}
    load = [
        {"name": "c", "route": [name], "arrivals": {"process": "poisson", "rate_per_s": 1.0}},
        {"name": "u", "route": [name], "users": {"count": 1, "think": one_second}},
    ]
    stations = {name: {"servers": 10, "service": one_second}}
    served = of(simulate(scenario_of(stations=stations, load=load)), "station.served")
    c, u = (sorted((r.begin_s, r.at_s) for r in served if r.correlation // 10**9 == n) for n in (1, 2))
    gaps = [later - earlier for (earlier, _), (later, _) in pairwise([(0.0, 0.0), *c])]
    pauses = [later - end for (_, end), (later, _) in pairwise([(0.0, 0.0), *u])]
    assert not {round(time, 9) for time in gaps + pauses} & {round(r.value, 9) for r in served}


def test_who_leaves_a_shared_station_leaves_its_share_to_the_others():
    """Two of 2 s from 1 s on; a leaves at 2 s, when each has had 0.5 s: b then needs 1.5 s alone."""
    load = [burst("a", 1.0, timeout_s=1.0), burst("b", 1.0)]
    finished = of(one_station(service=TWO_SECONDS, load=load, discipline="processor_sharing"), "request.finished")
    assert [(r.site, round(r.at_s, 9), r.outcome) for r in finished] == [("a", 2.0, "timed_out"), ("b", 3.5, "ok")]


def test_a_shared_station_has_room_for_its_servers_and_its_queue_limit():
    """One server and a limit of 1: the third at once is turned away."""
    load = [burst("a", 1.0, 3)]
    records = one_station(service=TWO_SECONDS, load=load, discipline="processor_sharing", queue_limit=1)
    assert [r.status for r in of(records, "request.finished")] == [503, 200, 200]


def test_a_modulated_or_empirical_scenario_runs_from_its_file_form(tmp_path, monkeypatch):
    """The two states of 100/s and 0/s and a column of service times reach the station."""
    load = [
        {
            "name": "c",
            "route": ["s"],
            "arrivals": {
                "process": "mmpp",
                "states": [{"rate_per_s": 100.0, "mean_s": 1.0}, {"rate_per_s": 0.0, "mean_s": 1.0}],
            },
        }
    ]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "times.csv").write_text("t\n0.25\n0.5\n", encoding="utf-8")
    service = {"dist": "empirical", "file": "times.csv", "column": "t"}
    served = of(one_station(service=service, load=load, servers=1000), "station.served")
    assert {round(r.value, 9) for r in served} == {0.25, 0.5}
