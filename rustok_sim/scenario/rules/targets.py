"""What each kind of fault may strike."""

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final

from rustok_sim.scenario.findings import table, tables
from rustok_sim.scenario.models.faults import HERE
from rustok_sim.scenario.suggestions import listed

SERVERS: Final = ("redis", "database", "gateway", "log")
_REPEATABLE: Final = ("redis", "gateway", "log")
"""Servers that may get a command twice. The database's protocol sends nothing again by itself."""
_WIRED: Final = ("outage", "hang", "slow", "errors", "partition", "loss", "reorder", "duplicate")
_BROKEN: Final = ("outage", "hang", "slow", "errors")
_ON_NODES: Final = ("crash", "deploy", "pause", "clock_skew", "exhaust")
_POISONED: Final = ("outbox", "log", "bus")
_NODES_COMPARED = 8
_NODES_UNKNOWN = 1_000


class Targets:
    """The parts of a scenario that faults can name."""

    def __init__(self, scenario: Mapping[str, object]) -> None:
        nodes = table(scenario.get("deployment")).get("nodes", 1)
        self.nodes = nodes if isinstance(nodes, int) and nodes >= 1 else _NODES_UNKNOWN
        self.stations = list(table(scenario.get("stations")))
        loads = [(name, load) for _, load in tables(scenario.get("load")) if isinstance(name := load.get("name"), str)]
        self.loads = [name for name, _ in loads]
        self.asking = [name for name, load in loads if "route" not in load and name not in SERVERS]

    def allows(self, kind: str, target: str, *, at_step: bool = False) -> bool:
        """Whether a fault of this kind can strike the target."""
        if target in self.clients(kind) or (kind == "poison" and target in _POISONED):
            return True
        if kind in _ON_NODES or kind in {"flush", "partition"}:
            here = at_step and kind not in {"deploy", "partition"} and target == HERE
            if here or target == "nodes" or self._is_node(target):
                return True
        if kind == "flush":
            return target == "redis"
        return kind in _WIRED and self._is_wired(kind, target)

    def _is_wired(self, kind: str, target: str) -> bool:
        servers = _REPEATABLE if kind == "duplicate" else SERVERS
        node, arrow, server = target.partition("->")
        if arrow:
            return self._is_node(node) and (server in servers or (server == "*" and kind != "duplicate"))
        return target in servers or (kind in _BROKEN and target in self.stations)

    def clients(self, kind: str) -> list[str]:
        """The load classes that faults of this kind can strike."""
        match kind:
            case "cancel":
                return self.loads
            case "loss" | "duplicate":
                return self.asking
        return []

    def _is_node(self, name: str) -> bool:
        found = re.fullmatch(r"node-([1-9][0-9]{0,5})", name)
        return found is not None and int(found[1]) <= self.nodes

    def allowed(self, kind: str) -> str:
        """What faults of this kind can strike, in words."""
        return ", ".join(self._allowed(kind))

    def _allowed(self, kind: str) -> Iterator[str]:
        node = "node-1" if self.nodes == 1 else f"node-1 to node-{self.nodes}"
        if kind in _WIRED:
            yield listed(_REPEATABLE if kind == "duplicate" else SERVERS)
        if kind in _BROKEN and self.stations:
            yield f"a station ({listed(self.stations)})"
        if kind == "poison":
            yield listed(_POISONED)
        if kind == "flush":
            yield "redis"
        if kind in _ON_NODES or kind in {"flush", "partition"}:
            yield f"nodes, {node}"
        if kind in _WIRED:
            example = "node-1->redis" if kind in {"duplicate", *_BROKEN} else "node-1->redis or node-1->*"
            yield f"a link such as {example}" + ("" if kind == "partition" else f" (nodes: {node})")
        if (kind in _ON_NODES and kind != "deploy") or kind == "flush":
            yield "here with at_step"
        if self.clients(kind) or kind == "cancel":
            yield f"a load class ({listed(self.clients(kind))})"

    def candidates(self, kind: str) -> Iterator[str]:
        """The names to look for when one is misspelt; of many nodes the first few."""
        nodes = [f"node-{place}" for place in range(1, min(self.nodes, _NODES_COMPARED) + 1)]
        links = (f"{node}->{server}" for node in nodes for server in SERVERS)
        names = chain((*SERVERS, "nodes", "outbox", "bus"), nodes, links, self.stations, self.loads)
        return (name for name in names if self.allows(kind, name))
