"""Rules of expectations and of capture: they name metrics and kinds of records."""

from collections.abc import Mapping
from fnmatch import fnmatchcase

from rustok_sim.core.journal import KINDS
from rustok_sim.scenario.findings import Finding, Findings, KeyPath, number, shown, table, tables
from rustok_sim.scenario.models.expectations import METRICS, NAMED
from rustok_sim.scenario.suggestions import hint


def expectation_rules(scenario: Mapping[str, object]) -> Findings:
    """Metric and bounds of every expectation."""
    for index, expectation in tables(scenario.get("expect")):
        path = ("expect", index)
        metric = expectation.get("metric")
        if isinstance(metric, str):
            problem = metric_problem(metric, scenario)
            yield from [Finding((*path, "metric"), problem)] if problem else []
        yield from _bounds(path, expectation)


def metric_problem(metric: str, scenario: Mapping[str, object]) -> str | None:
    """What is wrong with the path of a metric, for runs of *scenario*; none if it is one."""
    names = {
        "requests": [name for _, load in tables(scenario.get("load")) if isinstance(name := load.get("name"), str)],
        "stations": list(table(scenario.get("stations"))),
        "cache": ["tenant"],
    }
    section, _, rest = metric.partition(".")
    if section not in METRICS:
        return f"names an unknown section {shown(section)}, {hint(section, METRICS)}"
    if section == "breaker":  # the platform names its breakers, so any name will do
        _, _, rest = rest.rpartition(".")
    elif section in NAMED:
        name, _, rest = rest.partition(".")
        if name not in names[section]:
            return f"{shown(metric)} has no known name after {section}, {hint(name, names[section])}"
    if rest in METRICS[section] or (section == "requests" and _is_status(rest)):
        return None
    return f"{shown(metric)} ends in no metric of {section}, {hint(rest, METRICS[section])}"


def _is_status(rest: str) -> bool:
    section, _, status = rest.partition(".")
    return section == "by_status" and len(status) == 3 and status.isdecimal()


def _bounds(path: KeyPath, expectation: Mapping[str, object]) -> Findings:
    if "at_least" not in expectation and "at_most" not in expectation:
        yield Finding(path, "has no bound, give at_least, at_most, or both")
    low, high = number(expectation.get("at_least")), number(expectation.get("at_most"))
    if low is not None and high is not None and not low <= high:
        yield Finding((*path, "at_most"), f"must not be below at_least ({shown(low)}), not {shown(high)}")


def capture_rules(scenario: Mapping[str, object]) -> Findings:
    """Every pattern matches at least one kind of record."""
    patterns = table(scenario.get("capture")).get("include")
    families = sorted({f"{kind.partition('.')[0]}.*" for kind in KINDS})
    for index, pattern in enumerate(patterns if isinstance(patterns, (list, tuple)) else ()):
        if isinstance(pattern, str) and not any(fnmatchcase(kind, pattern) for kind in KINDS):
            near = hint(pattern, ["*", *families, *KINDS])
            yield Finding(("capture", "include", index), f"{shown(pattern)} matches no kind of record, {near}")
