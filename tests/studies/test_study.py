"""Runs, replications and intervals."""

import math

import polars as pl
import pytest

import rustok_sim as rs
from rustok_sim.core.errors import RunError
from rustok_sim.studies import Replications, estimate, facts_of, paired_difference
from rustok_sim.testing import scenario_of

QUEUE = """
schema_version = 1
name = "queue"
seed = 5
horizon_s = 500
warmup_s = 50

[[load]]
name = "customers"
route = ["desk"]
arrivals = { process = "poisson", rate_per_s = 0.8 }

[stations.desk]
servers = 1
service = { dist = "exponential", mean_s = 1.0 }
"""


@pytest.fixture
def queue(tmp_path):
    """A scenario file."""
    path = tmp_path / "queue.toml"
    path.write_text(QUEUE, encoding="utf-8")
    return path


def test_an_interval_is_students():
    """1, 2, 3: mean 2, s = 1, t(0.975, 2) = 4.30265: half width 4.30265 / sqrt(3) (any table of Student's t)."""
    found = estimate([1.0, 2.0, 3.0])
    assert found.mean == 2.0
    assert found.half_width == pytest.approx(4.30265 / math.sqrt(3), rel=1e-5)


def test_one_replication_has_a_mean_and_no_interval():
    """The bounds are not numbers, and the text says so."""
    found = estimate([2.0])
    assert math.isnan(found.low)
    assert str(found) == "2 (one replication: no interval)"


def test_what_was_never_measured_has_no_value():
    """No replication: neither a mean nor an interval, and not the text of one replication."""
    found = estimate([])
    assert math.isnan(found.mean)
    assert str(found) == "no value"


def test_a_paired_difference_forgets_what_both_met_alike():
    """Differences 1, 1, 1 of values that vary by tens: no width at all."""
    found = paired_difference([11.0, 21.0, 31.0], [10.0, 20.0, 30.0])
    assert (found.mean, found.low, found.high) == (1.0, 1.0, 1.0)


def test_a_run_can_be_asked_in_sql_and_shown_in_a_notebook(queue, tmp_path):
    """The records of the served are as many as the metrics say, warm-up included in the log alone."""
    run = rs.run(queue, data=tmp_path / "runs")
    counted = run.sql(
        "select count(*) as n from events where kind = $kind and begin_s >= 50", {"kind": "station.served"}
    )
    assert counted.item() == run.metrics.value("stations.desk.served")
    assert run.held
    assert "<table>" in run._repr_html_()
    assert run.name in repr(run)


def test_a_scenario_made_in_python_runs_without_a_file(queue, tmp_path):
    """The same tables give the same digest; overrides go with files alone."""
    scenario = rs.load_scenario(queue)
    assert rs.run(scenario, data=tmp_path / "a").digest == rs.run(queue, data=tmp_path / "b").digest
    with pytest.raises(TypeError, match="scenario file"):
        rs.run(scenario, set={"seed": 1}, data=tmp_path / "c")


def test_narrowed_capture_leaves_out_what_it_cannot_know(queue, tmp_path):
    """Without station records there are no station metrics; the requests are the same."""
    whole = rs.run(queue, data=tmp_path / "runs")
    narrow = rs.run(queue, set={"capture.include": ["request.*"]}, data=tmp_path / "runs")
    assert narrow.metrics["requests"] == whole.metrics["requests"]
    assert "stations" not in narrow.metrics
    assert narrow.record["events"] < whole.record["events"]


def test_variants_meet_the_same_arrivals(queue, tmp_path):
    """Common random numbers: one desk or two, each replication has its own number of customers, the same in both."""
    variants = {"one": {}, "two": {"stations.desk.servers": 2}}
    plan = rs.what_if("desks", queue, variants, replications=4)
    many = rs.study(plan, data=tmp_path, jobs=1, progress=False).at()
    counts = many.values("one", "requests.customers.count")
    assert counts == many.values("two", "requests.customers.count")
    assert len(set(counts)) > 1
    assert many.difference("one", "two", "stations.desk.wait_s_mean").low > 0
    assert many.summary("requests.customers.count").height == 2


def test_a_difference_pairs_replications_by_number_though_some_have_no_value():
    """a has 0, 1, 2; b has 1, 2, 3: paired are 1 and 2, with the differences 10 and 10."""
    columns = ["variant", "replication", "metric", "value"]
    found = [("a", 0, "m", 1.0), ("a", 1, "m", 20.0), ("a", 2, "m", 30.0)]
    found += [("b", 3, "m", 4.0), ("b", 2, "m", 20.0), ("b", 1, "m", 10.0)]
    many = Replications(["a", "b"], pl.DataFrame(found, schema=columns, orient="row"), {})
    difference = many.difference("a", "b", "m")
    assert (difference.mean, difference.low, difference.replications) == (10.0, 10.0, 2)


def test_a_metric_that_was_not_measured_is_refused_by_name(queue, tmp_path):
    """With the variants there are, whether a study is asked or its replications."""
    study = rs.study(rs.what_if("one", queue, {"one": {}}, replications=1), data=tmp_path, jobs=1, progress=False)
    for many in (study, study.at()):
        with pytest.raises(RunError, match=r"variant 'two'; the variants are one"):
            many.values("two", "requests.customers.count")


def test_facts_name_what_a_design_has_even_if_it_idles():
    """v1 on Redis has two breakers, v3 one, moka none; only a fault that ends before the horizon must end."""
    load = [{"name": "web", "operation": "tenant.resolve", "arrivals": {"process": "burst", "at_s": 1.0, "count": 1}}]
    faults = [
        {"kind": "outage", "target": "redis", "at_s": 1.0, "duration_s": 2.0},
        {"kind": "hang", "target": "redis", "at_s": 1.0},
        {"kind": "flush", "target": "redis", "at_s": 7.0},
    ]

    def facts(design):
        return facts_of(scenario_of(load=load, faults=faults, platform={"tenant_cache": {"design": design}}))

    assert facts("v1_as_wired").breakers == ["tenant_data", "tenant_negative"]
    assert facts("moka_breaker").breakers == ["tenant_loader"]
    assert facts("moka").breakers == []
    assert facts("moka").single_flight == ["tenant"]
    assert facts("moka").faults_end_s == {"outage faults.0": 3.0, "flush faults.2": 7.0}


def test_the_public_face_names_what_it_has():
    """Each public name can be had, and an unknown one is an AttributeError, as anywhere in Python."""
    for name in ("run", "study", "what_if", "load_scenario", "catalogue", "ScenarioError", "Scenario"):
        assert getattr(rs, name) is not None
    with pytest.raises(AttributeError, match="fly"):
        rs.fly  # noqa: B018
