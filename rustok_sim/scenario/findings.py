"""What is wrong with a scenario, by key path; where the key stands is found later."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]
"""From the top of the file to a key: names of tables and numbers of array entries, counted from 0."""

Findings: TypeAlias = Iterator["Finding"]

_SHOWN = 60
_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and whether its key, its value or its table's header shows it best."""

    path: KeyPath
    message: str
    at: Literal["key", "value"] = "value"


def dotted(path: KeyPath) -> str:
    """The path as TOML writes a dotted key."""
    return ".".join(_part(part) for part in path)


def _part(part: str | int) -> str:
    text = str(part)
    return text if len(text) <= _SHOWN and _BARE.fullmatch(text) else shown(text)


def escaped(text: str) -> str:
    """*text* without anything that a terminal would obey or could not show."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def brief(text: str) -> str:
    """*text* escaped, and cut where it gets too long to read."""
    return escaped(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")


def shown(value: object) -> str:
    """A value as a message shows it: on one line and not too long."""
    if isinstance(value, str):
        text = json.dumps(value[: _SHOWN + 1], ensure_ascii=False)
    elif isinstance(value, Mapping):
        return "a table"
    elif isinstance(value, (list, tuple)):
        return "an array"
    elif isinstance(value, bool):
        return str(value).lower()
    elif value is None:
        return "nothing"
    else:
        text = str(value)
    return brief(text)


def table(value: object) -> Mapping[str, object]:
    """*value* if it is a table, else an empty one: a rule says nothing of what has the wrong shape."""
    return value if isinstance(value, Mapping) else {}


def tables(value: object) -> Iterator[tuple[int, Mapping[str, object]]]:
    """The tables of an array, with their places in it."""
    if isinstance(value, (list, tuple)):
        yield from ((index, entry) for index, entry in enumerate(value) if isinstance(entry, Mapping))


def number(value: object) -> float | None:
    """*value* if it is a number."""
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
