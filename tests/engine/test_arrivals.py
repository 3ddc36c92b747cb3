"""Arrivals: numbers, moments and rates of every process."""

from itertools import takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rustok_sim.core.errors import ScenarioError
from rustok_sim.engine import Draws
from rustok_sim.engine.arrivals import arrivals, mmpp, profile
from rustok_sim.engine.distributions import standard_exponential
from rustok_sim.scenario import BurstArrivals, ConstantArrivals, DataFile, PoissonArrivals, TraceArrivals


def times(spec, until_s=1_000.0):
    """The arrivals before *until_s*."""
    return list(takewhile(lambda at_s: at_s < until_s, arrivals(spec, Draws(1), "c")))


def unit(name="gaps"):
    """A stream of unit exponentials."""
    return Draws(1).stream(name, transform=lambda u: standard_exponential(u[:, 0]))


def test_constant_arrivals_keep_their_distance():
    """Four a second from 10 s on: 10.25, 10.5, 10.75 and so on, below 11."""
    assert times(ConstantArrivals(process="constant", rate_per_s=4.0, start_s=10.0, stop_s=11.0)) == [
        10.25,
        10.5,
        10.75,
    ]


def test_a_burst_comes_in_one_moment():
    """Three at 5 s."""
    assert times(BurstArrivals(process="burst", at_s=5.0, count=3)) == [5.0, 5.0, 5.0]


def test_poisson_arrivals_come_at_the_stated_rate():
    """50,000 expected; the count is within four standard deviations."""
    count = len(times(PoissonArrivals(process="poisson", rate_per_s=50.0)))
    assert abs(count - 50_000) < 4 * 50_000**0.5


def test_a_profile_has_the_area_below_its_rate():
    """0 to 40/s over 100 s, 40/s for 100 s, down to 0 over 100 s: 2,000 + 4,000 + 2,000 expected, and none outside."""
    made = list(profile(unit(), [(100.0, 0.0), (200.0, 40.0), (300.0, 40.0), (400.0, 0.0)]))
    for begin, end, expected in [(0, 100, 0), (100, 200, 2_000), (200, 300, 4_000), (300, 400, 2_000), (400, 900, 0)]:
        assert abs(sum(begin <= at_s < end for at_s in made) - expected) <= 4 * expected**0.5
    assert made == sorted(made)


@given(st.lists(st.tuples(st.floats(0.1, 50.0), st.floats(0.0, 20.0)), min_size=2, max_size=6))
def test_a_profile_is_ordered_and_stays_within_its_points(steps):
    """Whatever the points: in order, and between the first and the last."""
    at_s, points = 0.0, []
    for gap_s, rate in steps:
        at_s += gap_s
        points.append((at_s, rate))
    made = list(profile(unit(), points))
    assert made == sorted(made)
    assert all(points[0][0] <= at_s <= points[-1][0] for at_s in made)


def test_a_modulated_process_has_the_mean_of_its_states():
    """100/s for 1 s and 0/s for 3 s, in turn: 25/s on the average over 4,000 s, within four deviations of its own."""
    made = list(takewhile(lambda at_s: at_s < 4_000.0, mmpp(unit(), unit("stays"), [(100.0, 1.0), (0.0, 3.0)])))
    # Variance of the count: Poisson part 100,000, and 1,000 cycles whose on-times vary by 1 s: about 100² x 1,000 x 2.
    assert abs(len(made) - 100_000) < 4 * (100_000 + 100**2 * 1_000 * 2) ** 0.5


def test_a_trace_is_replayed(tmp_path):
    """The column's numbers, in order of time."""
    path = tmp_path / "trace.csv"
    path.write_text("at_s,what\n3.5,a\n1.25,b\n", encoding="utf-8")
    assert times(TraceArrivals(process="trace", file=DataFile("trace.csv", path), column="at_s")) == [1.25, 3.5]


@pytest.mark.parametrize("content", ["at_s\nsoon\n", "at_s\n-1.0\n", "other\n1.0\n", "at_s\n", "at_s\ninf\n"])
def test_a_trace_that_holds_no_times_is_refused(tmp_path, content):
    """Words, negative numbers, another column, nothing, infinity: one message that names file and column."""
    path = tmp_path / "trace.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"trace\.csv: column 'at_s'"):
        times(TraceArrivals(process="trace", file=DataFile("trace.csv", path), column="at_s"))
