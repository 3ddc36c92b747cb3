"""Studies from file to answer."""

import json

import pytest

import rustok_sim as rs
from rustok_sim.core.errors import RunError
from rustok_sim.studies import estimate
from rustok_sim.studies.gather import Gatherer
from rustok_sim.studies.workers import Workers

SWEEP = """
[[sweep]]
path = "load.0.arrivals.rate_per_s"
values = [5, 9]
"""


@pytest.fixture
def conduct(project, shared):
    """Conducts a study in this process."""
    return lambda path, **options: rs.study(path, data=shared, jobs=1, progress=False, **options)


@pytest.fixture
def conduct_afresh(project):
    """As ``conduct``, where nothing has been done before."""
    return lambda path, **options: rs.study(path, data=project / "studies", jobs=1, progress=False, **options)


def test_the_answer_has_the_names_that_scripts_rely_on(conduct, study_file):
    """Rows, comparisons and checks as the format fixes them, and nothing that JSON cannot hold."""
    found = conduct(study_file(more=SWEEP)).to_json()
    json.dumps(found, allow_nan=False)
    assert found["study"] == "study"
    assert found["question"] == "How many customers does one more place in the queue save?"
    assert len(found["rows"]) == 4
    assert {"variant", "factors", "metric", "mean", "low", "high", "replications"} <= found["rows"][0].keys()
    assert found["rows"][0]["factors"] == {"load.0.arrivals.rate_per_s": 5}
    assert [one["variants"] for one in found["comparisons"]] == [["eight", "nine"]] * 2
    assert {"factors", "metric", "difference", "low", "high"} <= found["comparisons"][0].keys()
    assert [one["factors"] for one in found["checks"]] == [
        {"load.0.arrivals.rate_per_s": 5},
        {"load.0.arrivals.rate_per_s": 9},
    ]


def test_a_row_is_the_interval_over_the_runs_of_its_scenario(conduct, study_file, project):
    """Replication i of the study is replication i of the scenario run alone; the interval is Student's over them."""
    study = conduct(study_file())
    alone = [
        rs.run("queue.toml", set={"stations.desk.queue_limit": 9}, replication=i, data=project / "runs").metrics.value(
            "stations.desk.rejected"
        )
        for i in range(4)
    ]
    assert study.values("nine", "stations.desk.rejected") == alone
    [row] = [row for row in study.rows if row.variant == "nine"]
    assert row.estimate == estimate(alone)


def test_differences_are_paired_and_wide_enough_for_all_of_them(conduct, study_file):
    """Two comparisons: each interval has 97.5 %, so that both hold together with 95 % (Bonferroni)."""
    study = conduct(study_file(more=SWEEP))
    where = {"load.0.arrivals.rate_per_s": 9}
    a, b = (study.at(where).values(name, "stations.desk.rejected") for name in ("eight", "nine"))
    expected = estimate([x - y for x, y in zip(a, b, strict=True)], confidence=0.975)
    assert study.comparisons.rows[1].difference == expected
    assert study.to_json()["correction"] == {"method": "bonferroni", "comparisons": 2, "confidence_each": 0.975}
    [alone] = [one for one in study.compare("eight", "nine").rows if one.factors == where]
    assert alone.difference == expected


def test_variants_meet_the_same_arrivals_one_by_one(conduct, study_file, project):
    """Keyed draws: with one place more, every customer arrives at the same moment, in every replication."""
    study = conduct(study_file())
    assert study.values("eight", "requests.customers.count") == study.values("nine", "requests.customers.count")
    asked = "select begin_s from events where kind like 'request.%' order by begin_s"
    runs = [
        rs.run("queue.toml", set={"stations.desk.queue_limit": limit}, replication=3, data=project / "runs")
        for limit in (8, 9)
    ]
    assert runs[0].sql(asked).equals(runs[1].sql(asked))
    assert runs[0].digest != runs[1].digest


@pytest.mark.parametrize(
    ("bounds", "held"),
    [
        ("at_least = {low}", True),
        ("at_least = {mean}", False),
        ("at_most = {mean}", False),
        ("at_most = {high}", True),
        ("at_least = {low}\nat_most = {high}", True),
    ],
)
def test_a_check_is_held_against_the_far_end_of_the_interval(conduct, study_file, bounds, held):
    """What luck may have made is no claim: a mean just above the bound does not hold it."""
    text = 'question = "What is served?"\nbase = "queue.toml"\nreplications = { min = 4 }\n'
    found = conduct(study_file(text, more='metrics = ["stations.desk.wait_s_mean"]\n')).rows[0].estimate
    values = {"low": found.low - 1e-9, "mean": found.mean, "high": found.high + 1e-9}
    check = f'\n[[checks]]\nmetric = "stations.desk.wait_s_mean"\n{bounds.format(**values)}\n'
    study = conduct(study_file(text, more=check))
    assert study.held is held
    assert study.ran == 0


def test_a_metric_that_has_no_value_is_no_proof(conduct, study_file):
    """Nobody is served in the last millisecond: the mean wait does not exist, so the check does not hold."""
    text = """
question = "How long does nobody wait?"
base = "queue.toml"
set = { warmup_s = 19.999 }
replications = { min = 3 }
[[checks]]
metric = "stations.desk.wait_s_mean"
at_most = 1e9
"""
    [check] = conduct(study_file(text)).checks
    assert not check.held
    assert check.missing > 0


def test_a_status_that_nobody_got_was_got_no_times(conduct, study_file):
    """The log of a station has no HTTP status at all; a count that is absent is a count of 0."""
    check = '\n[[checks]]\nmetric = "requests.customers.by_status.418"\nat_most = 0\n'
    assert all(one.held for one in conduct(study_file(more=check)).checks[1:])


def test_replications_go_on_until_every_metric_of_every_variant_is_precise(conduct, study_file):
    """All variants have the same number; at the number before the look-ahead the rule had not stopped."""
    asked = 'relative_half_width = 0.3\nmetrics = ["stations.desk.wait_s_mean", "stations.desk.utilisation"]\nmax = 200'
    text = study_file().read_text(encoding="utf-8").replace("min = 4", f"min = 4\n{asked}")
    study = conduct(study_file(text))
    counts = {row.estimate.replications for row in study.rows}
    [n] = counts
    assert 9 <= n < 200
    assert all(
        row.estimate.half_width <= 0.3 * row.estimate.mean
        for row in study.rows
        if row.metric.startswith("stations") and row.metric != "stations.desk.rejected"
    )
    assert not [warning for warning in study.warnings if "precision" in warning]


def test_a_precision_that_is_not_reached_is_told(conduct, study_file):
    """With at most five replications, one in a thousand is out of reach: the rows say so, and so do the warnings."""
    text = study_file().read_text(encoding="utf-8").replace("min = 4", "min = 4\nmax = 5\nrelative_half_width = 0.001")
    study = conduct(study_file(text))
    assert {row.estimate.replications for row in study.rows} == {5}
    assert [row.precise for row in study.rows] == [False, False]
    assert any("precision of stations.desk.rejected in eight" in warning for warning in study.warnings)


def test_what_is_done_is_not_done_again_and_what_has_changed_is(conduct_afresh, study_file):
    """Eight runs; none the second time; four for another limit of one variant; two for a replication more."""
    assert (conduct_afresh(study_file()).ran, conduct_afresh(study_file()).ran) == (8, 0)
    text = study_file().read_text(encoding="utf-8")
    changed = conduct_afresh(study_file(text.replace("queue_limit = 9", "queue_limit = 10")))
    assert (changed.ran, changed.reused) == (4, 4)
    more = conduct_afresh(study_file(text.replace("min = 4", "min = 5")))
    assert (more.ran, more.reused) == (2, 8)
    assert conduct_afresh(study_file(text), seed=9).ran == 8


def test_variants_that_are_the_same_scenario_share_their_runs(conduct_afresh, study_file):
    """A run is known by what decides it, not by the variant that asks for it."""
    assert conduct_afresh(study_file(more="\n[variants.again]\n")).ran == 8


def test_a_broken_summary_is_made_anew(conduct_afresh, study_file):
    """A file that was cut short by hand is no result."""
    study = conduct_afresh(study_file())
    [first, *_] = sorted((study.directory / "tasks").glob("*/summary.json"))
    first.write_text(first.read_text(encoding="utf-8")[:100], encoding="utf-8")
    again = conduct_afresh(study_file())
    assert (again.ran, again.reused) == (1, 7)
    assert again.to_json()["rows"] == study.to_json()["rows"]


def test_event_logs_are_kept_where_asked(conduct_afresh, study_file):
    """Asked for later, the runs are made again for the sake of their logs, and can be asked in SQL."""
    conduct_afresh(study_file())
    keeping = study_file(study_file().read_text(encoding="utf-8").replace("base =", 'keep = "events"\nbase ='))
    study = conduct_afresh(keeping)
    logs = sorted((study.directory / "tasks").glob("*/*/events.parquet"))
    assert (study.ran, len(logs)) == (8, 8)
    assert rs.Run(logs[0].parent).sql("select count(*) from events").item() > 0
    assert conduct_afresh(keeping).ran == 0


def test_quick_takes_what_the_file_says(conduct, study_file):
    """Two replications of ten seconds, in a directory of their own."""
    study = conduct(study_file(more="\n[quick]\nreplications = 2\nhorizon_s = 10\n"), quick=True)
    assert {row.estimate.replications for row in study.rows} == {2}
    assert study.plan.points[0].scenarios["eight"].horizon_s == 10
    assert study.directory.name == "study-quick"


def test_a_study_is_a_tidy_frame_and_a_table_in_a_notebook(conduct, study_file):
    """A row for each run and metric, with a column for each factor; the text is escaped."""
    text = study_file(more=SWEEP).read_text(encoding="utf-8").replace("How many", "<b>How</b> many")
    study = conduct(study_file(text))
    assert study.frame.columns == ["variant", "load.0.arrivals.rate_per_s", "replication", "metric", "value"]
    counts = study.frame.filter(metric="requests.customers.count")
    assert counts.height == 2 * 2 * 4
    assert study.table().columns[:3] == ["variant", "load.0.arrivals.rate_per_s", "metric"]
    assert "&lt;b&gt;How" in study._repr_html_()
    assert "holds" in study._repr_html_()
    assert "eight" in study.compare("eight", "nine")._repr_html_()


def test_a_point_is_asked_for_by_its_factors(conduct, study_file):
    """Without them a swept study has no one answer; the error names the points."""
    study = conduct(study_file(more=SWEEP))
    with pytest.raises(RunError, match=r"picks 2 points of study study; its points are load.0.*= 5; load"):
        study.estimate("eight", "stations.desk.rejected")
    assert study.estimate("eight", "stations.desk.rejected", where={"load.0.arrivals.rate_per_s": 9}).mean > 0


def test_workers_do_not_change_the_answer(study_file, project):
    """One process or two: the same rows, comparisons and checks, to the last digit."""
    answers = [
        rs.study(study_file(), data=project / f"studies-{jobs}", jobs=jobs, progress=False).to_json() for jobs in (1, 2)
    ]
    assert [answers[0][key] for key in ("rows", "comparisons", "checks")] == [
        answers[1][key] for key in ("rows", "comparisons", "checks")
    ]


def test_a_worker_that_dies_is_replaced(study_file, project, monkeypatch):
    """One of the two is killed after its second task; every run is made all the same, and finished ones stay."""
    from rustok_sim.studies import load_study

    plan = load_study(study_file())
    once = project / "killed-once"
    scenario = plan.points[0].scenarios["eight"]
    monkeypatch.setattr("rustok_sim.studies.gather.execute", _Deadly(once))
    with Workers(2) as workers:
        gatherer = Gatherer(project / "killed", workers, progress=False)
        gatherer.make([(scenario, 6)])
    assert once.exists()
    assert len(gatherer.summaries(scenario, 6)) == 6
    assert len(list((project / "killed" / "tasks").glob("*/summary.json"))) == 6


class _Deadly:
    """Runs a task as ``execute`` does, but kills its own process the first time it comes to replication 3."""

    def __init__(self, once):
        self.once = once

    def __call__(self, task, **options):
        import os
        import signal

        from rustok_sim.studies.tasks import execute

        if task.replication == 3 and not self.once.exists():
            self.once.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(task, **options)
