"""Rules of faults: what each kind may strike, and when."""

import re
from collections.abc import Iterator, Mapping
from itertools import chain

from rustok_sim.scenario.findings import Finding, Findings, KeyPath, brief, number, shown, table, tables
from rustok_sim.scenario.suggestions import listed, nearest

_LASTING = ("outage", "hang", "slow", "errors", "cancel")
_SERVERS = ("redis", "database", "gateway", "log")
_MOMENTARY = ("crash", "flush")
_NODES_COMPARED = 8
_NODES_UNKNOWN = 1_000


class Targets:
    """The parts of a scenario that faults can name."""

    def __init__(self, scenario: Mapping[str, object]) -> None:
        nodes = table(scenario.get("deployment")).get("nodes", 1)
        self.nodes = nodes if isinstance(nodes, int) and nodes >= 1 else _NODES_UNKNOWN
        self.stations = list(table(scenario.get("stations")))
        self.loads = [name for _, load in tables(scenario.get("load")) if isinstance(name := load.get("name"), str)]

    def allows(self, kind: str, target: str) -> bool:
        """Whether a fault of this kind can strike the target."""
        match kind:
            case "crash":
                return target == "nodes" or self._is_node(target)
            case "flush":
                return target in {"redis", "nodes"} or self._is_node(target)
            case "cancel":
                return target in self.loads
        node, arrow, server = target.partition("->")
        if arrow:
            return self._is_node(node) and server in _SERVERS
        return target in _SERVERS or target in self.stations

    def _is_node(self, name: str) -> bool:
        found = re.fullmatch(r"node-([1-9][0-9]{0,5})", name)
        return found is not None and int(found[1]) <= self.nodes

    def allowed(self, kind: str) -> str:
        """What faults of this kind can strike, in words."""
        node = "node-1" if self.nodes == 1 else f"node-1 to node-{self.nodes}"
        match kind:
            case "crash":
                return f"nodes, {node}"
            case "flush":
                return f"redis, nodes, {node}"
            case "cancel":
                return f"a load class ({listed(self.loads)})"
        stations = f", a station ({listed(self.stations)})" if self.stations else ""
        return f"{listed(_SERVERS)}{stations}, a link such as node-1->redis (nodes: {node})"

    def candidates(self, kind: str) -> Iterator[str]:
        """The names to look for when one is misspelt; of many nodes the first few."""
        nodes = [f"node-{place}" for place in range(1, min(self.nodes, _NODES_COMPARED) + 1)]
        links = (f"{node}->{server}" for node in nodes for server in _SERVERS)
        names = chain((*_SERVERS, "nodes"), nodes, links, self.stations, self.loads)
        return (name for name in names if self.allows(kind, name))


def fault_rules(scenario: Mapping[str, object]) -> Findings:
    """Target, time and strength of every fault."""
    targets = Targets(scenario)
    horizon = number(scenario.get("horizon_s"))
    for index, fault in tables(scenario.get("faults")):
        path = ("faults", index)
        kind = fault.get("kind")
        if kind in _LASTING or kind in _MOMENTARY:
            yield from _target(path, str(kind), fault.get("target"), targets)
            yield from _once_or_often(path, fault)
            if kind in _LASTING and "at_s" not in fault:
                yield from _repaired(path, fault)
            elif kind in _LASTING and "mtbf_s" not in fault and "mttr_s" in fault:
                yield Finding((*path, "mttr_s"), "goes with mtbf_s only; with at_s give duration_s", "key")
        yield from _within(path, number(fault.get("at_s")), horizon)
        if kind == "slow" and fault.get("factor", 1) == 1 and fault.get("add_s", 0) == 0:
            yield Finding(path, "slows nothing, give a factor above 1, or an add_s above 0, or both")


def _target(path: KeyPath, kind: str, target: object, targets: Targets) -> Findings:
    if not isinstance(target, str) or targets.allows(kind, target):
        return
    message = f"{shown(target)} is nothing that {kind} can strike"
    found = nearest(target, targets.candidates(kind))
    mean = f", did you mean '{brief(found)}'?" if found is not None else ","
    yield Finding((*path, "target"), f"{message}{mean} allowed: {targets.allowed(kind)}")


def _once_or_often(path: KeyPath, fault: Mapping[str, object]) -> Findings:
    if "at_s" in fault and "mtbf_s" in fault:
        yield Finding((*path, "mtbf_s"), "excludes at_s, allowed: at_s (once) or mtbf_s (again and again)", "key")
    if "at_s" not in fault and "mtbf_s" not in fault:
        yield Finding(path, "has no time, allowed: at_s (once) or mtbf_s (again and again)")


def _repaired(path: KeyPath, fault: Mapping[str, object]) -> Findings:
    if "mtbf_s" in fault and "mttr_s" not in fault:
        yield Finding(path, "has mtbf_s without mttr_s, the mean time that each strike lasts")
    if "duration_s" in fault:
        yield Finding((*path, "duration_s"), "goes with at_s only; with mtbf_s give mttr_s", "key")


def _within(path: KeyPath, at: float | None, horizon: float | None) -> Findings:
    if at is not None and horizon is not None and not at < horizon:
        yield Finding((*path, "at_s"), f"must lie before the horizon ({shown(horizon)}), not at {shown(at)}")
