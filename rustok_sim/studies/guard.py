"""The guard of determinism: the same run once more, in a process of its own, and the first record that differs."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import polars as pl

from rustok_sim.capture import digest_of
from rustok_sim.capture.digest import EVENTS_FILE
from rustok_sim.core.errors import ReplayDiverged, RunError
from rustok_sim.core.journal import COLUMNS
from rustok_sim.studies.run import Run

BATCH_ROWS: Final = 2**18
OTHER_HASH: Final = "1"


@dataclass(frozen=True, slots=True)
class Difference:
    """The first record in which two logs differ; a log that ended has none."""

    seq: int
    first: Mapping[str, Any] | None
    second: Mapping[str, Any] | None

    def __str__(self) -> str:
        return f"record {self.seq}: {_shown(self.first)} in the first run, {_shown(self.second)} in the second"


def run_again(first: Run, file: Path, *, overrides: Sequence[str], seed: int | None, replication: int) -> None:
    """Run *file* once more in a fresh process whose hashes fall otherwise, and compare the logs.

    Raises ``ReplayDiverged`` with the first record that differs, ``RunError`` when the second run does not end.
    """
    with TemporaryDirectory(prefix="rustok-sim-") as data:
        command = [sys.executable, "-m", "rustok_sim", "run", str(file), "--data", data, "--json"]
        command += [f"--replication={replication}", *(f"--set={override}" for override in overrides)]
        command += [] if seed is None else [f"--seed={seed}"]
        command += ["--allow-code"]  # whoever let the first run have it is asking for the same again
        done = subprocess.run(  # noqa: S603  # this very command
            command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONHASHSEED": _other_hash()}
        )
        if done.returncode not in (0, 1):
            raise RunError(f"the second run did not end: {done.stderr.strip()}")
        second = Path(json.loads(done.stdout)["directory"])
        found = first_difference(first.directory, second)
        if found is not None:
            raise ReplayDiverged(f"{file}: two runs of one seed differ: {found}")


def first_difference(first: Path, second: Path) -> Difference | None:
    """The first record in which the logs of two run directories differ; none if they are the same."""
    if digest_of(first) == digest_of(second):
        return None
    logs = [pl.scan_parquet(run / EVENTS_FILE, glob=False).select("seq", *COLUMNS) for run in (first, second)]
    start = 0
    while True:
        a, b = (log.slice(start, BATCH_ROWS).collect() for log in logs)
        both = min(a.height, b.height)
        same = pl.all_horizontal(a.head(both)[name].eq_missing(b.head(both)[name]).alias(name) for name in COLUMNS)
        unlike = pl.select((~same).arg_true()).to_series()
        place = int(unlike[0]) if unlike.len() else both
        if place < max(a.height, b.height):
            return Difference(start + place, _row(a, place), _row(b, place))
        if not both:
            return None
        start += BATCH_ROWS


def _row(frame: pl.DataFrame, place: int) -> dict[str, Any] | None:
    return frame.row(place, named=True) if place < frame.height else None


def _shown(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "no record"
    told = {name: value for name, value in row.items() if value is not None and name != "seq"}
    return f"{told.pop('kind')} {told}"


def _other_hash() -> str:
    """A seed of hashes that is not this process's own."""
    return OTHER_HASH if os.environ.get("PYTHONHASHSEED") != OTHER_HASH else "2"
