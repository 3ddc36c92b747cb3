"""Figures of estimates, breakers and stampedes: drawn from small frames, so that every mark is known beforehand."""

import matplotlib as mpl
import polars as pl
import pytest

mpl.use("agg")

from rustok_sim.core.errors import RunError
from rustok_sim.report import figures, style
from rustok_sim.report.measures import number, share
from rustok_sim.studies import Replications

AVAILABLE = share("requests.web.availability", "available")
LOAD = number("load.mean", "load", "1/s")


def texts(figure):
    """All that is written on a figure."""
    return [text.get_text() for text in figure.findobj(mpl.text.Text) if text.get_text()]


def lines(axes, *, marked):
    """The points of the lines with a marker, or of those without."""
    found = [line for line in axes.get_lines() if (line.get_marker() not in ("None", "", None)) == marked]
    return [(list(line.get_xdata()), list(line.get_ydata())) for line in found]


def with_frames(study, **frames):
    """The study with frames of its first variant's first replication."""
    labels = [pl.lit("plain").alias("variant"), pl.lit(0, pl.Int64).alias("replication")]
    made = {name: pl.DataFrame(rows).select(*labels, pl.all()) for name, rows in frames.items()}
    return Replications(study.variants, study.metrics, made)


def test_a_dot_stands_at_the_mean_and_whiskers_end_at_the_interval(study):
    """Of 0.5, 0.6 and 0.7 the mean is 60 %, with half width 4.303 x 10 / sqrt(3) = 24.8; of 0.9 thrice 90 %."""
    [axes] = figures.intervals(study, AVAILABLE).axes
    assert axes.get_xlabel() == "Available, %"
    assert [x for (x,), _ in lines(axes, marked=True)] == pytest.approx([60.0, 90.0])
    whisker = lines(axes, marked=False)[0][0]
    assert whisker == pytest.approx([60.0 - 24.84, 60.0 + 24.84], abs=0.01)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["plain", "moka<b>"]


def test_each_measure_has_a_column(study):
    """Two measures stand side by side and share the names of the variants."""
    columns = figures.intervals(study, AVAILABLE, LOAD).axes
    assert [axes.get_xlabel() for axes in columns] == ["Available, %", "Load, 1/s"]


def test_values_over_two_decades_get_a_logarithmic_axis(study):
    """1 and 600 would be one dot and another at the far end otherwise; the axis says so."""
    wide = study.metrics.with_columns(
        pl.when(pl.col("variant") == "plain").then(1.0).otherwise(600.0).alias("value"),
    )
    [axes] = figures.intervals(Replications(study.variants, wide, {}), LOAD).axes
    assert axes.get_xscale() == "log"
    assert axes.get_xlabel() == "Load, 1/s (log scale)"


def test_differences_stand_on_either_side_of_a_line_at_zero(study):
    """0.4, 0.3 and 0.2 more: 30 points in the mean; the variant compared with has no row."""
    [axes] = figures.differences(study, AVAILABLE, against="plain").axes
    assert ([0.0, 0.0], [0, 1]) in lines(axes, marked=False)
    assert [x for (x,), _ in lines(axes, marked=True)] == pytest.approx([30.0])
    assert axes.get_xlabel() == "Difference: available, %"


STATES = {
    "node": ["node-1"] * 3,
    "breaker": ["redis"] * 3,
    "state": ["closed", "open", "half_open"],
    "begin_s": [0.0, 10.0, 70.0],
    "end_s": [10.0, 70.0, 100.0],
}
REFUSED = {"node": ["node-1"] * 2, "breaker": ["redis"] * 2, "at_s": [10.0, 15.0], "rejected_per_s": [4.0, 8.0]}


def test_a_breaker_is_a_band_for_each_state(study):
    """Closed for 10 s, open for 60, half-open for 30; refusals below, the highest rate as a number."""
    figure = figures.breaker_states(with_frames(study, breakers=STATES, rejections=REFUSED))
    [axes] = figure.axes
    bands = [(bar.get_x(), bar.get_width()) for bar in axes.patches if bar.get_height() == pytest.approx(0.42)]
    assert bands == [(0.0, 10.0), (10.0, 60.0), (70.0, 30.0)]
    written = texts(figure)
    assert "8/s" in written
    assert {"closed: calls pass", "half-open: probes pass", "open: calls are refused"} <= set(written)


def test_a_stampede_is_drawn_step_by_step(study):
    """Two loads begin at 1 s and 2 s and end at 3 s and 4 s."""
    rows = {"key": ["slug:a"] * 4, "at_s": [1.0, 2.0, 3.0, 4.0], "loads": [1, 2, 1, 0], "begun": [1, 2, 2, 2]}
    figure = figures.stampede(with_frames(study, loads=rows))
    first = figure.axes[0]
    assert lines(first, marked=False)[0][1] == [0, 1, 2, 1, 0, 0]
    assert "2 in all,\n2 at once" in texts(figure)
    assert "no loads" in texts(figure)
    assert first.get_lines()[0].get_drawstyle() == "steps-post"


def test_a_bucket_without_requests_is_a_gap(study):
    """Nobody came from 5 to 10 s: no line is drawn across."""
    rows = {"load": ["web"] * 2, "at_s": [0.0, 10.0], "availability": [1.0, 0.5]}
    rows = {name: [*values, values[-1]] for name, values in rows.items()} | {"at_s": [0.0, 10.0, 15.0]}
    figure = figures.availability(with_frames(study, requests=rows))
    drawn = lines(figure.axes[0], marked=False)[0][1]
    assert drawn == pytest.approx([100.0, float("nan"), 50.0, 50.0, 50.0], nan_ok=True)


def test_where_nothing_happened_the_picture_says_so(study):
    """No statement, no breaker, no load: a sentence in place of an empty axis."""
    nothing = {"at_s": [0.0], "statements_per_s": [0.0]}
    assert "No run asked the database." in texts(figures.statements(with_frames(study, statements=nothing)))


def test_a_query_that_was_not_asked_is_named(study):
    """The message says what to ask."""
    with pytest.raises(RunError, match=r"draws the query 'requests'.*rs\.series\.over_time"):
        figures.availability(study)


def test_a_picture_shows_itself_and_describes_itself(study):
    """As PNG, with its alternative text; without pyplot nothing shows it a second time."""
    data, notes = figures.intervals(study, AVAILABLE)._repr_mimebundle_()
    assert set(data) == {"image/png"}
    assert notes["image/png"]["alt"].startswith("Means with 95 % intervals.")


def test_looks_differ_and_stay():
    """Ten variants have ten looks, told apart by marker as well as by colour; a design has its own in any company."""
    names = [f"variant_{i}" for i in range(10)]
    assert len({look.colour for look in style.looks(names).values()}) == 10
    assert len({look.marker for look in style.looks(names).values()}) == 10
    assert style.looks(["moka", "naive"])["moka"] == style.looks(["v1_as_wired", "x", "moka"])["moka"]
