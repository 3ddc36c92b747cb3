"""Rules of faults: what each kind may strike, when, and whom it concerns."""

from collections.abc import Mapping
from typing import Final

from rustok_sim.core.journal import STEPS
from rustok_sim.scenario.findings import Finding, Findings, KeyPath, brief, number, shown, tables
from rustok_sim.scenario.models.faults import HERE
from rustok_sim.scenario.rules.targets import Targets
from rustok_sim.scenario.suggestions import hint, nearest

MOMENTARY: Final = ("crash", "deploy", "flush")
LASTING: Final = (
    *("outage", "hang", "slow", "errors", "partition", "loss", "duplicate", "reorder", "pause", "clock_skew"),
    *("poison", "exhaust", "cancel"),
)
JOBS: Final = ("relay", "consumer", "index", "forwarder", "listener", "redis")
"""Background work of nodes that faults can single out."""
_TIMES: Final = "at_s (once) or mtbf_s (again and again)"
_OF_STEPS: Final = ("step_detail", "step_outcome", "occurrence", "step_ratio")
_OF_CLIENTS: Final = {"duplicate": ("after_s", "key")}


def fault_rules(scenario: Mapping[str, object]) -> Findings:
    """Target, time and strength of every fault."""
    targets = Targets(scenario)
    horizon = number(scenario.get("horizon_s"))
    for index, fault in tables(scenario.get("faults")):
        path = ("faults", index)
        kind = fault.get("kind")
        if kind in LASTING or kind in MOMENTARY:
            yield from _struck(path, str(kind), fault, targets)
            yield from _once_or_often(path, fault)
            yield from _steps(path, fault)
            yield from _lasting(path, fault)
            yield from _scope(path, str(kind), fault, targets)
        yield from _within(path, number(fault.get("at_s")), horizon)
        yield from _strength(path, fault)


def _struck(path: KeyPath, kind: str, fault: Mapping[str, object], targets: Targets) -> Findings:
    if "target" in fault and "targets" in fault:
        yield Finding((*path, "targets"), "excludes target, allowed: target or targets", "key")
    if "target" not in fault and "targets" not in fault:
        yield Finding(path, "has no target, allowed: target or targets")
    yield from _target((*path, "target"), kind, fault, fault.get("target"), targets)
    several = _entries(fault, "targets")
    for place, target in enumerate(several):
        yield from _target((*path, "targets", place), kind, fault, target, targets)
        yield from _overlap((*path, "targets", place), target, several[:place])


def _overlap(path: KeyPath, target: object, earlier: list[object]) -> Findings:
    """Nothing is struck twice by one fault."""
    for other in earlier:
        if target == other:
            yield Finding(path, f"names {shown(target)} a second time")
        elif isinstance(target, str) and isinstance(other, str) and (_covers(target, other) or _covers(other, target)):
            yield Finding(path, f"{shown(target)} and {shown(other)} have parts in common, name either")


def _covers(whole: str, part: str) -> bool:
    if whole in {"nodes", HERE}:
        return part in {"nodes", HERE} or part.startswith("node-")
    return part.startswith(f"{whole}->") or (whole.endswith("->*") and part.startswith(whole[:-1]))


def _target(path: KeyPath, kind: str, fault: Mapping[str, object], target: object, targets: Targets) -> Findings:
    if not isinstance(target, str) or targets.allows(kind, target, at_step="at_step" in fault):
        return
    message = f"{shown(target)} is nothing that {kind} can strike"
    if target == HERE:
        message = f"{shown(target)} is the node that reaches a step, so {kind} can strike it with at_step only"
    found = nearest(target, targets.candidates(kind))
    mean = f", did you mean '{brief(found)}'?" if found is not None else ","
    yield Finding(path, f"{message}{mean} allowed: {targets.allowed(kind)}")


def _once_or_often(path: KeyPath, fault: Mapping[str, object]) -> Findings:
    if "at_step" in fault:
        if "mtbf_s" in fault:
            yield Finding((*path, "mtbf_s"), "excludes at_step, allowed: one of the two", "key")
        return
    if "at_s" in fault and "mtbf_s" in fault:
        yield Finding((*path, "mtbf_s"), f"excludes at_s, allowed: {_TIMES}", "key")
    if "at_s" not in fault and "mtbf_s" not in fault:
        yield Finding(path, f"has no time, allowed: {_TIMES}, or at_step (when a node gets there)")


def _steps(path: KeyPath, fault: Mapping[str, object]) -> Findings:
    step = fault.get("at_step")
    if isinstance(step, str) and step not in STEPS:
        yield Finding((*path, "at_step"), f"names an unknown step {shown(step)}, {hint(step, STEPS)}")
    for key in _OF_STEPS:
        if key in fault and "at_step" not in fault:
            yield Finding((*path, key), "goes with at_step only", "key")
    if "occurrence" in fault and "step_ratio" in fault:
        yield Finding((*path, "step_ratio"), "excludes occurrence, allowed: one of the two", "key")


def _lasting(path: KeyPath, fault: Mapping[str, object]) -> Findings:
    if fault.get("kind") not in LASTING:
        return
    if "mtbf_s" not in fault:
        if "mttr_s" in fault:
            yield Finding((*path, "mttr_s"), "goes with mtbf_s only; with at_s give duration_s", "key")
    elif "at_s" not in fault and "at_step" not in fault:
        if "mttr_s" not in fault:
            yield Finding(path, "has mtbf_s without mttr_s, the mean time that each strike lasts")
        if "duration_s" in fault:
            yield Finding((*path, "duration_s"), "goes with at_s only; with mtbf_s give mttr_s", "key")


def _scope(path: KeyPath, kind: str, fault: Mapping[str, object], targets: Targets) -> Findings:
    """Who sends, what and for whom: a load class has none of these, a station's visits no commands and tenants."""
    known = (*targets.loads, *JOBS)
    for place, caller in enumerate(_entries(fault, "callers")):
        if isinstance(caller, str) and caller not in known:
            message = f"{shown(caller)} sends nothing, {hint(caller, known)}"
            yield Finding((*path, "callers", place), message)
    struck = _names(fault)
    clients = any(name in targets.clients(kind) for name in struck)
    of_wires = ("callers", "commands", "tenants") if clients else ("commands", "tenants")
    if clients or any(name in targets.stations for name in struck):
        for key in of_wires:
            if key in fault:
                yield Finding((*path, key), "goes with servers and links only", "key")
    if not clients:
        for key in _OF_CLIENTS.get(kind, ()):
            if key in fault:
                yield Finding((*path, key), "goes with load classes only", "key")


def _names(fault: Mapping[str, object]) -> list[object]:
    return [fault.get("target"), *_entries(fault, "targets")]


def _entries(fault: Mapping[str, object], key: str) -> list[object]:
    found = fault.get(key)
    return list(found) if isinstance(found, (list, tuple)) else []


def _strength(path: KeyPath, fault: Mapping[str, object]) -> Findings:
    match fault.get("kind"):
        case "slow" if fault.get("factor", 1) == 1 and fault.get("add_s", 0) == 0:
            yield Finding(path, "slows nothing, give a factor above 1, or an add_s above 0, or both")
        case "clock_skew" if fault.get("offset_s") == 0:
            yield Finding((*path, "offset_s"), "must be above or below 0, not 0")
        case "errors":
            if fault.get("error", "fault") != "fault":
                yield from _error(path, fault)
            if "text_chars" in fault and fault.get("error") != "not_done":
                yield Finding((*path, "text_chars"), 'goes with error = "not_done" only', "key")


def _error(path: KeyPath, fault: Mapping[str, object]) -> Findings:
    """The database's own errors come from the database; of a station only errors as such are known."""
    error = fault.get("error")
    for name in _names(fault):
        if not isinstance(name, str):
            continue
        server = name.rpartition("->")[2]
        if error in {"serialization_failure", "deadlock"} and server != "database":
            yield Finding((*path, "error"), f"{shown(error)} is the database's alone, not that of {shown(name)}")
        elif server not in {"redis", "database", "gateway", "log", "*"}:
            yield Finding((*path, "error"), f"{shown(error)} goes with servers and links only")


def _within(path: KeyPath, at: float | None, horizon: float | None) -> Findings:
    if at is not None and horizon is not None and not at < horizon:
        yield Finding((*path, "at_s"), f"must lie before the horizon ({shown(horizon)}), not at {shown(at)}")
