"""The catalogue: one DuckDB file with views over all run directories. It holds nothing that is not in them."""

import glob
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl
from polars.exceptions import PolarsError

from rustok_sim.capture.columns import SCHEMA
from rustok_sim.capture.database import RUN_NAME, Connection, connect, events_of, quoted
from rustok_sim.capture.digest import EVENTS_FILE
from rustok_sim.capture.disk import disk_errors, hidden_directory, sync
from rustok_sim.capture.runs import RECORD_FILE, read_record
from rustok_sim.core.errors import RunError

CATALOGUE_FILE: Final = "rustok.duckdb"

RECORD_COLUMNS: Final = {
    "scenario": "varchar",
    "seed": "bigint",
    "replication": "bigint",
    "simulated_s": "double",
    "events": "bigint",
    "digest": "varchar",
    "settings_sha256": "varchar",
    "commit": "varchar",
    "packages": "json",
    "settings": "json",
    "metrics": "json",
    "invariants": "json",
    "expectations": "json",
}
SQL_TYPES: Final = {pl.Float64(): "double", pl.Int64(): "bigint", pl.String(): "varchar"}


@dataclass(frozen=True, slots=True)
class Skipped:
    """A directory that the catalogue leaves out, and why."""

    directory: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A catalogue as it was built: where it lies, the run directories it shows, and those it does not."""

    path: Path
    runs: tuple[Path, ...]
    skipped: tuple[Skipped, ...]


def rebuild(runs: Path | str, *, catalogue: Path | str | None = None) -> Catalogue:
    """Make the catalogue anew over the run directories in *runs*; beside them (``../rustok.duckdb``) unless told where.

    Its view ``runs`` has a row for each run, with what ``run.json`` says; its view ``events`` all records of all runs.
    It is built aside and renamed, so there is always a whole one; readers of the old one keep it until they
    close it. Raises ``RunError`` when it cannot be written.
    """
    runs = Path(runs)
    path = (runs.parent / CATALOGUE_FILE) if catalogue is None else Path(catalogue)
    whole, skipped = _survey(runs)
    with hidden_directory(path.parent) as hidden, disk_errors(path):
        draft = hidden / CATALOGUE_FILE
        connection = connect(draft)
        try:
            _create_views(connection, whole)
        finally:
            connection.close()
        sync(draft)
        os.replace(draft, path)  # noqa: PTH105  # says what it does
        sync(path.parent)
    return Catalogue(path, tuple(whole), tuple(skipped))


def _survey(runs: Path) -> tuple[list[Path], list[Skipped]]:
    whole: list[Path] = []
    skipped: list[Skipped] = []
    directories = sorted(path for path in runs.glob("[!.]*") if path.is_dir())
    for directory in directories:
        try:
            _examine(directory)
        except RunError as error:
            skipped.append(Skipped(directory, str(error)))
        else:
            whole.append(directory)
    return whole, skipped


def _examine(run: Path) -> None:
    read_record(run)
    try:
        schema = pl.scan_parquet(run / EVENTS_FILE, glob=False).collect_schema()
    except (OSError, PolarsError) as error:
        raise RunError(f"{run}: {EVENTS_FILE} cannot be read: {str(error).splitlines()[0]}") from error
    if dict(schema) != SCHEMA:
        raise RunError(f"{run}: {EVENTS_FILE} has other columns than an event log")


def _create_views(connection: Connection, runs: list[Path]) -> None:
    connection.execute(f"create view runs as {_records_of(runs) if runs else _nothing(_RUNS_COLUMNS)}")
    connection.execute(f"create view events as {events_of(runs) if runs else _nothing(_EVENTS_COLUMNS)}")


_RUNS_COLUMNS: Final = {"run": "varchar", "directory": "varchar", **RECORD_COLUMNS}
_EVENTS_COLUMNS: Final = {"run": "varchar", **{name: SQL_TYPES[kind] for name, kind in SCHEMA.items()}}


def _nothing(columns: dict[str, str]) -> str:
    return f"select {', '.join(f'null::{kind} as {name}' for name, kind in columns.items())} where false"


def _records_of(runs: list[Path]) -> str:
    """The SQL that reads all ``run.json``. The columns are named, so that a broken one cannot change the others."""
    files = ", ".join(quoted(glob.escape(str(run.resolve() / RECORD_FILE))) for run in runs)
    columns = ", ".join(f"{name}: '{kind}'" for name, kind in RECORD_COLUMNS.items())
    directory = "regexp_replace(filename, '/[^/]+$', '')"
    return (
        f"select {RUN_NAME} as run, {directory} as directory, {', '.join(RECORD_COLUMNS)}"  # noqa: S608  # all quoted
        f" from read_json([{files}], columns = {{{columns}}}, format = 'unstructured', filename = true)"
    )
