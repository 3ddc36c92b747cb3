"""What a study found of settings and their cost: every choice tried, the cheapest that holds, and the front."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

import polars as pl

from rustok_sim.scenario import Expectation
from rustok_sim.studies.bounds import Verdict
from rustok_sim.studies.comparisons import html_table, numbers_of, where
from rustok_sim.studies.intervals import Estimate


@dataclass(frozen=True, slots=True)
class Trial:
    """One choice of settings that was tried."""

    settings: Mapping[str, object]
    """Value by path."""
    cost: Estimate
    verdict: Verdict
    estimates: tuple[Estimate, ...]
    """Of the metrics of the bounds, in their order."""

    @property
    def chosen(self) -> str:
        """The settings in a line."""
        return where({path: f"{one:.4g}" if isinstance(one, float) else one for path, one in self.settings.items()})

    @property
    def price(self) -> str:
        """The cost for people; an interval only where luck has a part in it."""
        return str(self.cost) if self.cost.half_width > 0.0 else f"{self.cost.mean:.4g}"


@dataclass(frozen=True, slots=True)
class Optimum:
    """What was tried in one variant at one point."""

    variant: str
    factors: Mapping[str, object]
    bounds: tuple[Expectation, ...]
    trials: tuple[Trial, ...]

    @property
    def best(self) -> Trial | None:
        """The cheapest choice whose bounds all hold, the one tried first of those that cost the same."""
        holding = [trial for trial in self.trials if trial.verdict == "holds" and isfinite(trial.cost.mean)]
        return min(holding, key=lambda trial: trial.cost.mean, default=None)

    @property
    def front(self) -> tuple[Trial, ...]:
        """The choices that no other beats in cost and in the first bound's metric (Pareto), the cheapest first."""
        sign = -1.0 if self.bounds[0].at_most is None else 1.0
        found: list[Trial] = []
        least = float("inf")
        known = [trial for trial in self.trials if isfinite(trial.cost.mean) and isfinite(trial.estimates[0].mean)]
        for trial in sorted(known, key=lambda trial: (trial.cost.mean, sign * trial.estimates[0].mean)):
            if sign * trial.estimates[0].mean < least:
                least = sign * trial.estimates[0].mean
                found.append(trial)
        return tuple(found)

    def to_json(self) -> dict[str, Any]:
        """As in the study's JSON."""
        best, front = self.best, self.front
        return {
            "variant": self.variant,
            "factors": dict(self.factors),
            "best": None if best is None else {"settings": dict(best.settings), **numbers_of(best.cost, "cost")},
            "trials": [
                {
                    "settings": dict(trial.settings),
                    **numbers_of(trial.cost, "cost"),
                    "verdict": trial.verdict,
                    "on_front": trial in front,
                    "estimates": [numbers_of(one, "mean") for one in trial.estimates],
                }
                for trial in self.trials
            ],
        }

    def table(self) -> pl.DataFrame:
        """A row for each trial: variant, where, settings, cost and metrics with intervals, verdict, on_front."""
        front = self.front
        rows = []
        for trial in self.trials:
            row: dict[str, object] = {"variant": self.variant, "where": where(self.factors)}
            row |= {path: plain(value) for path, value in trial.settings.items()}
            row |= _columns("cost", trial.cost)
            for bound, one in zip(self.bounds, trial.estimates, strict=True):
                row |= _columns(bound.metric, one)
            rows.append({**row, "verdict": trial.verdict, "on_front": trial in front})
        return pl.DataFrame(rows, infer_schema_length=None)

    def __str__(self) -> str:
        place = f", {where(self.factors)}" if self.factors else ""
        best = self.best
        if best is None:
            return f"{self.variant}{place}: none of {len(self.trials)} choices is shown to hold"
        return f"{self.variant}{place}: {best.chosen} costs {best.price}, the least of {len(self.trials)} tried"

    def _repr_html_(self) -> str:
        best = self.best
        shown = [*([best] if best else []), *(trial for trial in self.front if trial is not best)]
        rows = [(trial.chosen, trial.price, *map(str, trial.estimates), trial.verdict) for trial in shown]
        metrics = [bound.metric for bound in self.bounds]
        return html_table(("settings", "cost", *metrics, "verdict"), rows, caption=str(self))


def plain(value: object) -> object:
    """A value of a key as a column holds it: tables and arrays in words."""
    return value if isinstance(value, str | int | float | bool) else str(value)


def _columns(name: str, one: Estimate) -> dict[str, float | None]:
    return {key if key == name else f"{name}_{key}": value for key, value in numbers_of(one, name).items()}
