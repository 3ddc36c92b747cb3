"""How the values of search, sensitivity and optimisation must agree with each other and with the sweep."""

from collections.abc import Mapping

from rustok_sim.scenario.findings import Finding, Findings, KeyPath, number, shown, table, tables
from rustok_sim.scenario.suggestions import hint


def explorations(study: Mapping[str, object]) -> Findings:
    """Every disagreement within what goes beyond the sweep of *study*."""
    search = table(study.get("search"))
    yield from _ends(("search",), search)
    yield from _bounds(("search",), search)
    swept = [str(factor.get("path")) for _, factor in tables(study.get("sweep"))]
    asked = table(study.get("sensitivity"))
    yield from _each_once(("sensitivity", "ranges"), asked, swept)
    for index, one in tables(asked.get("ranges")):
        yield from _ends(("sensitivity", "ranges", index), one)
    yield from _samples(asked)
    wanted = table(study.get("optimisation"))
    yield from _each_once(("optimisation", "settings"), wanted, swept)
    for index, one in tables(wanted.get("settings")):
        yield from _setting(("optimisation", "settings", index), one)
    yield from _cost(wanted)
    yield from _bounds(("optimisation",), wanted)


def _ends(path: KeyPath, one: Mapping[str, object]) -> Findings:
    low, high = number(one.get("low")), number(one.get("high"))
    if low is not None and high is not None and not low < high:
        yield Finding((*path, "high"), f"must be above low ({shown(low)}), not {shown(high)}")
    for key, end in (("low", low), ("high", high)):
        if one.get("whole") is True and end is not None and not float(end).is_integer():
            yield Finding((*path, key), f"must be a whole number, as whole says, not {shown(end)}")


def _bounds(path: KeyPath, asked: Mapping[str, object]) -> Findings:
    for index, bound in tables(asked.get("subject_to")):
        if "at_least" not in bound and "at_most" not in bound:
            yield Finding((*path, "subject_to", index), "has no bound, give at_least, at_most, or both")


def _each_once(path: KeyPath, asked: Mapping[str, object], swept: list[str]) -> Findings:
    seen: set[str] = set()
    for index, one in tables(asked.get(str(path[-1]))):
        key = one.get("path")
        if isinstance(key, str):
            if key in swept:
                yield Finding((*path, index, "path"), f"{shown(key)} is swept already, allowed: keys that are not")
            elif key in seen:
                yield Finding((*path, index, "path"), f"{shown(key)} is there twice, allowed: once")
            seen.add(key)


def _samples(asked: Mapping[str, object]) -> Findings:
    for key in ("samples", "quick_samples"):
        given = asked.get(key)
        if not isinstance(given, int):
            continue
        if asked.get("method") == "one_at_a_time":
            yield Finding(("sensitivity", key), "goes with morris or sobol, not with one_at_a_time", "key")
        elif asked.get("method") == "sobol" and given > 0 and given & (given - 1):
            near = f"{1 << (given.bit_length() - 1)} or {1 << given.bit_length()}"
            yield Finding(("sensitivity", key), f"must be a power of two for sobol, as {near}, not {given}")


def _setting(path: KeyPath, one: Mapping[str, object]) -> Findings:
    ends = [key for key in ("low", "high") if key in one]
    if "values" in one:
        for key in [*ends, *(["whole"] if "whole" in one else [])]:
            yield Finding((*path, key), "goes without values, give a range or values", "key")
    elif len(ends) < 2:
        yield Finding(path, "has nothing to choose from, give low and high, or values")
    yield from _ends(path, one)


def _cost(wanted: Mapping[str, object]) -> Findings:
    settings = {str(one.get("path")): one for _, one in tables(wanted.get("settings"))}
    for index, part in tables(wanted.get("cost")):
        path: KeyPath = ("optimisation", "cost", index)
        if ("setting" in part) == ("metric" in part):
            yield Finding(path, "must have either a setting or a metric")
            continue
        name = part.get("setting")
        if isinstance(name, str) and name not in settings:
            yield Finding((*path, "setting"), f"names no setting: {shown(name)}, {hint(name, settings)}")
        elif isinstance(name, str):
            values = settings[name].get("values")
            if isinstance(values, list) and any(number(value) is None for value in values):
                yield Finding((*path, "setting"), f"{shown(name)} has values that are no numbers, and no cost")
