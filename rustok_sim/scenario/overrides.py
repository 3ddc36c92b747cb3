"""Single values set from outside: ``--set PATH=VALUE`` and mappings of paths to values."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from rustok_sim.core.errors import Problem, ScenarioError
from rustok_sim.scenario.datafiles import mark
from rustok_sim.scenario.findings import KeyPath, dotted, escaped, shown
from rustok_sim.scenario.merge import copied, merge, put
from rustok_sim.scenario.plain import encodes, plain_value

Overrides: TypeAlias = Mapping[str, object] | Sequence[str]
"""Paths with their values, or strings PATH=VALUE whose values are typed as in TOML."""

LAID = frozenset({"platform", "deployment"})
"""Where a table that is set is laid upon the one that is there, as in files: whoever sets two keys of a component wants
the others as they are. Elsewhere, as of a class's mix or its arrivals, it takes the place of the other."""

_WORD = re.compile(r"[A-Za-z_*][A-Za-z0-9_.:/*>+-]*")
_ALMOST = frozenset({"true", "false", "inf", "nan"})


class _Written(str):
    """A value that still has to be typed."""

    __slots__ = ()


@dataclass(frozen=True)
class Override:
    """One value from outside; ``None`` takes the key away."""

    path: KeyPath
    value: object
    label: str

    def problem(self, path: KeyPath, message: str) -> Problem:
        """Something that is wrong because of it."""
        return Problem(self.label, 0, 0, dotted(path), message)


def read_overrides(overrides: Overrides, folder: Path, *, seed: object = None) -> tuple[list[Override], list[Problem]]:
    """All of them with their values typed, and what cannot be read. Data files are relative to *folder*."""
    read: list[Override] = []
    problems: list[Problem] = []
    for label, path, value in _given(overrides, seed):
        try:
            override = _override(label, path, value, folder)
        except ScenarioError as error:
            problems += error.problems
        else:
            read.append(override)
    return read, problems


def _given(overrides: Overrides, seed: object) -> Iterator[tuple[str, str, object]]:
    if isinstance(overrides, Mapping):
        yield from ((f"--set {escaped(str(path))}", str(path), value) for path, value in overrides.items())
    else:
        for text in [overrides] if isinstance(overrides, str) else overrides:
            path, _, written = str(text).partition("=")
            yield f"--set {escaped(path.strip())}", path.strip(), _Written(written.strip())
    if seed is not None:
        yield "--seed", "seed", seed


def _override(label: str, path: str, value: object, folder: Path) -> Override:
    parts = tuple(path.split("."))
    if not all(parts) or not encodes(path):
        raise _refused(label, "is no path, allowed: keys and numbers with dots between, as faults.0.duration_s")
    if parts == ("extends",):
        raise _refused(label, "cannot be set, allowed: any other key")
    if isinstance(value, _Written):
        value = _typed(label, value)
    checked, findings = plain_value(value, parts)
    if findings:
        raise ScenarioError([Problem(label, 0, 0, dotted(one.path), one.message) for one in findings])
    return Override(parts, mark(parts[-1], checked, folder), label)


def _refused(label: str, message: str) -> ScenarioError:
    return ScenarioError([Problem(label, 0, 0, "", message)])


def _typed(label: str, written: str) -> object:
    """The value as TOML types it; a bare word is a string."""
    if not written:
        raise _refused(label, "has no value, allowed: PATH=VALUE")
    try:
        values = tomllib.loads(f"value = {written}")
    except (ValueError, RecursionError):
        values = {}
    if len(values) == 1:
        return values["value"]
    if _WORD.fullmatch(written) and written.casefold() not in _ALMOST:
        return str(written)
    quoted = escaped(written.replace('"', ""))[:20]
    raise _refused(label, f"has no TOML value: {shown(written)}, text goes in quotes: '\"{quoted}\"'")


def apply(values: dict[str, object], override: Override) -> tuple[Override, Problem | None]:
    """Set its value in place. Gives it back with numbers where its path leads through arrays."""
    here: object = values
    path: KeyPath = ()
    last = len(override.path) - 1
    for place, part in enumerate(override.path):
        trouble = _trouble(here, path, str(part))
        if trouble is not None:
            return override, override.problem((*path, part), trouble)
        key: str | int = int(part) if isinstance(here, list) else str(part)
        path = (*path, key)
        if place < last:
            here = _child(here, key, before=str(override.path[place + 1]))
        else:
            _set(here, key, override.value, laid=override.path[0] in LAID)
    return replace(override, path=path), None


def _trouble(here: object, path: KeyPath, part: str) -> str | None:
    if isinstance(here, dict):
        return None
    if not isinstance(here, list):
        return f"leads through {dotted(path)}, which holds no keys"
    if part.isdecimal() and len(part) < 10 and int(part) < len(here):
        return None
    entries = f"allowed: 0 to {len(here) - 1}" if here else "there is none"
    return f"is out of range, {dotted(path)} has {len(here)} entries, {entries}"


def _child(here: Any, key: str | int, *, before: str) -> object:
    """What a path goes on in: made where a table lacks it, as the next part asks for."""
    return here[int(key)] if isinstance(here, list) else here.setdefault(key, [] if before.isdecimal() else {})


def _set(here: Any, key: str | int, value: object, *, laid: bool) -> None:
    if value is None and isinstance(here, list):
        del here[int(key)]
    elif value is None:
        here.pop(key, None)
    elif isinstance(here, list):
        here[int(key)] = copied(value)
    elif laid and isinstance(value, Mapping) and isinstance(here.get(key), Mapping):
        here[key] = merge(here, {str(key): value})[str(key)]
    else:
        put(here, str(key), value)
