"""Figures, tables and the terminal's view of a study."""

import io

import matplotlib as mpl
import pytest
from rich.console import Console

mpl.use("agg")

import rustok_sim as rs
from rustok_sim.core.errors import RunError
from rustok_sim.report import figures, findings, tables
from rustok_sim.report.console import print_explanation, print_study
from rustok_sim.report.figures.answers import axis, title
from rustok_sim.studies.explain import explained
from rustok_sim.testing import scenario_of

QUEUE = """
name = "queue"
horizon_s = 10
[[load]]
name = "customers"
route = ["desk"]
arrivals = { process = "poisson", rate_per_s = 9 }
[stations.desk]
servers = 1
service = { dist = "exponential", mean_s = 0.1 }
queue_limit = 8
"""
STUDY = """
question = "Does the <i>desk</i> bear it?"
base = "queue.toml"
metrics = ["stations.desk.wait_s_mean"]
replications = { min = 3 }
[variants.eight]
[variants.nine]
stations.desk.queue_limit = 9
[[checks]]
claim = "some are turned away"
metric = "stations.desk.rejected"
at_most = 1e6
"""
RATES = '[[sweep]]\npath = "load.0.arrivals.rate_per_s"\nvalues = [3, 9]\n'
LIMITS = '[[sweep]]\npath = "stations.desk.servers"\nvalues = [1, 2]\n'


@pytest.fixture(scope="module")
def conduct(tmp_path_factory):
    """Conducts the study with more lines; runs are shared by the tests here."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "pyproject.toml").touch()
    (folder / "queue.toml").write_text(QUEUE, encoding="utf-8")

    def conducted(more=""):
        path = folder / "study.toml"
        path.write_text(STUDY + more, encoding="utf-8")
        return rs.study(path, data=folder / "studies", jobs=1, progress=False)

    return conducted


def texts(figure):
    """All that is written on a figure."""
    return [text.get_text() for text in figure.findobj(mpl.text.Text) if text.get_text()]


def test_without_factors_each_variant_has_a_dot_at_its_mean(conduct):
    """Two rows, in the order of the file, each at its own mean."""
    study = conduct()
    picture = figures.means(study, "stations.desk.wait_s_mean")
    [ax] = picture.axes
    assert [label.get_text() for label in ax.get_yticklabels()] == ["eight", "nine"]
    dots = [line.get_xdata()[0] for line in ax.get_lines() if len(line.get_xdata()) == 1]
    assert dots == [row.estimate.mean for row in study.rows if row.metric == "stations.desk.wait_s_mean"]
    assert "over 3 replications" in picture.alt


def test_over_one_factor_each_variant_has_a_curve_with_a_band(conduct):
    """At the swept values, through the means, with a band for each curve."""
    study = conduct(RATES)
    [picture, _] = figures.answers(study)
    [ax] = picture.axes
    assert [list(line.get_xdata()) for line in ax.get_lines()] == [[3.0, 9.0], [3.0, 9.0]]
    assert len(ax.collections) == 2
    means = [
        row.estimate.mean for row in study.rows if row.metric == "stations.desk.rejected" and row.variant == "nine"
    ]
    assert list(ax.get_lines()[1].get_ydata()) == means


def test_a_formula_stands_beside_the_curve_that_it_is_of(conduct):
    """A dashed line through the points given, and the means of that variant as marks; the other has its curve."""
    picture = figures.response(conduct(RATES), "stations.desk.rejected", formula={"nine": [(3.0, 0.0), (9.0, 5.0)]})
    [ax] = picture.axes
    assert list(ax.get_lines()[-1].get_ydata()) == [0.0, 5.0]
    assert [len(bars) for bars in ax.containers] == [3]
    assert len(ax.collections) == 2
    assert "dashed: the formula" in picture.alt


def test_over_two_factors_there_is_a_heat_map_for_each_variant(conduct):
    """First factor down, second across; the numbers stand in the cells."""
    study = conduct(RATES + LIMITS)
    maps = figures.answers(study, "stations.desk.rejected")
    assert len(maps) == 2
    values = maps[0].axes[0].get_images()[0].get_array()
    found = {
        (row.factors["load.0.arrivals.rate_per_s"], row.factors["stations.desk.servers"]): row.estimate.mean
        for row in study.rows
        if row.metric == "stations.desk.rejected" and row.variant == "eight"
    }
    assert values.tolist() == [[found[3, 1], found[3, 2]], [found[9, 1], found[9, 2]]]
    with pytest.raises(RunError, match="needs two factors, and study sweeps 0"):
        figures.heat_map(conduct(), "stations.desk.rejected", "eight")


def test_paired_differences_stand_right_and_left_of_zero(conduct):
    """A panel for each metric, and a zero line in each."""
    picture = figures.paired(conduct())
    assert len(picture.axes) == 2
    assert all(any(set(line.get_xdata()) == {0.0} for line in ax.get_lines()) for ax in picture.axes)
    assert "Bonferroni" in picture.alt


def test_a_search_is_drawn_step_by_step_and_one_that_was_not_asked_is_refused(conduct):
    """Each value tried has its mark."""
    search = """
[search]
find = "max"
path = "load.0.arrivals.rate_per_s"
low = 1
high = 8
relative_tolerance = 0.5
subject_to = [{ metric = "stations.desk.utilisation", at_most = 2 }]
"""
    study = conduct(search)
    assert "eight" in texts(figures.steps(study))
    with pytest.raises(RunError, match="searches for nothing"):
        figures.steps(conduct())


RANGES = """
[sensitivity]
method = "{method}"
metrics = ["stations.desk.wait_s_mean"]
ranges = [
    {{ path = "load.0.arrivals.rate_per_s", low = 8, high = 10 }},
    {{ path = "stations.desk.service.mean_s", low = 0.01, high = 0.2 }},
]
"""


def test_a_tornado_has_the_key_that_swings_most_on_top(conduct):
    """Service time, twenty times longer at one end than at the other, over a rate that hardly changes."""
    study = conduct(RANGES.format(method="one_at_a_time"))
    picture, other = figures.sensitivities(study)
    [ax] = picture.axes
    names = [label.get_text().replace("\n", "") for label in ax.get_yticklabels()]
    assert names == ["stations.desk.service.mean_s = 0.1", "load.0.arrivals.rate_per_s = 9"]
    base = study.estimate("eight", "stations.desk.wait_s_mean").mean
    lengths = [bar.get_width() for bar in ax.patches]
    assert {bar.get_x() for bar in ax.patches if bar.get_width() > 0} == {base}
    rows = {(row.path, row.index): row.estimate.mean for row in study.influences.rows if row.variant == "eight"}
    ends = [rows[path, end] for path in ("stations.desk.service.mean_s", "load.0.arrivals.rate_per_s")
            for end in ("low", "high")]  # fmt: skip
    assert lengths == pytest.approx(ends)
    assert "nine" in other.alt


@pytest.mark.parametrize(("method", "index"), [("morris", "mu_star"), ("sobol", "total")])
def test_indices_are_drawn_with_the_largest_on_top(conduct, method, index):
    """A row for each key, and a dot at each index."""
    study = conduct(RANGES.format(method=method) + "samples = 2\n")
    picture, _ = figures.sensitivities(study)
    [ax] = picture.axes
    ranked = study.influences.ranked("eight", {}, "stations.desk.wait_s_mean", index)
    assert [label.get_text().replace("\n", "") for label in ax.get_yticklabels()] == [row.path for row in ranked]
    dots = [line.get_xdata()[0] for line in ax.get_lines() if len(line.get_xdata()) == 1]
    assert {row.estimate.mean for row in ranked} <= set(dots)
    with pytest.raises(RunError, match="asks for no sensitivity"):
        figures.sensitivities(conduct())


def test_what_was_tried_is_drawn_by_cost_with_its_front(conduct):
    """Every trial has its mark, the bound its line, and the cheapest that holds a ring."""
    more = """
[optimisation]
settings = [{ path = "stations.desk.servers", low = 1, high = 3, whole = true }]
cost = [{ setting = "stations.desk.servers", weight = 2 }]
subject_to = [{ metric = "stations.desk.utilisation", at_most = 0.99 }]
"""
    study = conduct(more)
    picture, _ = figures.pareto(study)
    [ax] = picture.axes
    places = {tuple(place) for marks in ax.collections for place in marks.get_offsets().tolist()}
    trials = study.optima[0].trials
    assert places == {(trial.cost.mean, trial.estimates[0].mean) for trial in trials}
    assert {0.99} in [set(line.get_ydata()) for line in ax.get_lines()]
    out = io.StringIO()
    print_study(study, console=Console(file=out, width=200))
    assert "the least of 3 tried" in out.getvalue()
    with pytest.raises(RunError, match="optimises nothing"):
        figures.pareto(conduct())


@pytest.mark.parametrize(
    ("metric", "words"),
    [
        ("requests.storefront.availability", "Availability, storefront"),
        ("requests.storefront.latency_s.p99", "Latency p99, storefront, s"),
        ("stations.desk.wait_s_mean", "Wait mean, desk, s"),
        ("requests.web.throughput_per_s", "Throughput per, web, 1/s"),
        ("outbox.age_s.p95", "Outbox age p95, s"),
        ("database.queries", "Database queries"),
    ],
)
def test_an_axis_names_the_metric_and_its_unit(metric, words):
    """As its path says them."""
    assert axis(metric) == words.replace("Throughput per", "Throughput")
    assert axis(metric).startswith(title(metric))


def test_tables_tell_question_numbers_claims_and_cautions(conduct):
    """Escaped where a file wrote them."""
    study = conduct()
    assert "Does the &lt;i&gt;desk" in tables.headline(study)._repr_html_()
    assert "2 of 2 hold" in tables.headline(study)._repr_html_()
    assert {row[-1] for row in tables.checks(study).rows} == {"holds"}
    assert [row[0] for row in tables.means(study).rows] == ["eight", "nine"]
    assert tables.cautions(study).rows


def test_the_terminal_shows_means_differences_and_checks(conduct):
    """And says how many runs were made."""
    out = io.StringIO()
    print_study(conduct(), console=Console(file=out, width=200))
    for word in ("means with intervals", "paired differences", "held", "some are turned away", "runs made"):
        assert word in out.getvalue()


def test_the_terminal_shows_what_theory_expects(conduct, tmp_path):
    """The formula's name, the bottleneck, and nothing measured before a run."""
    path = tmp_path / "queue.toml"
    path.write_text(QUEUE, encoding="utf-8")
    out = io.StringIO()
    print_explanation(rs.explain(path), console=Console(file=out, width=200))
    assert "M/M/c/K" in out.getvalue()
    assert "bottleneck: desk" in out.getvalue()
    assert "measured" not in out.getvalue()


def test_without_a_station_it_is_said_how_to_declare_one():
    """By the keys that a file needs; their brackets are text, not markup."""
    load = {"name": "c", "operation": "tenant.resolve", "arrivals": {"process": "poisson", "rate_per_s": 1.0}}
    out = io.StringIO()
    print_explanation(explained(scenario_of(load=[load])), console=Console(file=out, width=300))
    for word in ("declares no station", "[stations.NAME]", "servers", "service", "[[load]]", "route"):
        assert word in out.getvalue()
    assert "bottleneck" not in out.getvalue()


FALSE = """
[[checks]]
claim = "nobody waits"
metric = "stations.desk.wait_s_mean"
variant = "eight"
at_most = 0
"""
WIDEST = """
[search]
find = "max"
path = "load.0.arrivals.rate_per_s"
low = 1
high = 2
subject_to = [{ metric = "stations.desk.rejected", at_most = 1000 }]
"""
MOVERS = """
[sensitivity]
method = "one_at_a_time"
metrics = ["stations.desk.wait_s_mean"]
[[sensitivity.ranges]]
path = "stations.desk.queue_limit"
low = 8
high = 9
whole = true
[[sensitivity.ranges]]
path = "stations.desk.servers"
low = 1
high = 2
whole = true
"""


def test_the_answer_is_told_in_sentences(conduct):
    """What holds, or what does not; the limit that was found; the key that moves most: a second server, not a place."""
    assert findings.answered(conduct()).startswith("The claim holds: some are turned away.")
    broken = conduct(FALSE)
    [failed] = [check for check in broken.checks if not check.held]
    told = findings.answered(broken)
    assert told == f"2 of 3 claims hold. Not shown to hold: nobody waits (found {failed.found})."
    assert "eight: load.0.arrivals.rate_per_s = 2 holds, the end of the range." in findings.answered(conduct(WIDEST))
    moved = findings.answered(conduct(MOVERS))
    assert "stations.desk.servers moves stations.desk.wait_s_mean of eight most" in moved


def test_the_key_that_moves_most_comes_first(conduct):
    """In the table of influences, too, though the file names it last."""
    html = conduct(MOVERS).influences._repr_html_()
    assert 0 < html.index("stations.desk.servers") < html.index("stations.desk.queue_limit")


def test_a_title_is_escaped():
    """It comes from a file of anybody's."""
    assert findings.Heading("<b>why</b>")._repr_html_() == "<h1>&lt;b&gt;why&lt;/b&gt;</h1>"
