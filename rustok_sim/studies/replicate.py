"""The same scenario many times and in several variants, on the same luck.

Replication *i* of every variant meets the same arrivals and the same draws, so that differences are the variants' own.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import product
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import polars as pl

from rustok_sim.core.errors import RunError
from rustok_sim.scenario import Scenario, load_scenario
from rustok_sim.studies.intervals import Estimate, estimate, paired_difference
from rustok_sim.studies.run import run
from rustok_sim.studies.tasks import numbers
from rustok_sim.studies.workers import Workers

Variants = Mapping[str, Mapping[str, object]]
Queries = Mapping[str, str]
Outcome: TypeAlias = tuple[pl.DataFrame, dict[str, pl.DataFrame]]


class Replications:
    """What was measured: ``metrics`` (variant, replication, metric, value) and one frame for each named query."""

    def __init__(self, variants: Sequence[str], metrics: pl.DataFrame, frames: Mapping[str, pl.DataFrame]) -> None:
        self.variants = tuple(variants)
        self.metrics = metrics
        self.frames = frames

    def values(self, variant: str, metric: str) -> list[float]:
        """The values of one metric in one variant, by replication. Raises ``RunError`` for what was not measured.

        A replication in which the metric has no value (nothing was answered, say) is left out.
        """
        return list(self._by_replication(variant, metric).values())

    def _by_replication(self, variant: str, metric: str) -> dict[int, float]:
        rows = self.metrics.filter(pl.col("variant") == variant, pl.col("metric") == metric).sort("replication")
        if rows.is_empty():
            known = ", ".join(self.variants)
            raise RunError(f"no value of {metric!r} in variant {variant!r}; the variants are {known}")
        return dict(zip(rows["replication"], rows["value"], strict=True))

    def estimate(self, variant: str, metric: str, *, confidence: float = 0.95) -> Estimate:
        """The mean of a metric with its interval."""
        return estimate(self.values(variant, metric), confidence=confidence)

    def difference(self, first: str, second: str, metric: str, *, confidence: float = 0.95) -> Estimate:
        """The paired difference first minus second of a metric, with its interval, where both have a value."""
        a, b = self._by_replication(first, metric), self._by_replication(second, metric)
        both = [i for i in a if i in b]
        return paired_difference([a[i] for i in both], [b[i] for i in both], confidence=confidence)

    def summary(self, *metrics: str, confidence: float = 0.95) -> pl.DataFrame:
        """A row for each variant and metric: mean, low, high, replications."""
        rows = []
        for variant in self.variants:
            for metric in metrics:
                e = self.estimate(variant, metric, confidence=confidence)
                rows.append((variant, metric, e.mean, e.low, e.high, e.replications))
        return pl.DataFrame(rows, schema=["variant", "metric", "mean", "low", "high", "replications"], orient="row")


def replicate(
    scenario: str | Path,
    variants: Variants,
    *,
    replications: int = 10,
    set: Mapping[str, object] | None = None,  # noqa: A002 - the word of the command line
    queries: Queries | None = None,
    jobs: int = -1,
    progress: bool = True,
) -> Replications:
    """Run every variant (name: overrides, on top of *set*) so many times, in parallel, and gather the numbers.

    *queries* are SQL over each run's ``events``, by name; their rows come back with ``variant`` and ``replication``.
    The runs themselves are not kept. The result does not depend on *jobs* (worker processes; -1: one a core).
    Raises ``ValueError`` if that makes no run at all, ``RunError`` where a worker is killed.
    """
    from tqdm.auto import tqdm

    if replications < 1 or not variants:
        raise ValueError(f"nothing to run: {len(variants)} variants, {replications} replications each")
    loaded = {name: load_scenario(scenario, overrides={**(set or {}), **own}) for name, own in variants.items()}
    calls = [(place, loaded[name], name, i) for place, (i, name) in enumerate(product(range(replications), variants))]
    work = partial(_one, queries=queries or {})
    with Workers(jobs) as workers:
        runs = workers.spread(work, calls)
        bar = tqdm(runs, total=len(calls), desc="runs", unit="run", disable=not progress, leave=False)
        done = [outcome for _, outcome in sorted(bar, key=itemgetter(0))]
    metrics = pl.concat([metrics for metrics, _ in done])
    frames = {name: pl.concat([frames[name] for _, frames in done]) for name in queries or {}}
    return Replications(tuple(variants), metrics, frames)


def _one(place: int, scenario: Scenario, variant: str, replication: int, *, queries: Queries) -> tuple[int, Outcome]:
    """One task: a run in a directory that is gone afterwards, and what was asked of it, with its place in the order."""
    labels = (pl.lit(variant).alias("variant"), pl.lit(replication, pl.Int64).alias("replication"))
    with TemporaryDirectory(prefix="rustok-sim-") as directory:
        result = run(scenario, replication=replication, data=directory)
        frames = {name: result.sql(sql).select(*labels, pl.all()) for name, sql in queries.items()}
    flat = list(numbers(result.metrics.to_dict()))
    metrics = pl.DataFrame(flat, schema={"metric": pl.String, "value": pl.Float64}, orient="row")
    return place, (metrics.select(*labels, pl.all()), frames)
