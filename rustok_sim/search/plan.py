"""A plan: what one trial changes in the scenario that is searched."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rustok_sim.scenario import Scenario

RATES: Final = ("rate_per_s",)
PEAKS: Final = "points"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Faults, load and settings of one trial. Two equal plans are the same run."""

    seed: int
    faults: tuple[Mapping[str, Any], ...] = ()
    classes: tuple[str, ...]
    """The load classes that ask; the others stay at home."""
    factor: float = 1.0
    """The rate of every open class, times this."""
    nodes: int = 2
    heal_s: float
    """When all faults end and the load stops."""
    within_s: float
    """How long recovery may take; then the run ends."""
    knobs: tuple[tuple[str, Any], ...] = ()
    """Settings by path, and the values they are given."""


def realise(base: Scenario, plan: Plan, *, invariants: tuple[str, ...] = ("*",)) -> Scenario:
    """The scenario that *plan* makes of *base*. Raises ``ValueError`` for one that cannot be."""
    values: dict[str, Any] = base.model_dump(mode="json", exclude_none=True)
    values |= {
        "seed": plan.seed,
        "horizon_s": plan.heal_s + plan.within_s,
        "warmup_s": 0.0,
        "faults": [dict(fault) for fault in plan.faults],
        "load": [_louder(load, plan.factor) for load in values["load"] if load["name"] in plan.classes],
        "expect": [],
        "verify": {"invariants": list(invariants), "heal": {"at_s": plan.heal_s, "within_s": plan.within_s}},
    }
    values["deployment"]["nodes"] = plan.nodes
    for path, value in plan.knobs:
        _put(values, path.split("."), value)
    return Scenario.model_validate_json(json.dumps(values), context={"root": _root(base)})


def _louder(load: Mapping[str, Any], factor: float) -> dict[str, Any]:
    """The class with its rate times *factor*; closed classes, bursts and traces stay as they are."""
    arrivals = load.get("arrivals")
    if arrivals is None or factor == 1.0:
        return dict(load)
    changed = dict(arrivals)
    for name in RATES:
        if name in changed:
            changed[name] *= factor
    if PEAKS in changed:
        changed[PEAKS] = [[at_s, rate * factor] for at_s, rate in changed[PEAKS]]
    return {**load, "arrivals": changed}


def _put(values: dict[str, Any], path: list[str], value: Any) -> None:
    for part in path[:-1]:
        values = values.setdefault(part, {})
    values[path[-1]] = value


def _root(base: Scenario) -> Path:
    """Below which the data files lie that the scenario names."""
    for file in base.data_files():
        return Path(str(file.path).removesuffix(file.name))
    return Path()
