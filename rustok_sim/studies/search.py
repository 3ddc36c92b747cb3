"""The largest or smallest value of a key at which what must hold still holds: bisection that minds noise.

The intervals are wide enough for all looks of one search together, so that the value found holds with the study's
confidence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, log, log1p, log2, sqrt
from typing import Any

from rustok_sim.studies.bounds import Judge, Verdict
from rustok_sim.studies.comparisons import numbers_of, where
from rustok_sim.studies.format import Plan, Search, Varied
from rustok_sim.studies.gather import Gatherer
from rustok_sim.studies.intervals import Estimate


@dataclass(frozen=True, slots=True)
class Step:
    """One value that was tried."""

    value: float
    verdict: Verdict
    estimates: tuple[Estimate, ...]
    """Of the metrics of the bounds, in their order."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found in one variant at one point."""

    variant: str
    factors: Mapping[str, object]
    path: str
    value: float | None
    """The last value shown to hold; none where not even the easiest does."""
    beyond: float | None
    """The nearest value tried that is not shown to hold; none where the whole range holds."""
    steps: tuple[Step, ...]

    def to_json(self) -> dict[str, Any]:
        """As in the study's JSON."""
        return {
            "variant": self.variant,
            "factors": dict(self.factors),
            "path": self.path,
            "value": self.value,
            "beyond": self.beyond,
            "trace": [
                {
                    "value": step.value,
                    "verdict": step.verdict,
                    "replications": max(one.replications for one in step.estimates),
                    "estimates": [numbers_of(one, "mean") for one in step.estimates],
                }
                for step in self.steps
            ],
        }

    def __str__(self) -> str:
        place = f", {where(self.factors)}" if self.factors else ""
        if self.value is None:
            return f"{self.variant}{place}: no value of {self.path} is shown to hold"
        end = "the end of the range" if self.beyond is None else f"not shown at {self.beyond:.4g}"
        return f"{self.variant}{place}: {self.path} = {self.value:.4g} holds, {end}"


def search(plan: Plan, gatherer: Gatherer) -> list[Found]:
    """Search in every variant at every point; nothing where the study asks for no search."""
    asked = plan.file.search
    if asked is None:
        return []
    return [
        _Hunt(plan, asked, gatherer, variant, point.factors).result()
        for point in plan.points
        for variant in plan.variants
    ]


class _Hunt:
    """One search."""

    def __init__(
        self, plan: Plan, asked: Search, gatherer: Gatherer, variant: str, factors: Mapping[str, object]
    ) -> None:
        self._plan = plan
        self._asked = asked
        self._variant = variant
        self._factors = factors
        self._judge = Judge(plan, gatherer, asked.subject_to, scenarios=_steps_max(asked))
        self._steps: list[Step] = []

    def result(self) -> Found:
        asked = self._asked
        good, bad = (asked.low, asked.high) if asked.find == "max" else (asked.high, asked.low)
        if not self._holds(good):
            return self._found(None, good)
        if self._holds(bad):
            return self._found(bad, None)
        while (middle := _middle(asked, good, bad)) is not None:
            if self._holds(middle):
                good = middle
            else:
                bad = middle
        return self._found(good, bad)

    def _found(self, value: float | None, beyond: float | None) -> Found:
        return Found(self._variant, self._factors, self._asked.path, value, beyond, tuple(self._steps))

    def _holds(self, value: float) -> bool:
        typed = int(value) if self._asked.whole else value
        varied = Varied(self._asked.path, typed, ("search", "path"))
        ruling = self._judge.rule(self._plan.scenario(self._variant, self._factors, varied))
        self._steps.append(Step(typed, ruling.verdict, ruling.estimates))
        return ruling.verdict == "holds"


def _middle(asked: Search, good: float, bad: float) -> float | None:
    """The next value between the two; none when they are near enough."""
    low, high = min(good, bad), max(good, bad)
    if high - low <= asked.relative_tolerance * max(abs(low), abs(high)):
        return None
    middle = sqrt(low * high) if low > 0.0 else (low + high) / 2.0
    if not asked.whole:
        return middle
    whole = float(round(middle))
    return whole if low < whole < high else (low + 1.0 if high - low > 1.0 else None)


def _steps_max(asked: Search) -> int:
    """No search of this range tries more values."""
    if asked.low > 0.0:
        halvings = log2(max(2.0, log(asked.high / asked.low) / log1p(asked.relative_tolerance)))
    else:
        halvings = log2(max(2.0, (asked.high - asked.low) / (asked.relative_tolerance * asked.high or 1.0))) + 8
    return 2 + ceil(halvings) + 1
