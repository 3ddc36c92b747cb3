"""One scenario out of several layers: tables merge, arrays and single values replace."""

from collections.abc import Mapping

from rustok_sim.scenario.models.base import TAGS
from rustok_sim.scenario.shape import keys_of


def merge(base: Mapping[str, object], over: Mapping[str, object]) -> dict[str, object]:
    """*base* with *over* laid on top; nothing in the result is shared with either.

    Where *over* gives a table another shape (``dist``, ``process``, ``kind``), what the new shape does not know
    stays behind: a constant takes over no ``cv`` from a lognormal.
    """
    merged = {key: copied(value) for key, value in base.items()}
    for key, value in over.items():
        before = base.get(key)
        if isinstance(before, Mapping) and isinstance(value, Mapping):
            merged[key] = merge(_fitting(before, value), value)
        else:
            merged[key] = copied(value)
    return merged


def put(table: dict[str, object], key: str, value: object) -> None:
    """Set one key in place; a new tag drops what its shape does not know."""
    if key in TAGS and isinstance(value, str) and table.get(key) != value:
        known = keys_of(key, value)
        for foreign in [name for name in table if known is not None and name not in known]:
            del table[foreign]
    table[key] = copied(value)


def _fitting(before: Mapping[str, object], over: Mapping[str, object]) -> dict[str, object]:
    fitting = dict(before)
    for tag in TAGS:
        if tag in over:
            put(fitting, tag, over[tag])
    return fitting


def copied(value: object) -> object:
    """The same tables and arrays, made anew."""
    if isinstance(value, Mapping):
        return {key: copied(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [copied(entry) for entry in value]
    return value
