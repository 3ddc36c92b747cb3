"""What pydantic found, in the words of this tool."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from rustok_sim.scenario.findings import Finding, Findings, KeyPath, brief, shown
from rustok_sim.scenario.models import Scenario
from rustok_sim.scenario.models.base import TAGS
from rustok_sim.scenario.models.names import WORDS
from rustok_sim.scenario.shape import keys_at, tags_at
from rustok_sim.scenario.suggestions import hint, listed, nearest

MISSING = "is missing, it must be given"
"""What is said of a key that has no default and is not there."""

_QUOTED = re.compile(r"'([^']*)'")


@dataclass(frozen=True, slots=True)
class Misfit:
    """One error as pydantic tells it."""

    kind: str
    place: KeyPath
    """The path, with tags and marks of pydantic's own in between."""
    given: Any
    limits: Mapping[str, Any]
    """What was allowed, under pydantic's names."""
    message: str


def findings(error: ValidationError, values: Mapping[str, object], root: Any = Scenario) -> Findings:
    """All that pydantic found wrong with *values* of model *root*; what the rules find, they tell themselves."""
    for one in error.errors(include_url=False):
        misfit = Misfit(one["type"], one["loc"], one["input"], one.get("ctx", {}), one["msg"])
        if misfit.place and not _miscounted(misfit):
            yield _finding(misfit, values, root)


def _miscounted(misfit: Misfit) -> bool:
    """An array is too short for pydantic when too few of its entries are right."""
    return misfit.kind == "too_short" and len(misfit.given) >= misfit.limits["min_length"]


def _finding(misfit: Misfit, values: Mapping[str, object], root: Any) -> Finding:
    """One error of pydantic about *values* as a finding at the key's own path."""
    kind, place = misfit.kind, misfit.place
    path = _own_path(place, values)
    if place[-1] == "[key]":
        return Finding(path, f"is no name, {_NAME_OF.get(kind, _plainly)(misfit)}", "key")
    if kind in {"extra_forbidden", "unexpected_keyword_argument"}:
        return _unknown_key(path, place, root)
    if kind == "union_tag_not_found":
        return Finding((*path, _tag(misfit)), f"is missing, allowed: {listed(tags_at(place, root))}")
    if kind == "union_tag_invalid":
        return _unknown_tag((*path, _tag(misfit)), misfit)
    return Finding(path, _MESSAGES.get(kind, _plainly)(misfit))


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


def _unknown_key(path: KeyPath, place: KeyPath, root: Any) -> Finding:
    known = keys_at(place[:-1], root)
    if len(place) == 1 and root is Scenario:
        known.append("extends")
    key = str(place[-1])
    return Finding(path, f"unknown key '{brief(key)}', {hint(key, known)}", "key")


def _unknown_tag(path: KeyPath, misfit: Misfit) -> Finding:
    tag, known = str(misfit.limits["tag"]), _names(misfit, "expected_tags")
    return Finding(path, f"must be one of {listed(known)}, not {shown(tag)}{_mean(tag, known)}")


def _mean(word: str, known: list[str]) -> str:
    found = nearest(word, known)
    return f", did you mean '{found}'?" if found is not None else ""


def _tag(misfit: Misfit) -> str:
    return str(misfit.limits["discriminator"]).strip("'")


def _names(misfit: Misfit, key: str) -> list[str]:
    return _QUOTED.findall(str(misfit.limits[key]))


def _plainly(misfit: Misfit) -> str:
    message = misfit.message.removeprefix("Value error, ")
    return f"{message[:1].lower()}{message[1:]}"


def _must(what: str) -> Callable[[Misfit], str]:
    return lambda misfit: f"must be {what}, not {shown(misfit.given)}"


def _bound(words: str, key: str) -> Callable[[Misfit], str]:
    return lambda misfit: f"must be {words} {_limit(misfit.limits[key])}, not {shown(misfit.given)}"


def _limit(value: Any) -> str:
    return f"{int(value):,}" if int(value) == value else str(value)


def _finite(misfit: Misfit) -> str:
    if misfit.place == ("horizon_s",):
        return f"must be a finite number of seconds: a horizon without end ({shown(misfit.given)}) is never reached"
    return _must("a finite number")(misfit)


def _literal(misfit: Misfit) -> str:
    known = _names(misfit, "expected") or [str(misfit.limits["expected"])]
    given = misfit.given
    near = _mean(given, known) if isinstance(given, str) else ""
    one_of = "one of " if len(known) > 1 else ""
    return f"must be {one_of}{listed(known)}, not {shown(given)}{near}"


def _pattern(misfit: Misfit) -> str:
    return f"must be {WORDS[misfit.limits['pattern']]}, not {shown(misfit.given)}"


def _length(words: str, key: str) -> Callable[[Misfit], str]:
    def message(misfit: Misfit) -> str:
        limit = misfit.limits[key]
        return f"must have {words} {limit} {'entry' if limit == 1 else 'entries'}, not {len(misfit.given)}"

    return message


_NAME_OF: dict[str, Callable[[Misfit], str]] = {
    "string_pattern_mismatch": lambda misfit: f"allowed: {WORDS[misfit.limits['pattern']]}",
    "string_too_long": lambda misfit: f"allowed: at most {misfit.limits['max_length']} characters",
}

_MESSAGES: dict[str, Callable[[Misfit], str]] = {
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
    "string_too_long": lambda misfit: f"must have at most {misfit.limits['max_length']} characters",
    "too_short": _length("at least", "min_length"),
    "too_long": _length("at most", "max_length"),
}
