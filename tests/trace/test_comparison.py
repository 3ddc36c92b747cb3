"""Two runs on the same arrivals: what changed, for whom, and why."""

import pytest

import rustok_sim as rs
from rustok_sim.core.errors import RunError
from rustok_sim.trace.parts import PARTS


@pytest.fixture(scope="module")
def loads(one):
    """Five buyers of whom each node serves some, and a reader."""
    return one("checkout", count=5, name="buyers"), one("product.get", name="reader")


@pytest.fixture(scope="module")
def before(simulate, loads):
    """As it was."""
    return simulate(*loads)


def test_a_run_does_not_differ_from_itself(before, simulate, loads):
    """Nor from the same run made again."""
    found = rs.diff(before, simulate(*loads))
    assert found.changes()["even"].to_list() == [5, 1]
    assert found.worst().is_empty()
    assert found.unmatched == (0, 0)
    assert found.table().note.startswith("The two runs have the same log.")


OUTAGE = """
[[faults]]
kind = "outage"
target = "database"
at_s = 0.9
duration_s = 5.0
"""


def test_a_quick_error_is_worse_than_a_slow_answer(before, simulate, loads):
    """Who gets no connection within 50 ms of an outage is answered sooner than before, and has nothing of it."""
    without = simulate(*loads, OUTAGE, deployment__database__acquire_timeout_s=0.05)
    found = rs.diff(before, without)
    assert found.changes()["lost"].to_list() == [5, 1]
    assert found.changes()["better"].to_list() == [0, 0]
    assert found.worst()["verdict"].to_list() == ["lost"] * 6
    back = rs.diff(without, before)
    assert back.changes()["gained"].to_list() == [5, 1]
    assert back.worst().is_empty()
    assert "same log" not in back.table().note


def test_a_slower_provider_is_the_reason(before, simulate, loads):
    """Half a second more of its work: every buyer pays that once, the reader never."""
    work = {"dist": "constant", "value_s": 0.8}
    found = rs.diff(before, simulate(*loads, deployment__gateway__work=work))
    buyers, reader = found.changes().iter_rows(named=True)
    assert (buyers["load"], buyers["worse"], buyers["gateway"]) == ("buyers", 5, pytest.approx(0.5))
    assert (reader["load"], reader["even"], reader["change_s"]) == ("reader", 1, 0.0)
    assert found.worst()["why"].to_list() == ["gateway"] * 5
    assert found.frame.select(*PARTS).sum_horizontal().to_list() == pytest.approx(found.frame["change_s"].to_list())
    assert found.worst(2).height == len(found.worst_table(2).rows) == 2


def test_who_has_no_counterpart_is_counted(before, simulate, loads, one):
    """A third class asks in one run only."""
    found = rs.diff(before, simulate(*loads, one("product.list", count=4, name="listers")))
    assert found.unmatched == (0, 4)
    assert "4 requests" in found.table().note


def test_other_arrivals_cannot_be_compared(before, simulate, loads):
    """A second later nobody is who he was."""
    other = simulate(*(load.replace("at_s = 1", "at_s = 2") for load in loads))
    with pytest.raises(RunError, match="no arrivals in common"):
        rs.diff(before, other)


def test_the_figure_has_a_dot_for_each_request_and_a_bar_for_each_class(before, simulate, loads, tmp_path):
    """On the line: unchanged; the mark on the bar: the mean change."""
    work = {"dist": "constant", "value_s": 0.8}
    found = rs.diff(before, simulate(*loads, deployment__gateway__work=work))
    left, right = found.figure().axes
    assert sum(len(dots.get_offsets()) for dots in left.collections) == 6
    marks = [line.get_xdata()[0] for line in right.get_lines() if line.get_marker() == "D"]
    assert marks == pytest.approx((found.changes()["change_s"] * 1000).to_list())
    found.save_figure(tmp_path / "diff.png")
    assert (tmp_path / "diff.png").stat().st_size > 5_000
    with pytest.raises(RunError, match="diff"):
        found.save_figure(tmp_path / "diff.nothing")
