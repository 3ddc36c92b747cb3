"""Two choices crossed, and the figure that shows them."""

import matplotlib as mpl
import polars as pl
import pytest

mpl.use("agg")

from rustok_sim.report import figures
from rustok_sim.report.choices import crossed
from rustok_sim.report.measures import number
from rustok_sim.studies import Replications

LOST = number("lost", "units lost")


@pytest.fixture
def pairs():
    """Two designs at two levels."""
    return crossed(
        {"lock": {"design": "lock"}, "none": {"design": "none"}}, {"low": {"level": 1}, "high": {"level": 2}}
    )


@pytest.fixture
def lost(pairs):
    """Three replications of three of the four pairs: 1, 2 and 3, ten times that, a hundred times that."""
    three = list(pairs.variants)[:3]
    rows = [(name, i, "lost", 10.0**place * (i + 1)) for place, name in enumerate(three) for i in range(3)]
    schema = {"variant": pl.String, "replication": pl.Int64, "metric": pl.String, "value": pl.Float64}
    return Replications(tuple(pairs.variants), pl.DataFrame(rows, schema=schema, orient="row"), {})


def test_every_pair_has_the_settings_of_both(pairs):
    """Two times two, by hand; groups name the same variants."""
    assert pairs.variants["lock, high"] == {"design": "lock", "level": 2}
    assert len(pairs.variants) == 4
    assert pairs.groups["none"] == {"low": "none, low", "high": "none, high"}


def test_the_second_choice_has_its_way(pairs):
    """As overrides do that come later."""
    assert crossed({"a": {"key": 1}}, {"b": {"key": 2}}).variants == {"a, b": {"key": 2}}


def test_a_mark_stands_at_each_mean_and_what_was_not_measured_is_left_out(pairs, lost):
    """The means are 2, 20 and 200; of the fourth pair nothing is known."""
    [axes] = figures.grouped(lost, LOST, groups=pairs.groups, title="Lost").axes
    marks = [line.get_xdata()[0] for line in axes.get_lines() if line.get_marker() not in ("None", "", None)]
    assert marks == [2.0, 20.0, 200.0]
    assert axes.get_xlabel() == "Units lost"
    assert [label.get_text() for label in axes.get_yticklabels()] == ["lock", "none"]


def test_the_legend_names_the_second_choice(pairs, lost):
    """A look means nothing without its name."""
    [axes] = figures.grouped(lost, LOST, groups=pairs.groups, title="Lost").axes
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["low", "high"]
