"""The engine against queueing theory: formulas of Kleinrock, "Queueing Systems" I (1975), unless said otherwise.

Each test runs ten replications, leaves out the warm-up, and asks that the exact value lies in the 99 % interval of
the replications' means, and that the interval is narrow enough to notice a wrong model.
"""

from math import factorial

import pytest
from scipy import stats

from rustok_sim.testing import scenario_of, simulate

CONFIDENCE = 0.99
REPLICATIONS = 10
EXPONENTIAL = {"dist": "exponential", "mean_s": 1.0}


def means(measure, *, load=None, rate_per_s=0.8, horizon_s=22_000.0, warmup_s=2_000.0, **station):
    """What *measure* makes of the records of each replication of one queue."""
    load = load or [{"name": "c", "route": ["q"], "arrivals": {"process": "poisson", "rate_per_s": rate_per_s}}]
    queue = {"servers": 1, "service": EXPONENTIAL} | station
    scenario = scenario_of(seed=7, horizon_s=horizon_s, warmup_s=warmup_s, load=load, stations={"q": queue})
    values = []
    for replication in range(REPLICATIONS):
        records = [r for r in simulate(scenario, replication=replication) if (r.begin_s or 0.0) >= warmup_s]
        values.append(measure(records))
    return values


def assert_holds(exact, values, *, relative_half_width):
    """The interval covers *exact* and is no wider than it should be."""
    low, high = stats.t.interval(CONFIDENCE, len(values) - 1, loc=stats.tmean(values), scale=stats.sem(values))
    assert low <= exact <= high
    assert (high - low) / 2 < relative_half_width * exact


def mean_wait(records):
    """Mean time in the queue of those served."""
    waits = [r.wait_s for r in records if r.kind == "station.served"]
    return sum(waits) / len(waits)


def mean_sojourn(records):
    """Mean time in the station of those served."""
    times = [r.at_s - r.begin_s for r in records if r.kind == "station.served"]
    return sum(times) / len(times)


def erlang_c(servers, load):
    """The probability that an arrival waits in M/M/c with *load* = arrival rate times mean service."""
    top = load**servers / factorial(servers) * servers / (servers - load)
    return top / (sum(load**k / factorial(k) for k in range(servers)) + top)


def test_mm1_waits_rho_over_mu_minus_lambda():
    """W_q = 0.8 / (1 - 0.8) = 4 s."""
    assert_holds(4.0, means(mean_wait), relative_half_width=0.15)


def test_mm3_waits_by_erlang_c():
    """W_q = C(3, 2.4) / (3 - 2.4)."""
    assert_holds(erlang_c(3, 2.4) / 0.6, means(mean_wait, rate_per_s=2.4, servers=3), relative_half_width=0.1)


@pytest.mark.parametrize(
    ("service", "square_of_cv"),
    [
        ({"dist": "constant", "value_s": 1.0}, 0.0),
        ({"dist": "erlang", "k": 4, "mean_s": 1.0}, 0.25),
        ({"dist": "uniform", "low_s": 0.0, "high_s": 2.0}, 1 / 3),
        ({"dist": "lognormal", "mean_s": 1.0, "cv": 1.5}, 2.25),
        ({"dist": "hyperexponential", "mean_s": 1.0, "cv": 2.0}, 4.0),
    ],
    ids=["constant", "erlang", "uniform", "lognormal", "hyperexponential"],
)
def test_mg1_waits_by_pollaczek_and_khinchine(service, square_of_cv):
    """W_q = rho (1 + cv²) / (2 (1 - rho)), in services, at rho = 0.7."""
    exact = 0.7 * (1 + square_of_cv) / (2 * 0.3)
    assert_holds(exact, means(mean_wait, rate_per_s=0.7, service=service), relative_half_width=0.2)


def test_a_finite_queue_rejects_by_the_birth_and_death_formula():
    """M/M/1 with room for 4 in all: P(full) = rho^4 (1 - rho) / (1 - rho^5) at rho = 0.8."""

    def rejected(records):
        ended = [r for r in records if r.kind in {"station.served", "station.rejected"}]
        return sum(r.kind == "station.rejected" for r in ended) / len(ended)

    exact = 0.8**4 * 0.2 / (1 - 0.8**5)
    assert_holds(exact, means(rejected, queue_limit=3), relative_half_width=0.05)


@pytest.mark.parametrize(
    "service", [EXPONENTIAL, {"dist": "hyperexponential", "mean_s": 1.0, "cv": 2.0}], ids=["M", "H2"]
)
def test_processor_sharing_does_not_care_for_the_law_of_service(service):
    """Mean sojourn 1 / (1 - rho) whatever the variance: M/G/1-PS is insensitive (Sakata, Noguchi, Oizumi 1971)."""
    values = means(mean_sojourn, rate_per_s=0.7, service=service, discipline="processor_sharing")
    assert_holds(1 / 0.3, values, relative_half_width=0.15)


def test_processor_sharing_by_three_servers_has_the_population_of_mm3():
    """With exponential service the number inside does not depend on the order: the sojourn is that of M/M/3."""
    exact = erlang_c(3, 2.4) / 0.6 + 1.0
    values = means(mean_sojourn, rate_per_s=2.4, servers=3, discipline="processor_sharing")
    assert_holds(exact, values, relative_half_width=0.1)


def test_last_come_first_served_keeps_the_mean_wait():
    """The order of service does not change how much work waits: the same 4 s."""
    assert_holds(4.0, means(mean_wait, discipline="lifo"), relative_half_width=0.2)


def test_priorities_wait_by_cobham():
    """Two classes of 0.4/s: W_1 = R / (1 - rho_1), W_2 = R / ((1 - rho_1)(1 - rho)), R = 0.8 (Cobham 1954)."""
    load = [
        {"name": name, "route": ["q"], "priority": i, "arrivals": {"process": "poisson", "rate_per_s": 0.4}}
        for i, name in enumerate(["first", "second"])
    ]

    def wait_of(number):
        return lambda records: mean_wait([r for r in records if r.correlation // 10**9 == number])

    assert_holds(0.8 / 0.6, means(wait_of(1), load=load, discipline="priority"), relative_half_width=0.05)
    assert_holds(0.8 / (0.6 * 0.2), means(wait_of(2), load=load, discipline="priority"), relative_half_width=0.25)


def test_a_closed_class_has_the_throughput_of_the_machine_repair_model():
    """Five users who think 4 s, one server of 1 s: X = (1 - p0), p0 = 1 / sum 5!/(5-k)! (1/4)^k."""
    p0 = 1 / sum(factorial(5) / factorial(5 - k) * 0.25**k for k in range(6))
    load = [{"name": "u", "route": ["q"], "users": {"count": 5, "think": {"dist": "exponential", "mean_s": 4.0}}}]

    def throughput(records):
        return sum(r.kind == "request.finished" for r in records) / 20_000.0

    assert_holds(1 - p0, means(throughput, load=load), relative_half_width=0.03)


def test_a_tandem_of_two_queues_is_two_independent_queues():
    """Burke's theorem: the second queue of an M/M/1 tandem waits as if it stood alone, 0.7 / 0.3 at rate 0.7."""
    scenario = scenario_of(
        seed=7,
        horizon_s=22_000.0,
        stations={name: {"servers": 1, "service": EXPONENTIAL} for name in ("a", "b")},
        load=[{"name": "c", "route": ["a", "b"], "arrivals": {"process": "poisson", "rate_per_s": 0.7}}],
    )
    values = [
        mean_wait([r for r in simulate(scenario, replication=i) if r.site == "b" and r.begin_s >= 2_000.0])
        for i in range(REPLICATIONS)
    ]
    assert_holds(0.7 / 0.3, values, relative_half_width=0.15)
