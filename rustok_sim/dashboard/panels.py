"""What panels are made of: lines over buckets of time, strips of states, and what to read off at a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rustok_sim.report.measures import plain
from rustok_sim.report.style import Look


class Clock(NamedTuple):
    """The time axis: so many buckets of *width_s*, of which those up to *known* are over."""

    width_s: float
    buckets: int
    known: int

    def place(self, at_s: float) -> int:
        """The bucket in which a moment lies."""
        return min(max(0, int(at_s / self.width_s)), self.buckets - 1)


@dataclass(frozen=True, slots=True)
class Line:
    """One value by bucket; NaN where there is none."""

    name: str
    look: Look
    values: NDArray[np.float64]

    def readings(self, clock: Clock) -> list[str]:
        """What to read off at each bucket."""
        return [plain(float(value)) for value in self.values] + ["–"] * (clock.buckets - len(self.values))


class Span(NamedTuple):
    """A state, from when to when."""

    begin_s: float
    end_s: float
    state: str


@dataclass(frozen=True, slots=True)
class Strip:
    """The states of one thing, one after the other; where it has none, *idle* is read off."""

    name: str
    spans: tuple[Span, ...]
    idle: str = "–"

    def readings(self, clock: Clock) -> list[str]:
        """The states within each bucket, in their order."""
        found: list[list[str]] = [[] for _ in range(clock.buckets)]
        for span in self.spans:
            first, beyond = clock.place(span.begin_s), ceil(span.end_s / clock.width_s)
            for states in found[first : max(beyond, first + 1)]:
                if states[-1:] != [span.state]:
                    states.append(span.state)
        return [" → ".join(states) or self.idle for states in found]


@dataclass(frozen=True, slots=True)
class Panel:
    """What is drawn on one axis of time: lines, or strips."""

    key: str
    title: str
    axis: str
    """The label of its axis, with the unit."""
    lines: tuple[Line, ...] = ()
    strips: tuple[Strip, ...] = ()
    colours: Mapping[str, tuple[str, str]] | None = None
    """Of the states of strips: colour and hatch."""
    log: bool = False
    """Whether a logarithmic axis is drawn where values lie far apart."""
    note: str = ""
    empty: str = ""
    """Why there is nothing to see, if so."""

    @property
    def rows(self) -> Sequence[Line | Strip]:
        """Its lines or strips."""
        return self.lines or self.strips
