"""Bounds on metrics held by one scenario after another, until there is no doubt.

Bounds hold only when the whole interval of every bound's metric lies on the right side, and fail when one lies on the
wrong side; until then replications are added. What stays undecided is not shown to hold. The intervals are wide
enough for all looks at all scenarios together (Bonferroni). Every scenario meets the same luck, replication by
replication.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rustok_sim.scenario import Expectation, Scenario
from rustok_sim.studies.format import Plan
from rustok_sim.studies.gather import Gatherer, precision_of
from rustok_sim.studies.intervals import Estimate, bonferroni, estimate

Verdict = Literal["holds", "fails", "undecided"]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was found of one scenario."""

    verdict: Verdict
    estimates: tuple[Estimate, ...]
    """Of the metrics of the bounds, in their order."""
    replications: int


class Judge:
    """Holds *bounds* against so many scenarios at most."""

    def __init__(self, plan: Plan, gatherer: Gatherer, bounds: Sequence[Expectation], *, scenarios: int) -> None:
        self._gatherer = gatherer
        self._bounds = bounds
        self._rounds = list(_rounds(plan))
        self._confidence = bonferroni(plan.file.replications.confidence, len(self._rounds) * scenarios)

    def rule(self, scenario: Scenario) -> Ruling:
        """Run *scenario* until its verdict is clear, or as often as the study allows."""
        estimates: tuple[Estimate, ...] = ()
        verdict: Verdict = "undecided"
        replications = 0
        for replications in self._rounds:
            self._gatherer.make([(scenario, replications)])
            runs = self._gatherer.summaries(scenario, replications)
            estimates = tuple(
                estimate([v for run in runs if (v := run.value(bound.metric)) is not None], confidence=self._confidence)
                for bound in self._bounds
            )
            verdict = _verdict(self._bounds, estimates, replications)
            if verdict != "undecided":
                break
        return Ruling(verdict, estimates, replications)


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
