"""A time axis for a trace: where nothing was at work for long, the axis is cut short."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from rustok_sim.trace.spans import Span, Trace

SHOWN: Final = 0.06
"""The share of the busy time that a pause is drawn as, if it was longer."""

APART: Final = 0.08
"""The least share of the axis between two of its labels."""


class Pause(NamedTuple):
    """A stretch in which no span was at work, cut short."""

    begin_s: float
    end_s: float


class Clock:
    """Turns moments of a trace into places on its axis: milliseconds since the request arrived, without the pauses."""

    def __init__(self, trace: Trace) -> None:
        busy = _busy(span for span in trace.spans() if span is trace.root or span.follows)
        whole_s = sum(end_s - begin_s for begin_s, end_s in busy)
        short_s = SHOWN * whole_s
        gaps = [Pause(end_s, begin_s) for (_, end_s), (begin_s, _) in pairwise(busy)]
        self.pauses = [gap for gap in gaps if gap.end_s - gap.begin_s > 2.0 * short_s]
        self.busy = busy
        self._moments, self._places = [busy[0][0]], [0.0]
        for pause in self.pauses:
            before = self._places[-1] + pause.begin_s - self._moments[-1]
            self._moments += pause
            self._places += [before, before + short_s]
        self._moments.append(busy[-1][1])
        self._places.append(self._places[-1] + self._moments[-1] - self._moments[-2])

    def place(self, at_s: float) -> float:
        """Where a moment stands on the axis, in milliseconds."""
        return float(np.interp(at_s, self._moments, self._places)) * 1000.0

    @property
    def width(self) -> float:
        """The length of the axis, in milliseconds."""
        return self._places[-1] * 1000.0

    def ticks(self) -> list[tuple[float, str]]:
        """Places and labels: some on each stretch between two pauses, in milliseconds since the arrival.

        Of those whose labels would run into each other, the first.
        """
        from matplotlib.ticker import MaxNLocator

        found: list[tuple[float, str]] = []
        edges = [self._moments[0], *(moment for pause in self.pauses for moment in pause), self._moments[-1]]
        for begin_s, end_s in zip(edges[::2], edges[1::2], strict=True):
            share = (end_s - begin_s) * 1000.0 / (self.width or 1.0)
            low, high = ((moment - self._moments[0]) * 1000.0 for moment in (begin_s, end_s))
            values = MaxNLocator(nbins=max(1, round(6 * share))).tick_values(low, high) if high > low else [low]
            for value in values:
                place = self.place(self._moments[0] + value / 1000.0)
                if low - 1e-9 <= value <= high + 1e-9 and (not found or place - found[-1][0] >= APART * self.width):
                    found.append((place, f"{value:g}"))
        return found


def _busy(spans: Iterable[Span]) -> list[tuple[float, float]]:
    """The stretches in which any of *spans* was at work."""
    merged: list[tuple[float, float]] = []
    for begin_s, end_s in sorted((span.begin_s, span.end_s) for span in spans):
        if merged and begin_s <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end_s, merged[-1][1]))
        else:
            merged.append((begin_s, end_s))
    return merged
