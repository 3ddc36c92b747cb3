"""The functions of PromQL on the samples of one series, counted as Prometheus counts them."""

from collections.abc import Callable, Mapping, Sequence
from math import inf, isinf, nan
from typing import Final, TypeAlias

import numpy as np

from rustok_sim.telemetry.scrape import Floats

OverTime: TypeAlias = Callable[[Floats, Floats, float, float], float | None]
"""Of times, values, and the window's begin and end; ``None``: no element comes of it."""


def increase(times_s: Floats, values: Floats, begin_s: float, end_s: float) -> float | None:
    """How much a counter grew in the window, resets added up, extrapolated to the window's ends.

    Prometheus' ``extrapolatedRate``: it reaches to an end of the window if the nearest sample is no further than 1.1
    mean distances away, else half a distance beyond the sample, and never before the counter would have been zero.
    """
    return _extrapolated(times_s, values, begin_s, end_s, counter=True)


def rate(times_s: Floats, values: Floats, begin_s: float, end_s: float) -> float | None:
    """``increase`` by second."""
    grown = increase(times_s, values, begin_s, end_s)
    return None if grown is None else grown / (end_s - begin_s)


def delta(times_s: Floats, values: Floats, begin_s: float, end_s: float) -> float | None:
    """The difference of a gauge between the window's ends, extrapolated."""
    return _extrapolated(times_s, values, begin_s, end_s, counter=False)


def _extrapolated(times_s: Floats, values: Floats, begin_s: float, end_s: float, *, counter: bool) -> float | None:
    if len(values) < 2:
        return None
    grown = float(values[-1] - values[0])
    if counter:
        drops = values[:-1][np.diff(values) < 0.0]
        grown += float(drops.sum())
    sampled_s = float(times_s[-1] - times_s[0])
    distance_s = sampled_s / (len(values) - 1)
    to_begin_s, to_end_s = float(times_s[0]) - begin_s, end_s - float(times_s[-1])
    if to_begin_s >= 1.1 * distance_s:
        to_begin_s = distance_s / 2.0
    if counter and grown > 0.0 and values[0] >= 0.0:
        to_begin_s = min(to_begin_s, sampled_s * float(values[0]) / grown)
    if to_end_s >= 1.1 * distance_s:
        to_end_s = distance_s / 2.0
    return grown * (sampled_s + to_begin_s + to_end_s) / sampled_s


def _of_all(function: Callable[[Floats], float]) -> OverTime:
    return lambda _times_s, values, _begin_s, _end_s: float(function(values)) if len(values) else None


OVER_TIME: Final[Mapping[str, OverTime]] = {
    "rate": rate,
    "increase": increase,
    "delta": delta,
    "avg_over_time": _of_all(np.mean),
    "min_over_time": _of_all(np.min),
    "max_over_time": _of_all(np.max),
    "sum_over_time": _of_all(np.sum),
    "count_over_time": _of_all(len),
    "last_over_time": _of_all(lambda values: float(values[-1])),
    "changes": _of_all(lambda values: float(np.count_nonzero(np.diff(values)))),
    "resets": _of_all(lambda values: float(np.count_nonzero(np.diff(values) < 0.0))),
}

ELEMENTWISE: Final[Mapping[str, Callable[[float], float]]] = {
    "abs": abs,
    "ceil": lambda value: float(np.ceil(value)),
    "floor": lambda value: float(np.floor(value)),
    "sqrt": lambda value: float(np.sqrt(value)),
}


def histogram_quantile(quantile: float, buckets: Sequence[tuple[float, float]]) -> float:
    """The quantile by (upper bound, count up to there), as Prometheus' ``bucketQuantile``: linear within a bucket.

    NaN without observations or without a last bucket of infinity. What lies in that bucket reads as the bound below.
    """
    if not 0.0 <= quantile <= 1.0:
        return -inf if quantile < 0.0 else inf
    summed: dict[float, float] = {}
    for bound, count in buckets:
        summed[bound] = summed.get(bound, 0.0) + count
    bounds = sorted(summed)
    if len(bounds) < 2 or not isinf(bounds[-1]):
        return nan
    counts = np.maximum.accumulate([summed[bound] for bound in bounds])
    if not counts[-1] > 0.0:
        return nan
    rank = quantile * float(counts[-1])
    place = int(np.searchsorted(counts[:-1], rank, side="left"))
    if place == len(bounds) - 1:
        return bounds[-2]
    if place == 0 and bounds[0] <= 0.0:
        return bounds[0]
    begin, below = (bounds[place - 1], float(counts[place - 1])) if place else (0.0, 0.0)
    within = float(counts[place]) - below
    return begin + (bounds[place] - begin) * ((rank - below) / within if within else nan)
