"""The largest or smallest value of a key at which what must hold still holds: bisection that minds noise.

A value holds only when the whole interval of every bound's metric lies on the right side, and fails when one lies on
the wrong side; until then replications are added. What stays undecided is not shown to hold. The intervals are wide
enough for all looks of one search together (Bonferroni), so that the value found holds with the study's confidence.
Every value meets the same luck, replication by replication.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log, log1p, log2, sqrt
from typing import Any, Literal

from rustok_sim.scenario import Expectation
from rustok_sim.studies.comparisons import numbers_of, where
from rustok_sim.studies.format import Plan, Search
from rustok_sim.studies.gather import Gatherer, precision_of
from rustok_sim.studies.intervals import Estimate, bonferroni, estimate

Verdict = Literal["holds", "fails", "undecided"]


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
        self._gatherer = gatherer
        self._variant = variant
        self._factors = factors
        self._rounds = list(_rounds(plan))
        self._confidence = bonferroni(plan.file.replications.confidence, len(self._rounds) * _steps_max(asked))
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
        scenario = self._plan.scenario(self._variant, {**self._factors, self._asked.path: typed})
        estimates: tuple[Estimate, ...] = ()
        verdict: Verdict = "undecided"
        for replications in self._rounds:
            self._gatherer.make([(scenario, replications)])
            runs = self._gatherer.summaries(scenario, replications)
            estimates = tuple(
                estimate([v for run in runs if (v := run.value(bound.metric)) is not None], confidence=self._confidence)
                for bound in self._asked.subject_to
            )
            verdict = _verdict(self._asked.subject_to, estimates, replications)
            if verdict != "undecided":
                break
        self._steps.append(Step(typed, verdict, estimates))
        return verdict == "holds"


def _rounds(plan: Plan) -> Iterator[int]:
    """How many replications are looked at, from the least, doubled up to the most."""
    precision = precision_of(plan)
    n = precision.least
    yield n
    while not plan.quick and n < plan.file.replications.max:
        n = min(2 * n, plan.file.replications.max)
        yield n


def _verdict(bounds: Sequence[Expectation], estimates: Sequence[Estimate], replications: int) -> Verdict:
    pairs = list(zip(bounds, estimates, strict=True))
    if any(
        (bound.at_least is not None and found.high < bound.at_least)
        or (bound.at_most is not None and found.low > bound.at_most)
        for bound, found in pairs
    ):
        return "fails"
    if all(
        found.replications == replications
        and (bound.at_least is None or found.low >= bound.at_least)
        and (bound.at_most is None or found.high <= bound.at_most)
        for bound, found in pairs
    ):
        return "holds"
    return "undecided"


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
