"""What theory says of a scenario's stations: values from tables and formulas of textbooks, and beside a run."""

import math

import pytest

import rustok_sim as rs
from rustok_sim.scenario import Constant, Exponential, Lognormal, Pareto, Station, Uniform
from rustok_sim.studies.explain import explained
from rustok_sim.studies.queueing import forecast, service_of
from rustok_sim.testing import scenario_of

EXPONENTIAL = Exponential(dist="exponential", mean_s=1.0)


def station(servers=1, service=EXPONENTIAL, **more):
    """A station of unit service."""
    return Station(servers=servers, service=service, **more)


def told(rate_per_s, servers=1, service=EXPONENTIAL, **more):
    """The forecast for one station."""
    return forecast(station(servers, service, **more), service_of(service), rate_per_s)


def test_one_exponential_server_waits_rho_over_mu_minus_lambda():
    """0.8 / (1 - 0.8) = 4, exactly."""
    found = told(0.8)
    assert found.wait_s == pytest.approx(4.0)
    assert (found.utilisation, found.exact) == (0.8, True)


@pytest.mark.parametrize(("servers", "offered", "c"), [(2, 1.0, 1 / 3), (3, 2.0, 4 / 9), (10, 8.0, 0.4092)])
def test_several_servers_wait_by_erlang(servers, offered, c):
    """Erlang's C from tables (C(2,1) = 1/3, C(3,2) = 4/9, C(10,8) = 0.4092), over the spare capacity."""
    assert told(offered, servers).wait_s == pytest.approx(c / (servers - offered), rel=1e-3)


def test_a_constant_service_halves_the_wait_and_a_lognormal_one_of_cv_2_takes_five_halves():
    """Pollaczek and Khinchine: (1 + cv²) / 2 times that of M/M/1."""
    assert told(0.8, service=Constant(dist="constant", value_s=1.0)).wait_s == pytest.approx(2.0)
    assert told(0.8, service=Lognormal(dist="lognormal", mean_s=1.0, cv=2.0)).wait_s == pytest.approx(10.0)


def test_a_limit_turns_away_by_birth_and_death():
    """M/M/1 with four inside at most: rho^4 (1 - rho) / (1 - rho^5) at 0.8; at rho = 1 each state has 1/5."""
    found = told(0.8, queue_limit=3)
    assert found.loss == pytest.approx(0.8**4 * 0.2 / (1 - 0.8**5))
    assert found.utilisation == pytest.approx(0.8 * (1 - found.loss))
    assert told(1.0, queue_limit=3).loss == pytest.approx(0.2)


def test_erlang_b_is_a_limit_of_no_places():
    """B(2, 1) = 1/5; nobody waits."""
    found = told(1.0, 2, queue_limit=0)
    assert found.loss == pytest.approx(0.2)
    assert found.wait_s == 0.0


def test_processor_sharing_does_not_care_for_the_variance():
    """1 / (1 - rho), whatever the law."""
    found = told(0.7, service=Lognormal(dist="lognormal", mean_s=1.0, cv=3.0), discipline="processor_sharing")
    assert found.sojourn_s == pytest.approx(1 / 0.3)


def test_too_much_has_no_steady_state():
    """More than one server can do."""
    assert told(1.2).wait_s == math.inf


def test_only_the_memoryless_law_is_called_exact_for_several_servers():
    """A lognormal with an exponential's variance is none."""
    assert told(1.0, 2).exact
    assert not told(1.0, 2, service=Lognormal(dist="lognormal", mean_s=1.0, cv=1.0)).exact


def test_large_systems_do_not_overflow():
    """A thousand servers with ten thousand places, at twice what they can do: half is turned away."""
    assert told(2000.0, 1000, queue_limit=10_000).loss == pytest.approx(0.5, rel=1e-3)


def test_moments_are_those_of_the_laws():
    """Uniform on 0 to 2: variance 1/3; Pareto with alpha 3: 1/3, and none at 2."""
    assert service_of(Uniform(dist="uniform", low_s=0.0, high_s=2.0)).cv2 == pytest.approx(1 / 3)
    assert service_of(Pareto(dist="pareto", mean_s=1.0, alpha=3.0)).cv2 == pytest.approx(1 / 3)
    assert service_of(Pareto(dist="pareto", mean_s=1.0, alpha=2.0)).cv2 == math.inf


def queue(**load):
    """A scenario of two stations in a row."""
    usual = {"name": "c", "route": ["a", "b"], "arrivals": {"process": "poisson", "rate_per_s": 0.8}}
    desk = {"servers": 1, "service": {"dist": "exponential", "mean_s": 1.0}}
    return scenario_of(load=[usual | load], stations={"a": desk, "b": desk | {"servers": 2}})


def test_the_busiest_station_is_the_bottleneck():
    """One server against two, at the same rate; what leaves the first is Poisson again (Burke), so nothing is said."""
    found = explained(queue())
    assert found.bottleneck.station == "a"
    assert [one.cautions for one in found.stations] == [(), ()]


def test_where_nobody_arrives_is_no_bottleneck():
    """A class that visits only b leaves a idle; with nobody on a route there is none."""
    found = explained(queue(route=["b"]))
    assert found.bottleneck.station == "b"
    desk = {"servers": 1, "service": {"dist": "exponential", "mean_s": 1.0}}
    elsewhere = {"name": "c", "operation": "tenant.resolve", "arrivals": {"process": "poisson", "rate_per_s": 1.0}}
    idle = explained(scenario_of(load=[elsewhere], stations={"a": desk}))
    assert idle.bottleneck is None
    assert idle.to_json()["bottleneck"] is None


@pytest.mark.parametrize(
    ("load", "said"),
    [
        ({"timeout_s": 2.0}, "clients of class c leave after 2 s"),
        ({"arrivals": {"process": "constant", "rate_per_s": 0.8}}, "does not arrive by Poisson"),
        ({"arrivals": {"process": "poisson", "rate_per_s": 0.8, "stop_s": 5.0}}, "does not come all the time"),
        ({"retry": {}}, "clients of class c ask again"),
        (
            {"arrivals": None, "users": {"count": 3, "think": {"dist": "constant", "value_s": 1.0}}},
            "the rate is not known beforehand",
        ),
    ],
)
def test_where_a_formula_does_not_apply_it_is_said(load, said):
    """Each of these breaks an assumption of the formulas."""
    assert said in "; ".join(explained(queue(**load)).stations[0].cautions)


def test_a_run_stands_beside_what_was_expected(tmp_path):
    """Over 20,000 services at 80 % the measured utilisation is within 3 points, the wait within half of its mean."""
    path = tmp_path / "q.toml"
    path.write_text(
        'name = "q"\nhorizon_s = 25_000\nwarmup_s = 1000\ncapture = { include = ["station.*"] }\n'
        '[[load]]\nname = "c"\nroute = ["q"]\narrivals = { process = "poisson", rate_per_s = 0.8 }\n'
        '[stations.q]\nservers = 1\nservice = { dist = "exponential", mean_s = 1.0 }\n',
        encoding="utf-8",
    )
    run = rs.run(path, data=tmp_path / "runs")
    [one] = rs.explain(run.directory).stations
    assert one.measured["utilisation"] == pytest.approx(one.forecast.utilisation, abs=0.03)
    assert one.measured["wait_s"] == pytest.approx(one.forecast.wait_s, rel=0.5)
    assert one.measured["loss"] == 0.0
    [before] = rs.explain(path).stations
    assert before.measured is None
    assert before.forecast == one.forecast
