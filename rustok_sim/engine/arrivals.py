"""When the requests of an open class arrive: each process is an iterator of times in seconds, in order.

Processes with a changing rate are made by inversion: the n-th arrival is where the cumulative rate reaches the n-th
point of a Poisson process of rate 1 (Cinlar 1975). So a change of rate moves arrivals in time, never their order.
"""

from collections.abc import Iterator
from itertools import count, pairwise, takewhile
from math import sqrt
from typing import Any

from rustok_sim.engine.distributions import read_column, standard_exponential
from rustok_sim.engine.draws import Draws, Stream


def _gaps(draws: Draws, source: str) -> Stream:
    return draws.stream("arrivals", source, transform=lambda u: standard_exponential(u[:, 0]))


def poisson(gaps: Stream, rate_per_s: float, start_s: float = 0.0) -> Iterator[float]:
    """Independent exponential gaps."""
    at_s = start_s
    for n in count():
        at_s += gaps(n) / rate_per_s
        yield at_s


def constant(rate_per_s: float, start_s: float = 0.0) -> Iterator[float]:
    """Equal gaps; the first arrival is one gap after *start_s*."""
    return (start_s + n / rate_per_s for n in count(1))


def burst(at_s: float, number: int) -> Iterator[float]:
    """*number* arrivals at one moment."""
    return (at_s for _ in range(number))


def profile(gaps: Stream, points: list[tuple[float, float]]) -> Iterator[float]:
    """Poisson with a rate that is linear between *points* (at_s, rate_per_s) and 0 before and after them."""
    return _by_inversion(gaps, _linear_pieces(points))


def _linear_pieces(points: list[tuple[float, float]]) -> Iterator[tuple[float, float, float, float]]:
    """Pieces (begin, length, rate at the begin, rate at the end)."""
    for (begin, low), (end, high) in pairwise(points):
        if end > begin:
            yield begin, end - begin, low, high


def mmpp(gaps: Stream, stays: Stream, states: list[tuple[float, float]]) -> Iterator[float]:
    """Markov-modulated Poisson: states (rate_per_s, mean_s) visited in turn, each for an exponential time."""

    def pieces() -> Iterator[tuple[float, float, float, float]]:
        begin = 0.0
        for n in count():
            rate, mean_s = states[n % len(states)]
            length = mean_s * stays(n)
            yield begin, length, rate, rate
            begin += length

    return _by_inversion(gaps, pieces())


def _by_inversion(gaps: Stream, pieces: Iterator[tuple[float, float, float, float]]) -> Iterator[float]:
    """Carry the points of a unit Poisson process through the cumulative rate."""
    begin, length, low, high = next(pieces)
    used_s = 0.0
    for n in count():
        need = gaps(n)
        while True:
            left = _area(used_s, length, low, high)
            if need < left:
                break
            need -= left
            piece = next(pieces, None)
            if piece is None:
                return
            begin, length, low, high = piece
            used_s = 0.0
        used_s = _advance(used_s, length, low, high, need)
        yield begin + used_s


def _area(start_s: float, length: float, low: float, high: float) -> float:
    """The integral of a linear rate from a place in its piece to the end of it."""
    slope = (high - low) / length
    return (length - start_s) * (low + slope * (start_s + length) / 2.0)


def _advance(start_s: float, length: float, low: float, high: float, need: float) -> float:
    """The place after *start_s* up to which the integral is *need*: the root of a quadratic."""
    slope = (high - low) / length
    rate = low + slope * start_s
    if slope == 0.0:
        return start_s + need / rate
    # The form without cancellation, good for small slopes of either sign.
    return min(length, start_s + 2.0 * need / (rate + sqrt(max(0.0, rate * rate + 2.0 * slope * need))))


def _until(stop_s: float | None, times: Iterator[float]) -> Iterator[float]:
    return times if stop_s is None else takewhile(lambda at_s: at_s < stop_s, times)


def arrivals(spec: Any, draws: Draws, source: str) -> Iterator[float]:
    """The arrival times of a class as the scenario names them."""
    match spec.process:
        case "poisson":
            return _until(spec.stop_s, poisson(_gaps(draws, source), spec.rate_per_s, spec.start_s))
        case "constant":
            return _until(spec.stop_s, constant(spec.rate_per_s, spec.start_s))
        case "burst":
            return burst(spec.at_s, spec.count)
        case "profile":
            return profile(_gaps(draws, source), [tuple(point) for point in spec.points])
        case "mmpp":
            stays = draws.stream("arrivals.stay", source, transform=lambda u: standard_exponential(u[:, 0]))
            return mmpp(_gaps(draws, source), stays, [(state.rate_per_s, state.mean_s) for state in spec.states])
        case "trace":
            return iter(sorted(read_column(spec)))
    raise ValueError(f"no arrivals of the process {spec.process!r}")
