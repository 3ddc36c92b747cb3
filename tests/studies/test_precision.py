"""When a study has seen enough, and what its intervals are."""

import math

import pytest
from scipy import stats

from rustok_sim.studies.intervals import bonferroni, estimate, half_widths, quantile
from rustok_sim.studies.precision import Precision

STEADY = [10.0, 10.2] * 20


def test_half_widths_are_those_of_ever_longer_beginnings():
    """Value by value the interval that ``estimate`` gives for the numbers so far."""
    values = [3.0, 5.0, 4.0, 9.0, 1.0]
    for n, (mean, half) in enumerate(half_widths(values, confidence=0.9), start=1):
        whole = estimate(values[:n], confidence=0.9)
        assert mean == pytest.approx(whole.mean)
        assert math.isnan(half) if n == 1 else half == pytest.approx(whole.half_width)


def test_half_widths_lose_no_digits_to_a_large_mean():
    """1e9 + {0, 1, 2}: s = 1, t(0.975, 2) = 4.30265, so 4.30265 / sqrt(3)."""
    *_, (_, half) = half_widths([1e9, 1e9 + 1, 1e9 + 2], confidence=0.95)
    assert half == pytest.approx(4.30265 / math.sqrt(3), rel=1e-5)


def test_without_a_precision_the_least_number_is_enough():
    """And no fewer."""
    assert Precision(4, 4).enough([1.0, 9.0, 5.0]) is None
    assert Precision(4, 4).enough([1.0, 9.0, 5.0, 2.0, 7.0]) == 4


def test_precision_must_last_for_the_look_ahead():
    """10 and 10.2 by turns, 1 % wanted: t s / (sqrt(n) mean) is 0.0182 at n = 4 and 0.0135 at 5, 0.0114 at 6, 0.0098
    at 7 (t = 2.447, s² = 0.01143); it stays below, so with a look-ahead of 5 the rule stops at 12.
    """
    narrow = [n for n, (mean, half) in enumerate(half_widths(STEADY, confidence=0.95), 1) if half <= 0.01 * mean]
    assert narrow[0] == 7
    assert Precision(3, 100, relative=0.01, look_ahead=5).enough(STEADY) == 12
    assert Precision(3, 100, relative=0.01, look_ahead=0).enough(STEADY) == 7
    assert Precision(3, 100, relative=0.01, look_ahead=5).enough(STEADY[:11]) is None


def test_a_lucky_beginning_does_not_stop_the_study():
    """Three equal values are as precise as can be; what follows is not, so counting begins anew after it."""
    values = [5.0, 5.0, 5.0, 9.0, 1.0, *[5.0, 5.1] * 300]
    assert Precision(3, 10_000, relative=0.05, look_ahead=0).enough(values) == 3
    patient = Precision(3, 10_000, relative=0.05, look_ahead=5).enough(values)
    assert patient is not None
    assert patient > 20
    half = list(half_widths(values, confidence=0.95))[patient - 1][1]
    assert half <= 0.05 * 5.05


def test_the_look_ahead_grows_above_a_hundred():
    """Reached first at n0 > 100, it must last for 5 n0 / 100 more (Hoad, Robinson and Davies, section 4)."""
    values = [(-1.0) ** i + 1.0 for i in range(4000)]
    first = Precision(3, 10_000, absolute=0.1, look_ahead=0).enough(values)
    last = Precision(3, 10_000, absolute=0.1, look_ahead=5).enough(values)
    assert first is not None
    assert first > 300
    assert last is not None
    assert last - first >= 5 * first // 100


def test_either_precision_is_enough_and_the_most_is_the_end():
    """A mean of zero is never precise relative to itself; the half-width in its own unit is."""
    values = [(-1.0) ** i for i in range(200)]
    assert Precision(3, 50, relative=0.05).enough(values) == 50
    found = Precision(3, 200, relative=0.05, absolute=0.5, look_ahead=0).enough(values)
    assert found is not None
    assert found < 50


def test_many_intervals_hold_together_by_bonferroni():
    """Ten at 95 %: each at 99.5 %, for 10 × 0.5 % = 5 %."""
    assert bonferroni(0.95, 10) == pytest.approx(0.995)
    assert bonferroni(0.95, 0) == 0.95


def test_a_quantile_has_an_interval_between_order_statistics():
    """For the median of 1 to 10 the 95 % interval is [2, 9]: P(2 ≤ Bin(10, 1/2) ≤ 8) = 0.9785 (any table)."""
    found = quantile([float(i) for i in range(1, 11)], 0.5)
    assert (found.low, found.high) == (2.0, 9.0)
    assert found.mean == 5.5
    assert quantile([1.0, 2.0, 3.0], 0.95).high == math.inf


def test_the_bootstrap_is_repeatable_and_leans_to_the_long_tail():
    """Skewed numbers: the interval reaches further up than down, and is the same every time."""
    values = list(stats.expon.ppf([(i + 0.5) / 40 for i in range(40)]))
    found = estimate(values, method="bootstrap")
    assert found == estimate(values, method="bootstrap")
    assert found.high - found.mean > found.mean - found.low
    assert estimate([2.0, 2.0, 2.0], method="bootstrap").half_width == 0.0
