"""Figures: what is drawn is the data, and every axis says what it measures and in what unit."""

import matplotlib as mpl
import pytest

mpl.use("agg")

import rustok_sim as rs
from rustok_sim.report import figures, series

SCENARIO = """
schema_version = 1
name = "small_outage"
horizon_s = 120
warmup_s = 10

[platform.tenant_cache]
design = "v1_as_wired"

[[load]]
name = "web"
operation = "tenant.resolve"
arrivals = { process = "poisson", rate_per_s = 10 }
tenants = { count = 5 }
timeout_s = 1.0

[[faults]]
kind = "outage"
target = "redis"
at_s = 40
duration_s = 20
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Two designs and two replications of a short outage."""
    folder = tmp_path_factory.mktemp("figures")
    path = folder / "small_outage.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    variants = {"as_wired": {}, "moka": {"platform.tenant_cache.design": "moka"}}
    plan = rs.what_if("outage", path, variants, replications=2, **series.for_report(5.0, warmup_s=10.0))
    return rs.study(plan, data=folder / "studies", jobs=1, progress=False)


@pytest.mark.parametrize("name", ["availability", "latency", "statements", "breaker_states"])
def test_a_figure_over_time_has_labelled_axes_and_the_fault(study, name):
    """Time in seconds below, a quantity beside, and the window of the fault marked by its name."""
    figure = getattr(figures, name)(study)
    labels = [axes.get_xlabel() for axes in figure.axes if axes.get_xlabel()]
    assert labels
    assert all("s" in label for label in labels)
    texts = " ".join(text.get_text() for text in figure.findobj(mpl.text.Text))
    assert "redis outage" in texts
    assert "moka" in texts or name == "breaker_states"


def test_the_line_of_availability_is_the_data(study):
    """moka asks no Redis: its line stays at 100 %; as wired the line touches 0 % during the outage."""
    figure = figures.availability(study)
    drawn = [line.get_ydata() for axes in figure.axes for line in axes.get_lines() if len(line.get_ydata()) > 3]
    lowest = sorted(float(min(values)) for values in drawn)
    assert lowest[0] == 0.0
    assert lowest[-1] == 100.0
    assert "%" in figure.get_supylabel()


def test_a_study_is_drawn_as_its_replications_are(study, tmp_path):
    """Kept by themselves and loaded again, they give the same picture, sentence and tables."""
    rs.results.save(study, tmp_path / "kept")
    loaded = rs.results.load(tmp_path / "kept")
    lines = [
        [line.get_ydata().tolist() for axes in figures.availability(one).axes for line in axes.get_lines()
         if len(line.get_ydata()) > 3]
        for one in (study, loaded)
    ]  # fmt: skip
    assert lines[0] == lines[1]
    assert rs.findings.disturbance(study) == rs.findings.disturbance(loaded)
    scenario = study.plan.points[0].scenarios["moka"]
    assert rs.tables.verdicts(study, scenario) == rs.tables.verdicts(loaded, scenario)
    assert "moka" in rs.tables.headline(study)._repr_html_()
    assert "claims" not in rs.tables.headline(study)._repr_html_()


def test_a_figure_can_be_saved_as_a_picture(study, tmp_path):
    """No display is needed."""
    path = tmp_path / "a.png"
    figures.availability(study).savefig(path)
    assert path.stat().st_size > 5_000
