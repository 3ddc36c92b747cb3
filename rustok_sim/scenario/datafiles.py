"""The data files that a scenario names: they lie inside the project and can be read."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from rustok_sim.scenario.findings import Finding, KeyPath, shown

SUFFIXES: Final = {
    "file": ((".csv", ".parquet"), "CSV or Parquet"),
    "sql": ((".sql",), "SQL"),
    "python": ((".py",), "Python"),
}
"""Formats of the files that a scenario names, by the key that names them, and what they are called."""

_MARKERS = ("pyproject.toml", ".git")


class FileName(str):
    """A file's name as written, which remembers the folder it is relative to: that of the file that names it."""

    __slots__ = ("folder", "key")
    folder: Path
    key: str
    """Under which key it stands, which says what kind of file it is."""


def project_root(scenario: Path) -> Path:
    """The nearest folder above the scenario file that holds ``pyproject.toml`` or ``.git``, else the file's own."""
    folder = Path(os.path.realpath(scenario)).parent
    for above in (folder, *folder.parents):
        if any((above / marker).exists() for marker in _MARKERS):
            return above
    return folder


def marked(values: Mapping[str, object], folder: Path) -> dict[str, object]:
    """The same tables, where each name of a file remembers the folder it is relative to."""
    return {key: mark(key, value, folder) for key, value in values.items()}


def mark(key: str, value: object, folder: Path) -> object:
    """As :func:`marked`, for the value of one key."""
    match value:
        case str() if key in SUFFIXES:
            name = FileName(value)
            name.folder, name.key = folder, key
            return name
        case Mapping():
            return marked(value, folder)
        case list():
            return [mark("", entry, folder) for entry in value]
    return value


def resolve_files(values: Mapping[str, object], root: Path) -> tuple[dict[str, object], list[Finding]]:
    """The same values, with names of data files relative to *root*, and which of them cannot be used."""
    findings: list[Finding] = []
    return {key: _resolve(value, (key,), root, findings) for key, value in values.items()}, findings


def _resolve(value: object, path: KeyPath, root: Path, findings: list[Finding]) -> object:
    match value:
        case FileName():
            message = _trouble(value, root)
            if message is None:
                return _inside(value, root)
            findings.append(Finding(path, message))
            return str(value)
        case Mapping():
            return {key: _resolve(entry, (*path, key), root, findings) for key, entry in value.items()}
        case list():
            return [_resolve(entry, (*path, place), root, findings) for place, entry in enumerate(value)]
    return value


def _inside(name: FileName, root: Path) -> str | None:
    """The file's name relative to the root, links followed; none where it lies outside."""
    real = Path(os.path.realpath(name.folder / name))
    return real.relative_to(root).as_posix() if real.is_relative_to(root) else None


def _trouble(name: FileName, root: Path) -> str | None:
    if not name or Path(name).is_absolute():
        return f"must be relative to the file that names it, not {shown(str(name))}"
    suffixes, called = SUFFIXES[name.key]
    if not name.lower().endswith(suffixes):
        return f"must be a {called} file ({' or '.join(suffixes)}), not {shown(str(name))}"
    try:
        inside = _inside(name, root)
        if inside is None:
            return f"{shown(str(name))} leads out of the project, allowed: a file below the scenario's project folder"
        file = root / inside
        if not file.exists():
            return f"names {shown(str(name))}, which does not exist"
        if not file.is_file():
            return f"names {shown(str(name))}, which is no regular file"
        if not os.access(file, os.R_OK):
            return f"names {shown(str(name))}, which cannot be read"
    except (OSError, ValueError) as error:
        return f"names {shown(str(name))}, which cannot be read: {error}"
    return None
