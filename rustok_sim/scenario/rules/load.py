"""Rules of load classes, their arrivals and their tenants."""

from collections.abc import Mapping
from itertools import pairwise

from rustok_sim.core.operations import OPERATIONS
from rustok_sim.scenario.findings import Finding, Findings, KeyPath, number, shown, table, tables
from rustok_sim.scenario.suggestions import hint


def load_rules(scenario: Mapping[str, object]) -> Findings:
    """Names, kinds and clients of every class."""
    stations = list(table(scenario.get("stations")))
    names: dict[object, int] = {}
    for index, load in tables(scenario.get("load")):
        path = ("load", index)
        name = load.get("name")
        if isinstance(name, str) and names.setdefault(name, index) != index:
            yield Finding((*path, "name"), f"is {shown(name)} a second time, load.{names[name]} has that name")
        yield from _one_of(path, load, "operation", "mix", "route")
        yield from _one_of(path, load, "arrivals", "users")
        yield from _operation((*path, "operation"), load.get("operation"))
        for operation in table(load.get("mix")):
            yield from _operation((*path, "mix", operation), operation)
        yield from _route(path, load.get("route"), stations)
        yield from _arrivals((*path, "arrivals"), table(load.get("arrivals")))
        tenants = table(load.get("tenants"))
        if tenants.get("count") == 0 and not tenants.get("unknown"):
            yield Finding((*path, "tenants", "count"), "must be above 0 when there are no unknown tenants, not 0")


def _one_of(path: KeyPath, load: Mapping[str, object], *keys: str) -> Findings:
    given = [key for key in keys if key in load]
    words = f"{', '.join(keys[:-1])} and {keys[-1]}"
    for key in given[1:]:
        yield Finding((*path, key), f"excludes {given[0]}, allowed: exactly one of {words}", "key")
    if not given:
        none = f"neither {', '.join(keys[:-1])} nor {keys[-1]}"
        yield Finding(path, f"has {none}, allowed: exactly one of the {'two' if len(keys) == 2 else 'three'}")


def _operation(path: KeyPath, operation: object) -> Findings:
    if isinstance(operation, str) and operation not in OPERATIONS:
        yield Finding(path, f"names an unknown operation {shown(operation)}, {hint(operation, OPERATIONS)}")


def _route(path: KeyPath, route: object, stations: list[str]) -> Findings:
    for place, station in enumerate(route if isinstance(route, (list, tuple)) else ()):
        if isinstance(station, str) and station not in stations:
            message = f"names a station {shown(station)} that is not declared, {hint(station, stations)}"
            yield Finding((*path, "route", place), message)


def _arrivals(path: KeyPath, arrivals: Mapping[str, object]) -> Findings:
    match arrivals.get("process"):
        case "poisson" | "constant":
            start, stop = number(arrivals.get("start_s", 0.0)), number(arrivals.get("stop_s"))
            if start is not None and stop is not None and not start < stop:
                yield Finding((*path, "stop_s"), f"must be above start_s ({shown(start)}), not {shown(stop)}")
        case "profile":
            yield from _profile((*path, "points"), arrivals.get("points"))
        case "mmpp":
            rates = [number(state.get("rate_per_s")) for _, state in tables(arrivals.get("states"))]
            if rates and all(rate == 0 for rate in rates):
                yield Finding((*path, "states"), "must have a rate_per_s above 0 in at least one state")


def _profile(path: KeyPath, value: object) -> Findings:
    entries = value if isinstance(value, (list, tuple)) else ()
    if not entries or not all(isinstance(entry, (list, tuple)) and len(entry) == 2 for entry in entries):
        return
    points = [(number(moment), number(rate)) for moment, rate in entries]
    for index, ((earlier, _), (later, _)) in enumerate(pairwise(points), start=1):
        if earlier is not None and later is not None and not earlier < later:
            yield Finding(
                (*path, index, 0), f"must be later than the point before ({shown(earlier)}), not {shown(later)}"
            )
    if all(rate == 0 for _, rate in points):
        yield Finding(path, "must have a rate above 0 in at least one point")
