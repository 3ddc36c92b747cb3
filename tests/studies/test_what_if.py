"""Studies without a file: what a notebook asks with parameters of its own, conducted by the one engine."""

from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rustok_sim as rs
from rustok_sim.core.errors import RunError, ScenarioError
from rustok_sim.studies.tasks import execute

LIMIT = "stations.desk.queue_limit"
VARIANTS = {"eight places": {LIMIT: 8}, "one place": {LIMIT: 1}}
SERVED = {"served": "select count(*) as n, max(at_s) as last_s from events where kind = 'station.served'"}
WAITS = {"waits": "select at_s, at_s - begin_s as wait_s from events where kind = 'station.served' order by at_s"}


@pytest.fixture
def ask(project):
    """The plan of two variants, three times each, with a query and a frame; anything of it may be asked otherwise."""

    def plan(**other):
        asked = {
            "name": "places",
            "scenario": "queue.toml",
            "variants": VARIANTS,
            "replications": 3,
            "queries": SERVED,
            "frames": WAITS,
        }
        return rs.what_if(**asked | other)

    return plan


def conducted(plan, data="studies", jobs=1):
    """The study of *plan* below the project."""
    return rs.study(plan, data=data, jobs=jobs, progress=False)


def test_what_it_finds_is_what_single_runs_give(ask, project):
    """Replication i of a variant is replication i of the scenario run alone: its metrics, its query, its frame."""
    study = conducted(ask())
    for variant, own in VARIANTS.items():
        runs = [rs.run("queue.toml", set=own, replication=i, data=project / "runs") for i in range(3)]
        waited = "stations.desk.wait_s_mean"
        assert study.values(variant, waited) == [run.metrics.value(waited) for run in runs]
        assert study.values(variant, "served.n") == [run.sql(SERVED["served"])["n"].item() for run in runs]
        kept = study.frames["waits"].filter(variant=variant)
        assert kept.columns == ["variant", "replication", "at_s", "wait_s"]
        assert kept["wait_s"].to_list() == [x for run in runs for x in run.sql(WAITS["waits"])["wait_s"]]


def test_what_is_set_for_all_lies_below_each_variants_own(ask):
    """One server of two remains where the variant says so."""
    plan = ask(set={"stations.desk.servers": 2, LIMIT: 3}, variants={"both": {}, "own": {"stations.desk.servers": 1}})
    [point] = plan.points
    desks = {name: scenario.stations["desk"] for name, scenario in point.scenarios.items()}
    assert {name: (desk.servers, desk.queue_limit) for name, desk in desks.items()} == {"both": (2, 3), "own": (1, 3)}


def test_what_is_done_is_not_done_again(ask):
    """Nothing the second time, with the same frames; what a third plan of that name shares with the first is kept."""
    first, second = conducted(ask()), conducted(ask())
    assert (first.ran, second.ran, second.reused) == (6, 0, 6)
    assert second.frames["waits"].equals(first.frames["waits"])
    other = ask(variants={"eight places": {LIMIT: 8}, "two places": {LIMIT: 2}}, replications=4)
    assert (conducted(other).ran, conducted(other).ran) == (5, 0)
    assert conducted(ask()).ran == 0


@pytest.mark.parametrize(
    "other", [{"queries": {}}, {"frames": {}}, {"frames": WAITS | {"all": "from events"}}, {"set": {"horizon_s": 19}}]
)
def test_another_question_is_another_task(ask, other):
    """What is asked of a run decides what is kept of it, as the scenario does."""
    conducted(ask())
    assert conducted(ask(**other)).ran == 6


def test_neither_workers_nor_what_was_there_change_the_answer(ask):
    """One process, two, and two that find some tasks done."""
    alone, together = conducted(ask(), "alone"), conducted(ask(), "together", jobs=2)
    conducted(ask(replications=1), "resumed")
    resumed = conducted(ask(), "resumed", jobs=2)
    assert (resumed.ran, resumed.reused) == (4, 2)
    for other in (together, resumed):
        assert other.metrics.equals(alone.metrics)
        assert other.frames["waits"].equals(alone.frames["waits"])


@pytest.fixture(scope="module")
def in_order(queue_file):
    """What three variants find, asked in a given order, where nothing has been done before."""
    limits = {"one": 1, "two": 2, "nine": 9}

    def ask_in(order):
        plan = rs.what_if("order", queue_file, {name: {LIMIT: limits[name]} for name in order}, replications=2)
        with TemporaryDirectory() as folder:
            study = conducted(plan, folder)
        return {name: (study.values(name, "stations.desk.rejected"), study.variants.index(name)) for name in limits}

    return ask_in


@settings(max_examples=4, deadline=None)
@given(order=st.permutations(["one", "two", "nine"]))
def test_values_do_not_depend_on_the_order_of_variants(in_order, order):
    """Draws are keyed by replication, never by place: whoever comes first meets the same luck."""
    first, found = in_order(["one", "two", "nine"]), in_order(order)
    assert {name: values for name, (values, _) in found.items()} == {
        name: values for name, (values, _) in first.items()
    }
    assert {name: place for name, (_, place) in found.items()} == {name: place for place, name in enumerate(order)}


def test_an_interrupted_study_keeps_what_was_whole(ask, project, monkeypatch):
    """Interrupted in the fourth task: three are kept with their frames, and the next study makes the others."""
    begun = []

    def interrupted(task, **options):
        begun.append(task)
        if len(begun) == 4:
            raise KeyboardInterrupt
        return execute(task, **options)

    with monkeypatch.context() as patch:
        patch.setattr("rustok_sim.studies.gather.execute", interrupted)
        with pytest.raises(KeyboardInterrupt):
            conducted(ask())
    kept = sorted(path.name for path in (project / "studies/places/tasks").glob("*/*"))
    assert kept == ["frame.waits.parquet"] * 3 + ["summary.json"] * 3
    rest = conducted(ask())
    assert (rest.ran, rest.reused) == (3, 3)
    assert rest.frames["waits"].equals(conducted(ask(), "undisturbed").frames["waits"])


@pytest.mark.parametrize("harm", ["cut short", "gone"])
def test_a_frame_that_is_not_whole_is_made_anew(ask, harm):
    """By hand or by a disk: its task is run again, and only that."""
    study = conducted(ask())
    path = min(study.directory.glob("tasks/*/frame.waits.parquet"))
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-10])
    again = conducted(ask())
    assert (again.ran, again.reused) == (1, 5)
    assert again.frames["waits"].equals(study.frames["waits"])


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (
            {"queries": {"late": "select error('no such thing')"}},
            r"query 'late' is no SQL over events: .*no such thing",
        ),
        ({"queries": {"late": "select at_s from events"}}, r"query 'late' gives \d+ rows for a run, allowed: one"),
        ({"frames": {"late": "select error('no such thing')"}}, r"query 'late' is no SQL over events: .*no such thing"),
        ({"frames": {"late": "select 1 as variant"}}, r"query 'late' has a column 'variant', allowed: any but variant"),
    ],
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_query_that_is_wrong_is_named(ask, project, asked, message, jobs):
    """By the run that finds out, whichever process asked it; nothing of its run is kept."""
    with pytest.raises(RunError, match=message):
        conducted(ask(**asked), jobs=jobs)
    assert list((project / "studies").glob("places/tasks/[!.]*")) == []


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"name": "../places"}, r'what_if "../places": name must be a letter or digit, then .*, not "../places"'),
        ({"variants": {}}, r'what_if "places": variants has none, give at least one'),
        ({"replications": 0}, r'what_if "places": replications.min must be at least 1, not 0'),
        ({"queries": {"requests": "select 1"}}, r'what_if "places": queries.requests is a section of a run\'s metrics'),
        ({"frames": {"A frame": "select 1"}}, r'what_if "places": frames."A frame" is no name'),
        ({"queries": {"late": "selct 1"}}, r'what_if "places": queries.late is no SQL over events: Parser Error'),
        ({"queries": {"late": "copy (select 1) to 'out.csv'"}}, r"queries.late .* only one select is allowed"),
        (
            {"queries": {"late": "select 1; copy (select 1) to 'out.csv'"}},
            r"queries.late .* only one select is allowed",
        ),
        ({"frames": {"late": "select * from read_csv('pyproject.toml')"}}, r"frames.late .* Permission Error"),
        ({"frames": {"late": "select nothing from events"}}, r'what_if "places": frames.late is no SQL .*nothing'),
        ({"metrics": ["stations.desk.waits"]}, r'what_if "places": metrics.0 .* ends in no metric of stations'),
        ({"variants": {"a": {"stations.desk.sevrers": 1}}}, r"--set stations.desk.sevrers: .*did you mean 'servers'"),
        ({"scenario": "quene.toml"}, r"quene.toml: "),
    ],
)
def test_a_plan_that_cannot_be_is_refused_before_anything_runs(ask, other, message):
    """Where, what, and what is allowed."""
    with pytest.raises(ScenarioError, match=message):
        ask(**other)


def test_every_mistake_is_told_at_once(ask):
    """Those of the plan, then those of the variants."""
    with pytest.raises(ScenarioError) as caught:
        ask(name="", replications=-1, variants={"a": {LIMIT: -1}, "b": {"horizon_s": 0}})
    assert [problem.path for problem in caught.value.problems] == ["name", "replications.min", LIMIT, "horizon_s"]


def test_quick_and_seed_go_with_a_file(ask):
    """A plan's scenarios are made: neither could change them any more."""
    for other in ({"quick": True}, {"seed": 1}):
        with pytest.raises(TypeError, match="go with a study file"):
            rs.study(ask(), **other)


def test_what_is_reported_is_compared_with_the_first(ask):
    """Two metrics by one pair; their intervals hold together, that of a difference alone is narrower."""
    study = conducted(ask(metrics=["stations.desk.rejected", "served.n"], question="What do places buy?"))
    assert study.question == "What do places buy?"
    assert [row.metric for row in study.rows] == ["stations.desk.rejected", "served.n"] * 2
    assert [(*one.variants, one.metric) for one in study.comparisons.rows] == [
        ("one place", "eight places", "stations.desk.rejected"),
        ("one place", "eight places", "served.n"),
    ]
    both, alone = study.comparisons.rows[1].difference, study.difference("one place", "eight places", "served.n")
    assert both.mean == alone.mean < 0
    assert both.half_width > alone.half_width
    assert conducted(ask()).question == "queue"


def test_a_study_of_one_point_stands_for_its_replications(ask):
    """Tables and figures may take it as it is: what they ask, both answer alike."""
    study = conducted(ask())
    same = study.at()
    assert (study.variants, study.values("one place", "served.n")) == (
        same.variants,
        same.values("one place", "served.n"),
    )
    assert study.estimate("one place", "served.n") == same.estimate("one place", "served.n")
    pair = ("one place", "eight places", "served.n")
    assert study.difference(*pair) == same.difference(*pair)
    measures = [rs.measures.number("served.n", "served"), rs.measures.seconds("served.last_s", "last")]
    assert rs.tables.verdict(study, measures, title="t") == rs.tables.verdict(same, measures, title="t")
    with pytest.raises(RunError, match=r"no value of 'served.m' in variant 'one place'; of its metrics, did you mean"):
        study.difference("one place", "eight places", "served.m")
    with pytest.raises(RunError, match="the variants are eight places, one place"):
        study.values("two places", "served.n")


def test_a_file_may_ask_for_frames_too(study_file):
    """At each point of its sweep; all points together have no one frame."""
    more = "\n[frames]\nwaits = \"select at_s - begin_s as wait_s from events where kind = 'station.served'\"\n"
    more += '[[sweep]]\npath = "load.0.arrivals.rate_per_s"\nvalues = [5, 9]\n'
    study = conducted(study_file(more=more))
    frames = [study.at({"load.0.arrivals.rate_per_s": rate}).frames["waits"] for rate in (5, 9)]
    assert frames[0].height < frames[1].height
    assert frames[0].group_by("variant").agg(pl.col("replication").n_unique())["replication"].to_list() == [4, 4]
    with pytest.raises(RunError, match="picks 2 points"):
        study.frames  # noqa: B018
