"""The same scenario many times and in several variants, on the same luck.

Replication *i* of every variant meets the same arrivals and the same draws, so that differences are the variants' own.
"""

from collections.abc import Mapping
from functools import partial
from itertools import product
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import polars as pl

from rustok_sim.scenario import Scenario, load_scenario
from rustok_sim.studies.format import Variants
from rustok_sim.studies.replications import Replications
from rustok_sim.studies.run import run
from rustok_sim.studies.tasks import numbers
from rustok_sim.studies.workers import Workers

Queries = Mapping[str, str]
Outcome: TypeAlias = tuple[pl.DataFrame, dict[str, pl.DataFrame]]


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
