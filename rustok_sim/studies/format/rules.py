"""How the values of a study file must agree with each other.

A rule reads the file as plain tables and tolerates any other mistake in them, as the rules of a scenario do.
"""

from collections.abc import Mapping

from rustok_sim.scenario.findings import Finding, Findings, KeyPath, number, shown, table, tables
from rustok_sim.scenario.models.expectations import METRICS
from rustok_sim.scenario.suggestions import hint, listed
from rustok_sim.studies.format.exploration_rules import explorations
from rustok_sim.studies.format.models import BASE

_MEANS = ("at_least", "at_most")
_DIFFERENCES = ("difference_at_least", "difference_at_most")


def violations(study: Mapping[str, object]) -> Findings:
    """Every disagreement between the values of *study*, whatever else is wrong with it."""
    yield from _sweep(study)
    yield from _replications(table(study.get("replications")))
    for index, check in tables(study.get("checks")):
        yield from _bounds(("checks", index), check)
        yield from _variants(("checks", index), check, list(table(study.get("variants"))) or [BASE])
        yield from _where(("checks", index, "where"), table(check.get("where")), study)
    yield from explorations(study)
    yield from query_names(table(study.get("queries")))
    if not any(study.get(key) for key in ("checks", "metrics", "search", "optimisation")) and not _named(study):
        asks = "checks, metrics, replications.metrics, search, sensitivity.metrics or optimisation"
        yield Finding((), f"asks for no number, give {asks}")


def query_names(queries: Mapping[str, object]) -> Findings:
    """Names of queries whose columns could be taken for a run's own metrics."""
    for name in queries:
        if name in METRICS:
            message = f"is a section of a run's metrics, allowed: any but {listed(METRICS)}"
            yield Finding(("queries", name), message, "key")


def _named(study: Mapping[str, object]) -> object:
    return table(study.get("replications")).get("metrics") or table(study.get("sensitivity")).get("metrics")


def _sweep(study: Mapping[str, object]) -> Findings:
    seen: set[object] = set()
    for index, factor in tables(study.get("sweep")):
        path = factor.get("path")
        if isinstance(path, str) and path in seen:
            yield Finding(("sweep", index, "path"), f"{shown(path)} is swept twice, allowed: once")
        seen.add(path if isinstance(path, str) else index)
        for key in ("values", "quick_values"):
            values = factor.get(key)
            for place, value in enumerate(values if isinstance(values, list) else ()):
                if isinstance(values, list) and value in values[:place]:
                    yield Finding(("sweep", index, key, place), f"{shown(value)} is there twice, allowed: once")


def _replications(asked: Mapping[str, object]) -> Findings:
    least, most = number(asked.get("min")), number(asked.get("max"))
    if least is not None and most is not None and most < least:
        message = f"must be at least replications.min ({shown(least)}), not {shown(most)}"
        yield Finding(("replications", "max"), message)
    if most is not None and "relative_half_width" not in asked and "half_width" not in asked:
        message = "is never reached, for no precision is asked, give relative_half_width or half_width"
        yield Finding(("replications", "max"), message)


def _bounds(path: KeyPath, check: Mapping[str, object]) -> Findings:
    compared = "compare" in check
    right, wrong = (_DIFFERENCES, _MEANS) if compared else (_MEANS, _DIFFERENCES)
    for key in wrong:
        if key in check:
            other = "without compare" if compared else "with compare"
            yield Finding((*path, key), f"goes {other}, allowed here: {listed(right)}", "key")
    if not any(key in check for key in right):
        yield Finding(path, f"has no bound, give {right[0]}, {right[1]}, or both")
    low, high = number(check.get(right[0])), number(check.get(right[1]))
    if low is not None and high is not None and not low <= high:
        yield Finding((*path, right[1]), f"must not be below {right[0]} ({shown(low)}), not {shown(high)}")


def _variants(path: KeyPath, check: Mapping[str, object], names: list[str]) -> Findings:
    if "variant" in check and "compare" in check:
        yield Finding((*path, "variant"), "goes without compare, give one of them", "key")
    compared = check.get("compare")
    asked: list[tuple[KeyPath, object]] = [((*path, "variant"), check.get("variant"))]
    if isinstance(compared, list):
        asked += [((*path, "compare", place), name) for place, name in enumerate(compared)]
        if len(compared) == 2 and compared[0] == compared[1]:
            yield Finding((*path, "compare"), "names one variant twice, allowed: two variants")
    for at, name in asked:
        if isinstance(name, str) and name not in names:
            yield Finding(at, f"names no variant: {shown(name)}, {hint(name, names)}")


def _where(path: KeyPath, where: Mapping[str, object], study: Mapping[str, object]) -> Findings:
    factors = {str(factor.get("path")): factor for _, factor in tables(study.get("sweep"))}
    for key, value in where.items():
        if key not in factors:
            yield Finding((*path, key), f"is no path of the sweep, {hint(key, factors)}", "key")
            continue
        both = (factors[key].get("values"), factors[key].get("quick_values"))
        known = [one for values in both if isinstance(values, list) for one in values]
        if known and value not in known:
            named = listed(str(one) for one in known)
            yield Finding((*path, key), f"must be one of the swept values {named}, not {shown(value)}")
