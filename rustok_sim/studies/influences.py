"""What a study found of keys and their ranges: how much each moves each metric."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

import polars as pl

from rustok_sim.scenario import Scenario
from rustok_sim.studies.comparisons import html_table, numbers_of, where
from rustok_sim.studies.designs import Index
from rustok_sim.studies.intervals import Estimate


@dataclass(frozen=True, slots=True)
class Influence:
    """What one key does to one metric, in one variant at one point."""

    variant: str
    factors: Mapping[str, object]
    metric: str
    path: str
    index: Index
    estimate: Estimate
    """Its interval is wide enough for all of the study to hold together (Bonferroni); ``mu`` and ``sigma`` have none.
    Counts are replications, trajectories or base samples."""

    def to_json(self) -> dict[str, Any]:
        """As in the study's JSON."""
        told = {"variant": self.variant, "factors": dict(self.factors), "metric": self.metric, "path": self.path}
        return {
            **told,
            "index": self.index,
            **numbers_of(self.estimate, "value"),
            "samples": self.estimate.replications,
        }

    @property
    def text(self) -> str:
        """The value for people: some have no interval, and some are none."""
        if not isfinite(self.estimate.mean):
            return "\N{EN DASH}"
        return str(self.estimate) if isfinite(self.estimate.low) else f"{self.estimate.mean:.4g}"


class Influences:
    """What all keys do, and to which method that is owed."""

    def __init__(self, method: str, rows: Iterable[Influence]) -> None:
        self.method = method
        self.rows = tuple(rows)

    def ranked(self, variant: str, factors: Mapping[str, object], metric: str, index: Index) -> list[Influence]:
        """The rows of one index at one place, the key that moves most first."""
        picked = [
            row
            for row in self.rows
            if (row.variant, row.factors, row.metric, row.index) == (variant, factors, metric, index)
        ]
        return sorted(picked, key=lambda row: -abs(row.estimate.mean) if isfinite(row.estimate.mean) else 1.0)

    @property
    def main(self) -> Index:
        """The one index that says most of a key, by the method."""
        mains: dict[str, Index] = {"one_at_a_time": "swing", "morris": "mu_star", "sobol": "total"}
        return mains[self.method]

    def _place(self, row: Influence) -> tuple[int, int]:
        """Where a row stands among all: metric by metric as they were asked for, the key that moves it most first."""
        first = next(i for i, one in enumerate(self.rows) if _same_place(one, row))
        ranked = self.ranked(row.variant, row.factors, row.metric, self.main)
        return first, next((i for i, one in enumerate(ranked) if one.path == row.path), len(ranked))

    def table(self) -> pl.DataFrame:
        """A row for each of :attr:`rows`: variant, where, metric, path, index, value, low, high, samples."""
        cells = [{**row.to_json(), "where": where(row.factors)} for row in self.rows]
        texts = dict.fromkeys(("variant", "where", "metric", "path", "index"), pl.String)
        numbers = dict.fromkeys(("value", "low", "high"), pl.Float64)
        return pl.DataFrame(cells, schema={**texts, **numbers, "samples": pl.Int64})

    def __repr__(self) -> str:
        return f"<Influences by {self.method}: {len(self.rows)} rows>"

    def _repr_html_(self) -> str:
        rows = sorted(self.rows, key=self._place)
        cells = [(row.variant, where(row.factors), row.metric, row.path, row.index, row.text) for row in rows]
        return html_table(("variant", "where", "metric", "key", "index", "value"), cells)


def _same_place(one: Influence, other: Influence) -> bool:
    return (one.variant, one.factors, one.metric) == (other.variant, other.factors, other.metric)


def base_value(scenario: Scenario, path: str) -> object:
    """What a key is in *scenario*; none if it says nothing of it."""
    found: Any = scenario.model_dump(mode="json")
    for part in path.split("."):
        try:
            found = found[int(part)] if isinstance(found, list) else found[part]
        except (KeyError, IndexError, TypeError, ValueError):
            return None
    return found
