"""Rules of what is verified: names of promises, and the time to heal."""

from collections.abc import Mapping
from fnmatch import fnmatchcase

from rustok_sim.core.promises import PROMISES
from rustok_sim.scenario.findings import Finding, Findings, number, shown, table
from rustok_sim.scenario.suggestions import hint


def verify_rules(scenario: Mapping[str, object]) -> Findings:
    """Every pattern matches a promise; healing and its bound make up the horizon."""
    verify = table(scenario.get("verify"))
    patterns = verify.get("invariants")
    for index, pattern in enumerate(patterns if isinstance(patterns, (list, tuple)) else ()):
        if isinstance(pattern, str) and not any(fnmatchcase(name, pattern) for name in PROMISES):
            near = hint(pattern, ["*", *PROMISES])
            yield Finding(("verify", "invariants", index), f"{shown(pattern)} matches no promise, {near}")
    heal = table(verify.get("heal"))
    at, within, horizon = number(heal.get("at_s")), number(heal.get("within_s")), number(scenario.get("horizon_s"))
    if at is not None and within is not None and horizon is not None and at + within != horizon:
        message = f"with at_s must make up the horizon ({shown(horizon)}), not {shown(at + within)}"
        yield Finding(("verify", "heal", "within_s"), message)
