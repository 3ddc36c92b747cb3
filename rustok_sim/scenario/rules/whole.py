"""All rules of a scenario."""

from collections.abc import Mapping

from rustok_sim.scenario.findings import Finding, Findings, number, shown, table
from rustok_sim.scenario.rules.distributions import distribution_rules
from rustok_sim.scenario.rules.expectations import capture_rules, expectation_rules
from rustok_sim.scenario.rules.faults import fault_rules
from rustok_sim.scenario.rules.load import load_rules
from rustok_sim.scenario.rules.verify import verify_rules

RESERVED = ("database", "nodes", "redis")
"""Names of fault targets that no station may have."""


def violations(scenario: Mapping[str, object]) -> Findings:
    """Every disagreement between the values of *scenario*, whatever else is wrong with it."""
    warmup, horizon = number(scenario.get("warmup_s")), number(scenario.get("horizon_s"))
    if warmup is not None and horizon is not None and not warmup < horizon:
        yield Finding(("warmup_s",), f"must be below horizon_s ({shown(horizon)}), not {shown(warmup)}")
    for name in table(scenario.get("stations")):
        if name in RESERVED:
            message = f"is a name that faults use already, allowed: any other but {', '.join(RESERVED)}"
            yield Finding(("stations", name), message, "key")
    yield from load_rules(scenario)
    yield from distribution_rules({key: scenario.get(key) for key in ("deployment", "load", "stations")})
    yield from fault_rules(scenario)
    yield from expectation_rules(scenario)
    yield from capture_rules(scenario)
    yield from verify_rules(scenario)
