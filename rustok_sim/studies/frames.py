"""Frames that a study asks of every run: SQL over its events, kept beside the numbers as Parquet and read back."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import polars as pl
from polars.exceptions import PolarsError

from rustok_sim.capture import Connection, query_rows
from rustok_sim.capture.disk import disk_errors, sync
from rustok_sim.core.errors import RunError

LABELS: Final = ("variant", "replication")
"""What is said of each row besides the query's own columns."""


def ask_frame(connection: Connection, name: str, sql: str) -> pl.DataFrame:
    """The rows that *sql* gives of a run. Raises ``RunError`` that says *name* if it is wrong."""
    rows = query_rows(connection, name, sql)
    taken = [column for column in LABELS if column in rows.columns]
    if taken:
        raise RunError(f"query {name!r} has a column {taken[0]!r}, allowed: any but {' and '.join(LABELS)}")
    return rows


def keep_frames(directory: Path, frames: Mapping[str, pl.DataFrame]) -> None:
    """Write the frames of a run into the directory of its task, and wait until they are on the disk."""
    for name, frame in frames.items():
        frame.write_parquet(_file(directory, name))
        sync(_file(directory, name))


def has_frames(directory: Path, names: Iterable[str]) -> bool:
    """Whether the directory of a task has all of these frames, to their ends."""
    try:
        for name in names:
            pl.read_parquet_schema(_file(directory, name))
    except (OSError, PolarsError):
        return False
    return True


def read_frame(name: str, tasks: Iterable[tuple[str, int, Path]]) -> pl.DataFrame:
    """A frame of several runs in their order, each told by variant, replication and the directory of its task.

    Raises ``RunError`` where the disk does not have it any more.
    """
    parts = []
    for variant, replication, directory in tasks:
        labels = (pl.lit(variant).alias(LABELS[0]), pl.lit(replication, pl.Int64).alias(LABELS[1]))
        with disk_errors(directory):
            parts.append(pl.read_parquet(_file(directory, name), glob=False).select(*labels, pl.all()))
    return pl.concat(parts)


def _file(directory: Path, name: str) -> Path:
    return directory / f"frame.{name}.parquet"
