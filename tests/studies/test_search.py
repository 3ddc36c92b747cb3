"""The search for a limit, on queues whose limit is known."""

import pytest

import rustok_sim as rs

QUEUE = """
name = "queue"
seed = 3
horizon_s = 300
warmup_s = 20
capture = { include = ["station.*"] }
[[load]]
name = "c"
route = ["desk"]
arrivals = { process = "poisson", rate_per_s = 1 }
[stations.desk]
servers = 1
service = { dist = "exponential", mean_s = 1 }
"""

STUDY = """
question = "How much can the desk bear?"
base = "queue.toml"
metrics = ["stations.desk.utilisation"]
[replications]
min = 4
max = 8
half_width = 1
"""


@pytest.fixture
def search(project, shared):
    """Searches by the lines of a table."""
    (project / "queue.toml").write_text(QUEUE, encoding="utf-8")

    def searched(lines):
        path = project / "study.toml"
        path.write_text(STUDY + "\n[search]\n" + lines, encoding="utf-8")
        return rs.study(path, data=shared, jobs=1, progress=False)

    return searched


RATE = """
find = "max"
path = "load.0.arrivals.rate_per_s"
low = 0.1
high = 1.6
relative_tolerance = 0.2
"""


def test_the_largest_load_is_found_below_the_true_limit(search):
    """Utilisation is the rate: it must not exceed 0.7, so what holds with confidence is below that, and not far."""
    study = search(RATE + 'subject_to = [{ metric = "stations.desk.utilisation", at_most = 0.7 }]\n')
    [found] = study.found
    assert 0.4 < found.value <= 0.7
    assert found.beyond > found.value
    assert found.beyond - found.value <= 0.2 * found.beyond
    assert study.held


def test_the_trace_tells_every_value_and_why(search):
    """The ends of the range come first; a value holds if the whole interval does, and fails if none of it does."""
    [found] = search(RATE + 'subject_to = [{ metric = "stations.desk.utilisation", at_most = 0.7 }]\n').found
    trace = found.to_json()["trace"]
    assert [step["value"] for step in trace[:2]] == [0.1, 1.6]
    assert [step["verdict"] for step in trace[:2]] == ["holds", "fails"]
    for step in trace:
        [told] = step["estimates"]
        assert {"holds": told["high"] <= 0.7, "fails": told["low"] > 0.7, "undecided": step["replications"] == 8}[
            step["verdict"]
        ]


def test_the_whole_range_may_hold(search):
    """Then its end is the answer, and there is nothing beyond."""
    [found] = search(
        RATE.replace("1.6", "0.5") + 'subject_to = [{ metric = "stations.desk.utilisation", at_most = 0.9 }]\n'
    ).found
    assert (found.value, found.beyond) == (0.5, None)


def test_nothing_may_hold_and_then_the_study_does_not(search):
    """No rate keeps the desk idle: the easiest value is told as what does not hold, and the study fails."""
    study = search(RATE + 'subject_to = [{ metric = "stations.desk.utilisation", at_most = 0.001 }]\n')
    [found] = study.found
    assert (found.value, found.beyond) == (None, 0.1)
    assert not study.held
    assert "no value" in str(found)


def test_the_smallest_number_of_servers_is_whole(search):
    """At a rate of 1, utilisation 1 / c must not exceed 0.4: three servers give 1/3, two give 1/2."""
    lines = 'find = "min"\npath = "stations.desk.servers"\nlow = 1\nhigh = 9\nwhole = true\n'
    [found] = search(lines + 'subject_to = [{ metric = "stations.desk.utilisation", at_most = 0.4 }]\n').found
    assert (found.value, found.beyond) == (3, 2)
    assert all(isinstance(step.value, int) for step in found.steps)
