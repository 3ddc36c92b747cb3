"""What a study promises of its statistics, held against queues whose truth is known."""

from statistics import variance
from time import process_time

import pytest

from rustok_sim.studies import estimate, paired_difference
from rustok_sim.studies.precision import Precision
from rustok_sim.studies.run import run
from rustok_sim.studies.tasks import execute, task_of
from rustok_sim.testing import scenario_of, simulate

STUDIES = 400


def queue(*, rate_per_s, horizon_s, warmup_s=0.0, **desk):
    """One server of unit mean service."""
    return scenario_of(
        horizon_s=horizon_s,
        warmup_s=warmup_s,
        load=[{"name": "c", "route": ["q"], "arrivals": {"process": "poisson", "rate_per_s": rate_per_s}}],
        stations={"q": {"servers": 1, "service": {"dist": "exponential", "mean_s": 1.0}} | desk},
    )


def mean_wait(scenario, seed, replication):
    """Mean wait of those served after the warm-up, in one run."""
    records = simulate(scenario, seed=seed, replication=replication)
    waits = [r.wait_s for r in records if r.kind == "station.served" and r.begin_s >= scenario.warmup_s]
    return sum(waits) / len(waits)


def rejected_share(scenario, seed, replication):
    """The share of customers that a full queue turned away, in one run."""
    ended = [r.kind for r in simulate(scenario, seed=seed, replication=replication) if r.kind.startswith("station.")]
    return ended.count("station.rejected") / len(ended)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_intervals_cover_the_truth_as_often_as_they_say():
    """400 studies of M/M/1 at 50 %, ten replications each: the 95 % interval holds the true wait of 1 s in 92 to 98 %.

    The number of hits is binomial: 95 % of 400 has a standard deviation of 1.1 points.
    """
    scenario = queue(rate_per_s=0.5, horizon_s=2200.0, warmup_s=200.0)
    covered = 0
    for seed in range(STUDIES):
        found = estimate([mean_wait(scenario, seed, i) for i in range(10)])
        covered += found.low <= 1.0 <= found.high
    print(f"covered {covered / STUDIES:.1%}")
    assert 0.92 <= covered / STUDIES <= 0.98


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_looking_again_and_again_finds_no_difference_that_is_not_there():
    """400 comparisons of a variant with itself on other luck, each stopped by the precision of both means: the 95 %
    interval of the difference leaves out zero in 2 to 8 %.
    """
    scenario = queue(rate_per_s=0.5, horizon_s=300.0)
    rule = Precision(5, 200, relative=0.2, look_ahead=5)
    declared, counts = 0, []
    for number in range(STUDIES):
        first: list[float] = []
        second: list[float] = []
        stops: list[int | None] = [None, None]
        while None in stops:
            for values, seed in ((first, 2 * number), (second, 2 * number + 1)):
                values += [mean_wait(scenario, seed, i) for i in range(len(values), len(values) + 5)]
            stops = [rule.enough(first), rule.enough(second)]
        n = max(stop for stop in stops if stop is not None)
        found = paired_difference(first[:n], second[:n])
        declared += not found.low <= 0.0 <= found.high
        counts.append(n)
    print(f"declared {declared / STUDIES:.1%} after {min(counts)} to {max(counts)} replications")
    assert 0.02 <= declared / STUDIES <= 0.08
    assert min(counts) < max(counts)


def test_keyed_draws_need_far_fewer_replications_than_independent_seeds():
    """A queue limit of 8 against 9 at a load of 0.9: the variance of the difference, and with it the number of
    replications for one width, is at least 15 times smaller when both meet the same luck.
    """
    eight, nine = (queue(rate_per_s=0.9, horizon_s=600.0, queue_limit=limit) for limit in (8, 9))
    n = 40
    first = [rejected_share(eight, 1, i) for i in range(n)]
    same_luck = [rejected_share(nine, 1, i) for i in range(n)]
    other_luck = [rejected_share(nine, 2, i) for i in range(n)]
    keyed = variance(a - b for a, b in zip(first, same_luck, strict=True))
    independent = variance(a - b for a, b in zip(first, other_luck, strict=True))
    print(f"{independent / keyed:.0f} times as many replications")
    assert independent >= 15 * keyed


def test_a_task_costs_little_beyond_its_run(tmp_path):
    """Hashing, directory and summary: under 50 ms of this process's time; and a run of 60 s at 20 requests a second
    takes less than the 1.44 s that a thousand of them in 12 minutes on two cores allow.
    """
    scenario = queue(rate_per_s=20.0, horizon_s=60.0, service={"dist": "exponential", "mean_s": 0.04})
    own, beyond = [], []
    for i in range(12):
        begin = process_time()
        run(scenario, replication=i, data=tmp_path / "runs")
        middle = process_time()
        execute(task_of(scenario, scenario.scenario_hash, i, {}, {}), tmp_path / "tasks", events=False)
        end = process_time()
        own.append(middle - begin)
        beyond.append((end - middle) - (middle - begin))
    print(f"a run {sorted(own)[6]:.3f} s, beyond it {sorted(beyond)[6]:.3f} s")
    assert sorted(beyond)[6] < 0.05
    assert sorted(own)[6] + sorted(beyond)[6] < 1.44
