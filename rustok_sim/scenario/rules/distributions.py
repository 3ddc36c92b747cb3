"""Rules of distributions, wherever they stand."""

from collections.abc import Mapping

from rustok_sim.scenario.findings import Finding, Findings, KeyPath, number, shown


def distribution_rules(value: object, path: KeyPath = ()) -> Findings:
    """The order of the bounds of every uniform distribution below *value*."""
    if isinstance(value, (list, tuple)):
        for index, entry in enumerate(value):
            yield from distribution_rules(entry, (*path, index))
    elif isinstance(value, Mapping):
        if value.get("dist") == "uniform":
            low, high = number(value.get("low_s")), number(value.get("high_s"))
            if low is not None and high is not None and not low < high:
                yield Finding((*path, "high_s"), f"must be above low_s ({shown(low)}), not {shown(high)}")
        for key, entry in value.items():
            yield from distribution_rules(entry, (*path, key))
