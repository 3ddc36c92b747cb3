"""One run as a task of a study: known by what decides its result, done once, and kept whole or not at all."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from functools import cache
from hashlib import sha256
from math import isfinite
from pathlib import Path
from shutil import rmtree
from time import perf_counter
from typing import Any, Final

import polars as pl

from rustok_sim.capture import narrowed, open_run, query_row
from rustok_sim.capture.disk import disk_errors, hidden_directory, sync
from rustok_sim.capture.runs import package_versions
from rustok_sim.scenario import Scenario
from rustok_sim.studies.frames import ask_frame, has_frames, keep_frames
from rustok_sim.studies.run import Run, run
from rustok_sim.studies.warmup import Series, has_series, series_of

SUMMARY: Final = "summary.json"
FORMAT: Final = 2
DECIDING: Final = ("core", "modules", "adapters", "platform", "scenario", "engine", "capture", "verify")
"""The packages whose code decides what a run gives; with them this module and those it runs by."""


@dataclass(frozen=True, slots=True)
class Task:
    """A run that a study asks for."""

    key: str
    """SHA-256 over the scenario, its seed and data, the replication, what is asked, and the version of the code."""
    scenario: Scenario
    replication: int
    queries: Mapping[str, str] = field(default_factory=dict)
    """SQL over its events, each giving one row."""
    frames: Mapping[str, str] = field(default_factory=dict)
    """SQL over its events, each giving any number of rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a study keeps of a run."""

    key: str
    scenario: str
    seed: int
    replication: int
    digest: str
    events: int
    wall_s: float
    metrics: Mapping[str, float]
    """Every metric that is a number, by its dotted path; those of queries among them."""
    broken: Mapping[str, int] = field(default_factory=dict)
    """Invariants that did not hold, with their violations."""
    series: Series = field(default_factory=dict)
    """For the warm-up: mean latency over time, by load class."""

    def value(self, metric: str) -> float | None:
        """A metric's number, if it has one; a status that nobody got was got 0 times."""
        return self.metrics.get(metric, 0.0 if ".by_status." in metric else None)


def task_of(
    scenario: Scenario, scenario_hash: str, replication: int, queries: Mapping[str, str], frames: Mapping[str, str]
) -> Task:
    """The task of a replication of *scenario*."""
    told = json.dumps([FORMAT, scenario_hash, replication, dict(queries), dict(frames), code_version()])
    return Task(sha256(told.encode()).hexdigest(), scenario, replication, queries, frames)


@cache
def code_version() -> str:
    """SHA-256 over the source that decides a run's result, and the versions of the packages beneath it."""
    root = Path(__file__).parents[1]
    own = [root / "studies" / name for name in ("tasks.py", "frames.py", "run.py", "facts.py", "warmup.py")]
    files = sorted(path for package in DECIDING for path in (root / package).rglob("*.py"))
    found = sha256(json.dumps(dict(package_versions()), sort_keys=True).encode())
    for path in [*files, *own]:
        found.update(f"{path.relative_to(root)}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def finished(tasks: Path, task: Task, *, events: bool) -> Summary | None:
    """The summary of a task that was done before, if it was; its frames, and with *events* its log, must be there."""
    directory = tasks / task.key
    try:
        summary = Summary(**json.loads((directory / SUMMARY).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):  # never done, or broken by hand
        return None
    whole = has_frames(directory, task.frames) and (not events or any(directory.glob("*/events.parquet")))
    return summary if whole else None


def execute(task: Task, tasks: Path, *, events: bool) -> Summary:
    """Run *task* and keep its summary, with *events* its run too, in a directory of its own below *tasks*.

    The directory is hidden until everything is in it. A task that somebody else is about is waited for, and not run a
    second time: a worker may outlive a study that was killed. Raises ``RunError``.
    """
    with _claimed(task, tasks):
        return finished(tasks, task, events=events) or _execute(task, tasks, events=events)


def _execute(task: Task, tasks: Path, *, events: bool) -> Summary:
    begin = perf_counter()
    target = tasks / task.key
    with hidden_directory(tasks) as hidden:
        result = run(task.scenario, replication=task.replication, data=hidden)
        summary, frames = _summary(task, result, begin)
        with disk_errors(tasks):
            keep_frames(hidden, frames)
            if not events:
                rmtree(result.directory)
            path = hidden / SUMMARY
            path.write_text(json.dumps(asdict(summary), allow_nan=False) + "\n", encoding="utf-8")
            sync(path)
            if target.exists():  # broken by hand, or without the events that are wanted now
                rmtree(target)
            hidden.rename(target)
    return summary


@contextmanager
def _claimed(task: Task, tasks: Path) -> Iterator[None]:
    """A lock on *task*, which the kernel drops when its holder dies."""
    with disk_errors(tasks):
        tasks.mkdir(parents=True, exist_ok=True)
        path = tasks / f".claim-{task.key}"
        handle = os.open(path, os.O_CREAT | os.O_RDWR)
        fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        # Whoever waits for this very file finds the task done; whoever comes later makes a new one.
        path.unlink(missing_ok=True)
        os.close(handle)


def _summary(task: Task, result: Run, begin: float) -> tuple[Summary, Mapping[str, pl.DataFrame]]:
    """The numbers of a run, and its frames."""
    record = result.record
    series, asked, frames = _asked(task, result)
    summary = Summary(
        key=task.key,
        scenario=record["scenario"],
        seed=record["seed"],
        replication=task.replication,
        digest=result.digest,
        events=record["events"],
        wall_s=perf_counter() - begin,
        metrics=dict(numbers({**result.metrics.to_dict(), **asked})),
        broken={row["name"]: row["violations"] for row in result.invariants if not row["held"]},
        series=series,
    )
    return summary, frames


def _asked(task: Task, result: Run) -> tuple[Series, dict[str, dict[str, object]], dict[str, pl.DataFrame]]:
    """The series for the warm-up, and the task's queries and frames; a run that is asked nothing is not opened."""
    if not (has_series(task.scenario) or task.queries or task.frames):
        return {}, {}, {}
    connection = open_run(result.directory)
    try:
        series = series_of(task.scenario, connection)
        narrowed(connection, result.directory)  # queries are data of others
        rows = {name: query_row(connection, name, sql) for name, sql in task.queries.items()}
        return series, rows, {name: ask_frame(connection, name, sql) for name, sql in task.frames.items()}
    finally:
        connection.close()


def numbers(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, float]]:
    """The numbers of nested tables by their dotted paths."""
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from numbers(value, f"{prefix}{key}.")
        elif isinstance(value, int | float | Decimal) and not isinstance(value, bool) and isfinite(value):
            yield f"{prefix}{key}", float(value)
