"""What pydantic found, in the words of this tool."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic_core import ErrorDetails

from rustok_sim.scenario.findings import Finding, KeyPath, escaped, shown
from rustok_sim.scenario.models.base import TAGS
from rustok_sim.scenario.models.faults import NOT_YET
from rustok_sim.scenario.models.names import WORDS
from rustok_sim.scenario.models.scenario import RULES
from rustok_sim.scenario.shape import keys_at, tags_at
from rustok_sim.scenario.suggestions import hint, listed, nearest

MISSING = "is missing, it must be given"
"""What is said of a key that has no default and is not there."""

_QUOTED = re.compile(r"'([^']*)'")


def findings(errors: Iterable[ErrorDetails], values: Mapping[str, object]) -> list[Finding]:
    """All errors of pydantic about *values* as findings."""
    return [_finding(error, values) for error in errors if error["type"] != RULES and not _miscounts(error)]


def _miscounts(error: ErrorDetails) -> bool:
    """An array is too short for pydantic when too few of its entries are right."""
    return error["type"] == "too_short" and len(error["input"]) >= _context(error)["min_length"]


def _finding(error: ErrorDetails, values: Mapping[str, object]) -> Finding:
    """One error of pydantic about *values* as a finding at the key's own path."""
    kind, place = error["type"], error["loc"]
    path = _own_path(place, values)
    if place and place[-1] == "[key]":
        return Finding(path, f"is no name, {_NAME_OF.get(kind, _plainly)(error)}", "key")
    if kind in {"extra_forbidden", "unexpected_keyword_argument"}:
        return _unknown_key(path, place)
    if kind == "union_tag_not_found":
        return Finding((*path, _tag(error)), f"is missing, allowed: {listed(tags_at(place))}")
    if kind == "union_tag_invalid":
        return _unknown_tag((*path, _tag(error)), error)
    return Finding(path, _MESSAGES.get(kind, _plainly)(error))


def _own_path(place: KeyPath, values: object) -> KeyPath:
    """Without the tags that pydantic adds where a table has one of several shapes, and without its marks."""
    path: KeyPath = ()
    tagged = False
    for part in place:
        if isinstance(values, Mapping) and not tagged and any(values.get(tag) == part for tag in TAGS):
            tagged = True
            continue
        if part == "[key]":
            continue
        tagged = False
        path = (*path, part)
        if isinstance(values, Mapping):
            values = values.get(str(part))
        elif isinstance(values, list) and isinstance(part, int) and part < len(values):
            values = values[part]
    return path


def _unknown_key(path: KeyPath, place: KeyPath) -> Finding:
    known = keys_at(place[:-1])
    if len(place) == 1:
        known.append("extends")
    key = str(place[-1])
    word = escaped(key if len(key) <= 60 else f"{key[:60]}...")
    return Finding(path, f"unknown key '{word}', {hint(key, known)}", "key")


def _unknown_tag(path: KeyPath, error: ErrorDetails) -> Finding:
    tag, known = str(_context(error)["tag"]), _names(error, "expected_tags")
    if path[-1] == "kind" and tag in NOT_YET:
        return Finding(path, f"'{tag}' is in the format but not in this version, allowed: {listed(known)}")
    return Finding(path, f"must be one of {listed(known)}, not {shown(tag)}{_mean(tag, known)}")


def _mean(word: str, known: list[str]) -> str:
    found = nearest(word, known)
    return f", did you mean '{found}'?" if found is not None else ""


def _tag(error: ErrorDetails) -> str:
    return str(_context(error)["discriminator"]).strip("'")


def _context(error: ErrorDetails) -> Mapping[str, Any]:
    return error.get("ctx", {})


def _names(error: ErrorDetails, key: str) -> list[str]:
    return _QUOTED.findall(str(_context(error)[key]))


def _plainly(error: ErrorDetails) -> str:
    message = error["msg"].removeprefix("Value error, ")
    return f"{message[:1].lower()}{message[1:]}"


def _must(what: str) -> Callable[[ErrorDetails], str]:
    return lambda error: f"must be {what}, not {shown(error['input'])}"


def _bound(words: str, key: str) -> Callable[[ErrorDetails], str]:
    return lambda error: f"must be {words} {_limit(_context(error)[key])}, not {shown(error['input'])}"


def _limit(value: Any) -> str:
    return f"{int(value):,}" if int(value) == value else str(value)


def _finite(error: ErrorDetails) -> str:
    if error["loc"] == ("horizon_s",):
        return f"must be a finite number of seconds: a horizon without end ({shown(error['input'])}) is never reached"
    return _must("a finite number")(error)


def _literal(error: ErrorDetails) -> str:
    known = _names(error, "expected") or [str(_context(error)["expected"])]
    given = error["input"]
    near = _mean(given, known) if isinstance(given, str) else ""
    one_of = "one of " if len(known) > 1 else ""
    return f"must be {one_of}{listed(known)}, not {shown(given)}{near}"


def _pattern(error: ErrorDetails) -> str:
    return f"must be {WORDS[_context(error)['pattern']]}, not {shown(error['input'])}"


def _length(words: str, key: str) -> Callable[[ErrorDetails], str]:
    return lambda error: f"must have {words} {_context(error)[key]} entries, not {len(error['input'])}"


_NAME_OF: dict[str, Callable[[ErrorDetails], str]] = {
    "string_pattern_mismatch": lambda error: f"allowed: {WORDS[_context(error)['pattern']]}",
    "string_too_long": lambda error: f"allowed: at most {_context(error)['max_length']} characters",
}

_MESSAGES: dict[str, Callable[[ErrorDetails], str]] = {
    "missing": lambda _: MISSING,
    "int_type": _must("a whole number"),
    "int_from_float": _must("a whole number"),
    "float_type": _must("a number"),
    "string_type": _must("a string"),
    "bool_type": _must("true or false"),
    "model_type": _must("a table"),
    "model_attributes_type": _must("a table"),
    "dataclass_type": _must("a table"),
    "dict_type": _must("a table"),
    "tuple_type": _must("an array"),
    "finite_number": _finite,
    "literal_error": _literal,
    "greater_than": _bound("above", "gt"),
    "greater_than_equal": _bound("at least", "ge"),
    "less_than": _bound("below", "lt"),
    "less_than_equal": _bound("at most", "le"),
    "string_pattern_mismatch": _pattern,
    "string_too_short": lambda _: "must not be empty",
    "string_too_long": lambda error: f"must have at most {_context(error)['max_length']} characters",
    "too_short": _length("at least", "min_length"),
    "too_long": _length("at most", "max_length"),
}
