"""Run directories: each appears whole or not at all, and is never written to again."""

import json
import os
import platform
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from rustok_sim.capture.disk import disk_errors, hidden_directory, sync
from rustok_sim.capture.log import EventLog
from rustok_sim.core.errors import RunError

RECORD_FILE: Final = "run.json"
PACKAGES: Final = ("rustok-sim", "simpy", "polars", "duckdb", "numpy", "pydantic")
"""The packages whose versions a run remembers, besides Python's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """What ``run.json`` says of a run, apart from what the log itself knows. All of it must be ready for JSON."""

    scenario: str
    """The scenario's name."""
    settings: Mapping[str, Any]
    """The whole scenario, defaults included."""
    seed: int
    replication: int
    simulated_s: float
    commit: str | None = None
    """The git commit of the code, if it is known: see ``code_commit``."""
    metrics: Mapping[str, Any]
    invariants: Sequence[Mapping[str, Any]] = ()
    expectations: Sequence[Mapping[str, Any]] = ()


class Recording:
    """A run being written. Its directory is hidden until :meth:`publish`."""

    def __init__(self, directory: Path, stem: str, include: Iterable[str], *, watched: bool) -> None:
        self.directory = directory
        self.log = EventLog(directory, include=include, watched=watched)
        self._stem = stem
        self._sealed = False

    def seal(self) -> None:
        """Finish the log: from here on ``directory`` can be opened and queried, and the digest is final."""
        if not self._sealed:
            with disk_errors(self.directory.parent):
                sync(self.log.finish())
            self._sealed = True

    def publish(self, record: RunRecord) -> Path:
        """Write ``run.json`` and give the directory its name, the next free one; returns it.

        Everything is on the disk before the name is given, so whoever sees the name sees a whole run.
        """
        self.seal()
        with disk_errors(self.directory.parent):
            path = self.directory / RECORD_FILE
            path.write_text(json.dumps(self._document(record), indent=1, allow_nan=False) + "\n", encoding="utf-8")
            sync(path)
            sync(self.directory)
            self.directory = _rename_to_free(self.directory, self._stem)
            sync(self.directory.parent)
        return self.directory

    def _document(self, record: RunRecord) -> dict[str, Any]:
        return {
            "format": 1,
            **asdict(record),
            "settings_sha256": settings_hash(record.settings),
            "packages": dict(package_versions()),
            "digest": self.log.digest,
            "events": len(self.log),
        }


@contextmanager
def recording(
    root: Path, scenario: str, seed: int, *, include: Iterable[str] = ("*",), watched: bool = False
) -> Iterator[Recording]:
    """Write one run under *root*, to be named ``SCENARIO-sSEED-N``; unless it is published, nothing of it remains.

    *include* are patterns of the kinds to capture, *watched* whether those for promises are among them.
    Raises ``RunError`` when the disk is full or not to be written to.
    """
    stem = f"{re.sub(r'[^A-Za-z0-9_.-]', '_', scenario).lstrip('.')}-s{seed}"
    with hidden_directory(root) as directory:
        yield Recording(directory, stem, include, watched=watched)


def _rename_to_free(directory: Path, stem: str) -> Path:
    """Rename *directory* to ``STEM-N``, N above all there are. Onto a run that came meanwhile it fails: try on."""
    root = directory.parent
    taken = [
        int(found[1]) for path in root.iterdir() if (found := re.fullmatch(rf"{re.escape(stem)}-(\d+)", path.name))
    ]
    number = max(taken, default=0)
    while True:
        number += 1
        target = root / f"{stem}-{number}"
        try:
            return directory.rename(target)
        except OSError:
            if not os.path.lexists(target):
                raise


def read_record(run: Path) -> dict[str, Any]:
    """What ``run.json`` of directory *run* says. Raises ``RunError`` when there is none, or it is broken."""
    try:
        document = json.loads((run / RECORD_FILE).read_text(encoding="utf-8"))
    except OSError as error:
        raise RunError(f"{run}: there is no run here: {RECORD_FILE}: {error.strerror}") from error
    except ValueError as error:
        raise RunError(f"{run}: {RECORD_FILE} is broken: {error}") from error
    if not isinstance(document, dict) or document.get("format") != 1:
        raise RunError(f"{run}: {RECORD_FILE} is not the record of a run in format 1")
    return document


def settings_hash(settings: Mapping[str, Any]) -> str:
    """SHA-256 over *settings* as JSON with sorted keys and no spaces: equal for equal scenarios."""
    text = json.dumps(settings, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return sha256(text.encode()).hexdigest()


@cache
def package_versions() -> Mapping[str, str]:
    """The versions of Python and of the packages that can change a run's content or how it is kept.

    They are read once: to find them takes as long as a short run.
    """
    versions = {"python": platform.python_version()}
    for package in PACKAGES:
        with suppress(PackageNotFoundError):
            versions[package] = version(package)
    return MappingProxyType(versions)
