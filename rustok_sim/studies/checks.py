"""The checks of a study, held against the far end of intervals: a claim holds only if luck cannot have made it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

from rustok_sim.studies.comparisons import numbers_of, where
from rustok_sim.studies.format import Check, Point
from rustok_sim.studies.intervals import Estimate

if TYPE_CHECKING:
    from rustok_sim.studies.results import Study


@dataclass(frozen=True, slots=True)
class Checked:
    """One check at one point, in one variant or between two."""

    check: Check
    variants: tuple[str, ...]
    factors: Mapping[str, object]
    found: Estimate
    missing: int
    """In how many replications the metric has no value; then nothing can be claimed."""

    @property
    def bounds(self) -> dict[str, float]:
        """What was claimed."""
        names = ("at_least", "at_most", "difference_at_least", "difference_at_most")
        return {name: limit for name in names if (limit := getattr(self.check, name)) is not None}

    @property
    def held(self) -> bool:
        """Whether the whole interval lies within the bounds, and every replication has a value."""
        if self.missing or not isfinite(self.found.low):
            return False
        low = self.check.difference_at_least if self.check.compare else self.check.at_least
        high = self.check.difference_at_most if self.check.compare else self.check.at_most
        return (low is None or self.found.low >= low) and (high is None or self.found.high <= high)

    def to_json(self) -> dict[str, Any]:
        """As in the study's JSON."""
        return {
            "claim": self.check.claim,
            "metric": self.check.metric,
            ("compare" if self.check.compare else "variants"): list(self.variants),
            "factors": dict(self.factors),
            "bound": self.bounds,
            **numbers_of(self.found, "value"),
            "replications": self.found.replications,
            "missing": self.missing,
            "held": self.held,
        }

    def texts(self) -> tuple[str, str, str, str]:
        """The claim, where it was asked, what was found, and the verdict, for people."""
        bounds = " and ".join(f"{name.replace('_', ' ')} {limit:g}" for name, limit in self.bounds.items())
        what = f"{self.check.metric} {bounds}"
        place = " \N{MINUS SIGN} ".join(self.variants) + (f", {where(self.factors)}" if self.factors else "")
        found = str(self.found) + (f", none in {self.missing} replications" if self.missing else "")
        return (f"{self.check.claim} ({what})" if self.check.claim else what, place, found, self.verdict)

    @property
    def verdict(self) -> str:
        """In two words."""
        return "holds" if self.held else "does not hold"


def judged(study: "Study") -> Iterator[Checked]:
    """Every check of *study* at every point that it is about."""
    for check in study.plan.file.checks:
        for point in study.plan.points_of(check):
            if check.compare is not None:
                yield _compared(study, check, point)
            else:
                for variant in (check.variant,) if check.variant else study.plan.variants:
                    found, missing = study.present(point, variant, check.metric)
                    yield Checked(check, (variant,), point.factors, found, missing)


def _compared(study: "Study", check: Check, point: Point) -> Checked:
    assert check.compare is not None  # noqa: S101 - the caller asks of checks that compare
    first, second = check.compare
    one = study.comparisons.of(first, second, check.metric, point.factors)
    assert one is not None  # noqa: S101 - a study compares whatever its checks compare
    runs = study.present(point, first, check.metric)[0].replications + study.present(point, first, check.metric)[1]
    return Checked(check, (first, second), point.factors, one.difference, runs - one.difference.replications)
