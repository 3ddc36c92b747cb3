"""Studies on the disk, and single runs as a study: what was simulated once can be looked at again."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from rustok_sim.capture.disk import disk_errors
from rustok_sim.core.errors import RunError
from rustok_sim.studies import AnyStudy, Replications, Run


def save(study: AnyStudy, directory: Path) -> None:
    """Write *study* into *directory*, made if need be: Parquet files that :func:`load` reads."""
    with disk_errors(directory):
        directory.mkdir(parents=True, exist_ok=True)
        study.metrics.write_parquet(directory / "metrics.parquet")
        for name, frame in study.frames.items():
            frame.write_parquet(directory / f"frame.{name}.parquet")


def load(directory: str | Path) -> Replications:
    """The study kept in *directory*. Raises ``RunError`` where there is none."""
    directory = Path(directory)
    if not (directory / "metrics.parquet").is_file():
        raise RunError(f"{directory}: there is no study here: it has no metrics.parquet")
    with disk_errors(directory):
        metrics = pl.read_parquet(directory / "metrics.parquet", glob=False)
        files = sorted(directory.glob("frame.*.parquet"))
        frames = {path.stem.removeprefix("frame."): pl.read_parquet(path, glob=False) for path in files}
    return Replications(metrics["variant"].unique(maintain_order=True).to_list(), metrics, frames)


def side_by_side(runs: Mapping[str, Run], queries: Mapping[str, str]) -> Replications:
    """Single runs, by the names they shall have, as a study of one replication, so that figures can show them."""
    values = [
        (name, 0, path, float(value))
        for name, run in runs.items()
        for path in run.metrics.paths()
        if isinstance(value := run.metrics.value(path), int | float)
    ]
    schema = {"variant": pl.String, "replication": pl.Int64, "metric": pl.String, "value": pl.Float64}
    metrics = pl.DataFrame(values, schema=schema, orient="row")
    frames = {
        query: pl.concat([_labelled(name, run.sql(sql)) for name, run in runs.items()])
        for query, sql in queries.items()
    }
    return Replications(tuple(runs), metrics, frames)


def _labelled(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(pl.lit(name).alias("variant"), pl.lit(0, pl.Int64).alias("replication"), pl.all())
