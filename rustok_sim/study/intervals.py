"""Means with intervals over replications. One number a replication: requests within a run are not independent."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, nan


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over replications with its two-sided confidence interval; the bounds are NaN for one replication."""

    mean: float
    low: float
    high: float
    replications: int

    @property
    def half_width(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2.0

    def __str__(self) -> str:
        if not isfinite(self.low):
            return f"{self.mean:.4g} (one replication: no interval)"
        return f"{self.mean:.4g} [{self.low:.4g}, {self.high:.4g}]"


def estimate(values: Sequence[float], *, confidence: float = 0.95) -> Estimate:
    """Student's interval for the mean of *values* (Law, "Simulation Modeling and Analysis", section 9.4)."""
    from scipy import stats

    n = len(values)
    if n == 0:
        return Estimate(nan, nan, nan, 0)
    mean = sum(values) / n
    if n == 1:
        return Estimate(mean, nan, nan, 1)
    half = float(stats.t.ppf(0.5 + confidence / 2.0, n - 1)) * float(stats.sem(values))
    return Estimate(mean, mean - half, mean + half, n)


def paired_difference(first: Sequence[float], second: Sequence[float], *, confidence: float = 0.95) -> Estimate:
    """The mean of first minus second, replication by replication: what both met alike cancels out."""
    return estimate([a - b for a, b in zip(first, second, strict=True)], confidence=confidence)
