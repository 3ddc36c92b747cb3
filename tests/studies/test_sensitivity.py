"""Which keys move a metric: held against functions whose indices are known, and queues whose formulas are."""

import json
from itertools import pairwise
from math import pi, sin

import pytest

import rustok_sim as rs
from rustok_sim.core.errors import RunError
from rustok_sim.studies.designs import draw, indices, typed
from rustok_sim.studies.format import Range, Sensitivity

QUEUE = """
name = "queue"
seed = 5
horizon_s = {horizon_s}
capture = {{ include = ["station.*"] }}
[[load]]
name = "c"
route = ["desk"]
arrivals = {{ process = "{process}", rate_per_s = 1 }}
[stations.desk]
servers = 1
service = {{ dist = "{service}", {mean} = 0.5 }}
"""
STEADY = QUEUE.format(horizon_s=200, process="constant", service="constant", mean="value_s")
RANDOM = QUEUE.format(horizon_s=200, process="poisson", service="exponential", mean="mean_s")
STUDY = """
question = "What moves the desk?"
base = "queue.toml"
replications = {{ min = 4 }}
[sensitivity]
method = "{method}"
metrics = ["stations.desk.{metric}"]
ranges = [
    {{ path = "load.0.arrivals.rate_per_s", low = 0.5, high = {rate} }},
    {{ path = "stations.desk.service.{mean}", low = 0.2, high = {service} }},
]
"""


@pytest.fixture
def conduct(project, shared):
    """Conducts a sensitivity study of a queue."""

    def conducted(queue, method, metric, *, rate=1.0, service=0.9, more=""):
        (project / "queue.toml").write_text(queue, encoding="utf-8")
        mean = "value_s" if "value_s" in queue else "mean_s"
        text = STUDY.format(method=method, metric=metric, rate=rate, service=service, mean=mean)
        (project / "study.toml").write_text(text + more, encoding="utf-8")
        return rs.study(project / "study.toml", data=shared, jobs=1, progress=False)

    return conducted


def asked(method, *ranges):
    """A sensitivity of these ranges."""
    return Sensitivity(
        method=method,
        ranges=tuple(Range(path=f"key{i}", low=low, high=high) for i, (low, high) in enumerate(ranges)),
    )


def told(question, function, count, *, confidence=0.95):
    """Index by key and name of a function's values at the samples, the way that runs' metrics take."""
    samples = draw(question, count, seed=3)
    results = [function(*map(typed, question.ranges, sample.values)) for sample in samples]
    found = indices(question, samples, results, confidence=confidence, seed=3)
    return {(path, index): estimate for path, index, estimate in found}


def test_sobol_finds_the_shares_of_ishigami():
    """Ishigami and Homma (1990): sin x1 + a sin² x2 + b x3⁴ sin x1 over [-pi, pi]³, whose shares are known."""
    a, b = 7.0, 0.1
    alone = ((1 + b * pi**4 / 5) ** 2 / 2, a**2 / 8, 0.0)
    together = b**2 * pi**8 * 8 / 225
    whole = sum(alone) + together
    total = (alone[0] + together, alone[1], together)
    found = told(asked("sobol", *[(-pi, pi)] * 3), lambda x, y, z: sin(x) + a * sin(y) ** 2 + b * z**4 * sin(x), 1024)
    for i in range(3):
        for index, true in (("first_order", alone[i] / whole), ("total", total[i] / whole)):
            one = found[f"key{i}", index]
            assert one.low - 1e-9 <= true <= one.high + 1e-9, (i, index)
            assert one.mean == pytest.approx(true, abs=0.04)
            assert one.replications == 1024


def test_morris_finds_the_slopes_of_a_plane():
    """An effect counts over the whole range: slope times width, the same everywhere, so that it has no spread."""
    found = told(asked("morris", (0.0, 2.0), (1.0, 4.0)), lambda x, y: 5.0 * x - 2.0 * y, 8)
    values = {key: estimate.mean for key, estimate in found.items()}
    assert values == pytest.approx(
        {
            ("key0", "mu_star"): 10.0,
            ("key0", "mu"): 10.0,
            ("key0", "sigma"): 0.0,
            ("key1", "mu_star"): 6.0,
            ("key1", "mu"): -6.0,
            ("key1", "sigma"): 0.0,
        },
        abs=1e-9,
    )


def test_runs_of_one_trajectory_share_their_luck_and_differ_in_one_key():
    """Each step of a trajectory moves one key; the replication changes from one trajectory to the next."""
    samples = draw(asked("morris", (0.0, 1.0), (0.0, 1.0), (0.0, 1.0)), 5, seed=1)
    assert [sample.replication for sample in samples] == [i for i in range(5) for _ in range(4)]
    for one, other in pairwise(samples):
        if one.replication == other.replication:
            assert sum(a != b for a, b in zip(one.values, other.values, strict=True)) == 1


def test_whole_numbers_have_equal_shares():
    """Of a range from 1 to 4 each number is drawn about as often: the ends do not get half."""
    question = Sensitivity(method="sobol", ranges=(Range(path="servers", low=1, high=4, whole=True),))
    values = [typed(question.ranges[0], sample.values[0]) for sample in draw(question, 256, seed=2)]
    assert all(isinstance(value, int) for value in values)
    assert all(0.2 < values.count(value) / len(values) < 0.3 for value in (1, 2, 3, 4))


def test_sobol_finds_the_shares_of_a_product_in_real_runs(conduct):
    """Utilisation is rate times service time: Var(E[xy|x]) = E[y]² Var(x), and what is left belongs to both."""
    study = conduct(STEADY, "sobol", "utilisation")
    (ex, vx), (ey, vy) = ((0.75, 0.5**2 / 12), (0.55, 0.7**2 / 12))
    whole = vx * ey**2 + vy * ex**2 + vx * vy
    true = {
        ("load.0.arrivals.rate_per_s", "first_order"): vx * ey**2 / whole,
        ("load.0.arrivals.rate_per_s", "total"): (vx * ey**2 + vx * vy) / whole,
        ("stations.desk.service.value_s", "first_order"): vy * ex**2 / whole,
        ("stations.desk.service.value_s", "total"): (vy * ex**2 + vx * vy) / whole,
    }
    found = {(row.path, row.index): row.estimate for row in study.influences.rows}
    assert found.keys() == true.keys()
    assert all(found[key].low <= true[key] <= found[key].high for key in true)
    assert study.ran + study.reused == 4 + 16 * 4


def test_a_tornado_of_a_single_server_has_the_swings_of_the_formula(conduct):
    """M/M/1: the mean wait is rho s / (1 - rho); the longer service time moves it more than the higher rate."""
    study = conduct(RANDOM, "one_at_a_time", "wait_s_mean", rate=1.2, service=0.75)

    def wait(rate, service):
        return rate * service**2 / (1 - rate * service)

    swings = study.influences.ranked("base", {}, "stations.desk.wait_s_mean", "swing")
    assert wait(1, 0.75) - wait(1, 0.2) > wait(1.2, 0.5) - wait(0.5, 0.5)
    assert [row.path for row in swings] == ["stations.desk.service.mean_s", "load.0.arrivals.rate_per_s"]
    for row in swings:
        parts = {
            end: next(one for one in study.influences.rows if (one.path, one.index) == (row.path, end)).estimate
            for end in ("low", "high")
        }
        assert parts["low"].mean < 0.0 < parts["high"].mean
        assert row.estimate.mean == pytest.approx(parts["high"].mean - parts["low"].mean)


def test_what_is_done_is_not_done_again_and_the_seed_decides_the_samples(conduct):
    """A second study finds every run; the same file gives the same samples."""
    first = conduct(RANDOM, "morris", "wait_s_mean", more="samples = 3\n")
    again = conduct(RANDOM, "morris", "wait_s_mean", more="samples = 3\n")
    assert again.ran == 0
    assert again.influences.table().equals(first.influences.table())


def test_the_answer_reads_as_json_frame_and_table(conduct):
    """A row for each index of each key; what has no interval has none in JSON either."""
    study = conduct(RANDOM, "morris", "wait_s_mean", more="samples = 3\n")
    rows = json.loads(json.dumps(study.to_json(), allow_nan=False))["sensitivity"]
    assert [row["index"] for row in rows] == ["mu_star", "mu", "sigma"] * 2
    assert {row["index"] for row in rows if row["low"] is None} == {"mu", "sigma"}
    frame = study.influences.table()
    assert frame.columns == ["variant", "where", "metric", "path", "index", "value", "low", "high", "samples"]
    assert frame["value"].to_list() == [row["value"] for row in rows]
    assert "stations.desk.service.mean_s" in study.influences._repr_html_()


def test_a_metric_that_never_moves_has_no_shares(conduct):
    """Nobody is turned away: there is no variance to share, and the study says so."""
    study = conduct(STEADY, "sobol", "rejected", more="samples = 2\n")
    assert all(row.estimate.mean != row.estimate.mean for row in study.influences.rows)
    assert [warning for warning in study.warnings if "stations.desk.rejected" in warning]


def test_without_its_library_the_extra_is_named(conduct, monkeypatch):
    """Before any run; a tornado needs no library."""
    monkeypatch.setattr("rustok_sim.studies.extras.find_spec", lambda name: None)
    with pytest.raises(RunError, match=r"needs the extra 'sensitivity': pip install 'rustok-sim\[sensitivity\]'"):
        conduct(RANDOM, "morris", "wait_s_mean", more="samples = 3\n")
    assert conduct(RANDOM, "one_at_a_time", "wait_s_mean", rate=1.2, service=0.75).influences.rows
