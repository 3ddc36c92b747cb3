"""Which number of a study a table or a figure shows: its name for people, its unit, and how it is written."""

from dataclasses import dataclass
from math import ceil, floor, isfinite, log10
from typing import Final

import polars as pl

from rustok_sim.studies import AnyStudy, Estimate

SIGNIFICANT: Final = 4
"""Digits of a number that has no interval to say how many matter."""

GRAIN: Final = 1e-6
"""What a bound may miss a step by and still be on it: floating-point dust is no reason to round outwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One metric of a study as people read it."""

    metric: str
    """Its dotted path, as in ``requests.storefront.availability``."""
    label: str
    """What it is, without the unit."""
    unit: str = ""
    scale: float = 1.0
    """What one of the metric's own unit is in *unit*, as 100 for a share in %."""
    bounds: tuple[float | None, float | None] = (None, None)
    """What the number cannot be below or above, in *unit*: intervals are cut there."""

    @property
    def title(self) -> str:
        """Label and unit, as an axis or a column has it."""
        return f"{self.label}, {self.unit}" if self.unit else self.label

    def of(self, study: AnyStudy, variant: str) -> Estimate:
        """The estimate for a variant, in *unit*, within the bounds."""
        raw = study.estimate(variant, self.metric)
        mean, low, high = (value * self.scale for value in (raw.mean, raw.low, raw.high))
        return Estimate(mean, self._cut(low), self._cut(high), raw.replications)

    def known_in(self, study: AnyStudy, variant: str | None = None) -> bool:
        """Whether it was measured at least once in this variant, or in any."""
        rows = study.metrics.filter(pl.col("metric") == self.metric)
        return not (rows if variant is None else rows.filter(pl.col("variant") == variant)).is_empty()

    def difference(self, study: AnyStudy, first: str, second: str) -> Estimate:
        """The paired difference first minus second, in *unit*."""
        raw = study.difference(first, second, self.metric)
        mean, low, high = (value * self.scale for value in (raw.mean, raw.low, raw.high))
        return Estimate(mean, low, high, raw.replications)

    def values(self, study: AnyStudy, variant: str) -> list[float]:
        """The value of each replication, in *unit*."""
        return [value * self.scale for value in study.values(variant, self.metric)]

    def total(self, study: AnyStudy, variant: str) -> float:
        """The sum over all replications, in *unit*: 0 for what was never counted, as a status that nobody got."""
        return sum(self.values(study, variant)) if self.known_in(study, variant) else 0.0

    def _cut(self, value: float) -> float:
        low, high = self.bounds
        if low is not None and value < low:
            return low
        return high if high is not None and value > high else value


def share(metric: str, label: str) -> Measure:
    """A measure of a share between 0 and 1, in per cent."""
    return Measure(metric=metric, label=label, unit="%", scale=100.0, bounds=(0.0, 100.0))


def milliseconds(metric: str, label: str) -> Measure:
    """A measure of a time in seconds, in milliseconds."""
    return Measure(metric=metric, label=label, unit="ms", scale=1000.0, bounds=(0.0, None))


def seconds(metric: str, label: str) -> Measure:
    """A measure of a time in seconds."""
    return Measure(metric=metric, label=label, unit="s", bounds=(0.0, None))


def number(metric: str, label: str, unit: str = "") -> Measure:
    """A measure of something counted, which cannot be below 0."""
    return Measure(metric=metric, label=label, unit=unit, bounds=(0.0, None))


def class_measures(load: str) -> list[Measure]:
    """What is usually asked of a load class."""
    return [
        share(f"requests.{load}.availability", "available"),
        milliseconds(f"requests.{load}.latency_s.p99", "p99 latency"),
    ]


def disturbance_measures(query: str = "disturbance") -> list[Measure]:
    """What ``series.disturbance`` tells, as a query of a study by this name."""
    return [
        share(f"{query}.availability_during", "available during the fault"),
        seconds(f"{query}.bad_after_s", "extra downtime"),
        number(f"{query}.statements_per_s_max", "peak statements", "1/s"),
    ]


def interval_text(estimate: Estimate) -> str:
    """*estimate* as ``mean [low, high]``, to the digit that leads its half-width; bounds are rounded outwards.

    There are no more than four digits. Without an interval, or with one of no width, it is the mean alone.
    """
    half = estimate.half_width
    if not isfinite(half) or half <= 0.0:
        return plain(estimate.mean)
    largest = max(abs(estimate.low), abs(estimate.high))
    decimals = max(0, min(-floor(log10(half)), SIGNIFICANT - 1 - floor(log10(largest))))
    # Outwards, so that an interval that reaches below zero is never written as one that does not.
    step = 10.0**-decimals
    low, high = floor(estimate.low / step + GRAIN) * step, ceil(estimate.high / step - GRAIN) * step
    return f"{_signed(estimate.mean, decimals)} [{_signed(low, decimals)}, {_signed(high, decimals)}]"


def plain(value: float) -> str:
    """A number to four significant digits, without an exponent."""
    if not isfinite(value):
        return "–"
    if value == 0.0:
        return "0"
    decimals = max(0, SIGNIFICANT - 1 - floor(log10(abs(value))))
    text = _signed(value, min(decimals, 9))
    return text.rstrip("0").rstrip(".") if "." in text else text


def _signed(value: float, decimals: int) -> str:
    text = f"{value:,.{decimals}f}".replace("-", "\N{MINUS SIGN}")
    return text.removeprefix("\N{MINUS SIGN}") if not text.strip("\N{MINUS SIGN}0.,") else text
