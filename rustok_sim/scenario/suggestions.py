"""Did you mean: the nearest of the names that are allowed."""

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

from rustok_sim.scenario.findings import brief

_COMPARED = 300
_LISTED = 20
_WORD = 80


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name that looks most like *word*, if any does."""
    if len(word) > _WORD:
        return None
    by_folded = {name.casefold(): name for name in islice(names, _COMPARED)}
    found = get_close_matches(word.casefold(), by_folded, n=1)
    return by_folded[found[0]] if found else None


def hint(word: str, names: Iterable[str]) -> str:
    """How a message about an unknown name goes on: the nearest name, or else all that are allowed."""
    known = list(names)
    found = nearest(word, known)
    if found is not None:
        return f"did you mean '{brief(found)}'?"
    return f"allowed: {listed(known)}" if known else "none is allowed here"


def listed(names: Iterable[str]) -> str:
    """Names in a row, cut where the row gets too long to read."""
    known = list(names)
    more = len(known) - _LISTED
    return ", ".join(map(brief, known[:_LISTED])) + (f" and {more} more" if more > 0 else "")
