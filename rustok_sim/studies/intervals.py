"""Means and quantiles with intervals over replications.

One number a replication: requests within a run are not independent, and an interval over them would be too narrow.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite, nan
from typing import Literal, TypeAlias

Method: TypeAlias = Literal["student", "bootstrap"]
"""How the interval of a mean is made."""

RESAMPLES = 2_000
"""Of the bootstrap."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over replications with its two-sided confidence interval; the bounds are NaN for one, all is for none."""

    mean: float
    low: float
    high: float
    replications: int

    @property
    def half_width(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2.0

    def __str__(self) -> str:
        if not self.replications:
            return "no value"
        if not isfinite(self.low):
            return f"{self.mean:.4g} (one replication: no interval)"
        return f"{self.mean:.4g} [{self.low:.4g}, {self.high:.4g}]"


def estimate(values: Sequence[float], *, confidence: float = 0.95, method: Method = "student") -> Estimate:
    """The mean of *values* with its interval.

    Student's (Law, "Simulation Modeling and Analysis", section 9.4), or for skewed numbers the BCa bootstrap over
    replications, resampled alike every time.
    """
    from scipy import stats

    n = len(values)
    if n == 0:
        return Estimate(nan, nan, nan, 0)
    mean = sum(values) / n
    if n == 1:
        return Estimate(mean, nan, nan, 1)
    if method == "bootstrap" and max(values) > min(values):
        import numpy as np

        found = stats.bootstrap(
            (values,), np.mean, confidence_level=confidence, n_resamples=RESAMPLES, rng=np.random.default_rng(0)
        ).confidence_interval
        return Estimate(mean, float(found.low), float(found.high), n)
    half = float(stats.t.ppf(0.5 + confidence / 2.0, n - 1)) * float(stats.sem(values))
    return Estimate(mean, mean - half, mean + half, n)


def paired_difference(
    first: Sequence[float], second: Sequence[float], *, confidence: float = 0.95, method: Method = "student"
) -> Estimate:
    """The mean of first minus second, replication by replication: what both met alike cancels out."""
    return estimate([a - b for a, b in zip(first, second, strict=True)], confidence=confidence, method=method)


def quantile(values: Sequence[float], share: float, *, confidence: float = 0.95) -> Estimate:
    """The quantile of *values* over replications, with an interval between order statistics that assumes no law.

    A bound that so few replications cannot give is infinite. ``mean`` holds the quantile.
    """
    import numpy as np
    from scipy import stats

    if not values:
        return Estimate(nan, nan, nan, 0)
    test = stats.quantile_test(list(values), p=share)
    found = test.confidence_interval(confidence)
    low, high = (float(bound) for bound in (found.low, found.high))
    return Estimate(
        float(np.quantile(values, share)),
        low if isfinite(low) else float("-inf"),
        high if isfinite(high) else float("inf"),
        len(values),
    )


def half_widths(values: Sequence[float], *, confidence: float) -> Iterator[tuple[float, float]]:
    """The mean and the half-width of Student's interval of the first value, of the first two, and so on."""
    import numpy as np
    from scipy import stats

    n = np.arange(1, len(values) + 1)
    given = np.asarray(values, dtype=float)
    means = np.cumsum(given) / n
    # Moments about the first value: no digits are lost where values hardly differ.
    about = given - given[0] if len(values) else given
    squares = np.maximum(np.cumsum(about**2) - np.cumsum(about) ** 2 / n, 0.0)
    degrees = np.maximum(n - 1, 1)
    halves = stats.t.ppf(0.5 + confidence / 2.0, degrees) * np.sqrt(squares / degrees / n)
    for count, mean, half in zip(n.tolist(), means.tolist(), halves.tolist(), strict=True):
        yield mean, half if count > 1 else nan


def bonferroni(confidence: float, comparisons: int) -> float:
    """The confidence of each of so many intervals, for all of them to hold together with *confidence*."""
    return 1.0 - (1.0 - confidence) / max(1, comparisons)
