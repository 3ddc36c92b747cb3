"""A scenario at a glance, for notebooks."""

from html import escape
from typing import TYPE_CHECKING

from rustok_sim.scenario.models.expectations import Expectation
from rustok_sim.scenario.models.faults import Fault

if TYPE_CHECKING:
    from rustok_sim.scenario.models.scenario import Scenario


def summary_html(scenario: "Scenario") -> str:
    """A small table; everything that a file can put into it is escaped."""
    rows = [
        ("title", scenario.title),
        ("time", f"{scenario.horizon_s:g} s, {scenario.warmup_s:g} s of warm-up, seed {scenario.seed}"),
        ("tenant cache", scenario.platform.tenant_cache.design),
        ("nodes", str(scenario.deployment.nodes)),
        *(("load", f"{load.name}: {', '.join(load.shares) or ' → '.join(load.route or ())}") for load in scenario.load),
        *(("station", f"{name}: {station.servers} servers") for name, station in scenario.stations.items()),
        *(("fault", _fault(fault)) for fault in scenario.faults),
        *(("expected", _bounds(one)) for one in scenario.expect),
    ]
    body = "".join(f"<tr><th>{escape(head)}</th><td>{escape(text)}</td></tr>" for head, text in rows if text)
    return f"<table><caption>{escape(scenario.name)}</caption>{body}</table>"


def _fault(fault: Fault) -> str:
    when = f"every {fault.mtbf_s:g} s in the mean" if fault.at_s is None else f"at {fault.at_s:g} s"
    if fault.at_step is not None:
        when = f"at {fault.at_step}"
    duration = getattr(fault, "duration_s", None)
    return f"{fault.kind} of {', '.join(fault.struck)} {when}" + (
        f" for {duration:g} s" if duration is not None else ""
    )


def _bounds(one: Expectation) -> str:
    low = f"{one.at_least:g} ≤ " if one.at_least is not None else ""
    high = f" ≤ {one.at_most:g}" if one.at_most is not None else ""
    return f"{low}{one.metric}{high}"
