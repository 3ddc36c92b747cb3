"""Plain tables as TOML text."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final, cast

from rustok_sim.scenario.models.base import TAGS

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")


def toml_text(values: Mapping[str, object]) -> str:
    """TOML that reads back as *values*: strings, numbers, booleans, arrays and tables."""
    return "\n".join(_lines(values, ())) + "\n"


def _lines(values: Mapping[str, object], path: tuple[str, ...]) -> Iterator[str]:
    """Single values first: after a header they would belong to it."""
    for key, value in values.items():
        if not _has_header(value):
            yield f"{_key(key)} = {_inline(value)}"
    for key, value in values.items():
        here = (*path, _key(key))
        if not _has_header(value):
            continue
        if isinstance(value, Mapping):
            if not all(_has_header(entry) for entry in value.values()):
                yield from ("", f"[{'.'.join(here)}]")
            yield from _lines(value, here)
        else:
            for entry in cast("list[dict[str, object]]", value):
                yield from ("", f"[[{'.'.join(here)}]]")
                names = sorted(entry, key=lambda name: name not in TAGS)  # its kind first, the rest as it is
                yield from (f"{_key(name)} = {_inline(entry[name])}" for name in names)


def _has_header(value: object) -> bool:
    """Tables with a tag are one value, and read best on one line."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(entry, Mapping) for entry in value)
    return isinstance(value, Mapping) and not any(tag in value for tag in TAGS)


def _inline(value: object) -> str:
    match value:
        case Mapping():
            return "{ " + ", ".join(f"{_key(key)} = {_inline(entry)}" for key, entry in value.items()) + " }"
        case list():
            return "[" + ", ".join(_inline(entry) for entry in value) + "]"
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case bool():
            return str(value).lower()
    return repr(value)


def _key(name: str) -> str:
    """A key as TOML has it: in quotes where it is not bare, as an operation's with its dot."""
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)
