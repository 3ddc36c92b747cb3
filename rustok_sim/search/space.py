"""The space of plans: each run draws its kinds of faults, their targets, times and strengths, its load and its knobs.

Swarm testing (Groce and others, "Swarm Testing", ISSTA 2012): a run that may use every kind of fault mostly meets
their average; one that leaves half of them out goes further with the rest.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final, get_args

import numpy as np
from pydantic.fields import FieldInfo

from rustok_sim.scenario import Scenario
from rustok_sim.scenario.models.faults import Fault
from rustok_sim.scenario.rules.targets import Targets
from rustok_sim.search.aims import Drawn, Ground, aimed, shaped, words_of
from rustok_sim.search.plan import Plan, realise

FAULTS_MAX: Final = 4
CHAOS_S: Final = 40.0
"""Faults strike up to here; then all of them end."""
WITHIN_S: Final = 20.0
DRAWS_MAX: Final = 50
"""How often a fault that no rule allows is drawn anew."""

STRENGTHS: Final[Mapping[str, tuple[float, float]]] = {
    "ratio": (0.02, 0.6),
    "share": (0.3, 1.0),
    "factor": (1.5, 20.0),
    "add_s": (0.01, 1.0),
    "restart_s": (0.2, 5.0),
    "after_s": (0.005, 0.5),
    "duration_s": (0.3, 12.0),
    "offset_s": (-5.0, 5.0),
    "spread_s": (0.01, 1.0),
}
"""From where to where the fields of faults are drawn; a field that is not named here is drawn as one of seconds."""
KNOBS: Final[Mapping[str, Sequence[Any]]] = {
    "deployment.database.pool_connections": (5, 10, 20),
    "deployment.database.commit_s": (0.0, 0.01),
    "platform.tenant_cache.positive_ttl_s": (2.0, 5.0, 20.0),
    "platform.outbox.relay.batch_rows": (20, 50, 100),
    "platform.outbox.relay.interval_s": (0.2, 0.5, 1.0),
    "platform.consumer.batch_entries": (10, 100),
    "platform.modules.hook_s": (0.0, 0.2),
    "platform.payments.timeout_s": (1.0, 5.0),
    "catalogue.stock_units": (5, 50, 1000),
    "catalogue.products": (3, 20),
}
"""Settings that no promise may hang on, and the values they are given: none so small that the load is too much."""
SHORTER: Final[Mapping[str, float]] = {
    "deployment.database.acquire_timeout_s": 3.0,
    "platform.outbox.relay.lease_s": 5.0,
    "platform.outbox.relay.redrive_after_s": 3.0,
    "platform.database.statement_timeout_s": 3.0,
    "platform.consumer.call_timeout_s": 3.0,
    "platform.outbox.relay.backoff_max_s": 4.0,
    "platform.tenant_cache.serve_stale_s": 3.0,
}
"""Long waits, made as short as the run: where they are set, and longer, a run of a minute would not see their end."""


def fault_kinds() -> dict[str, type[Any]]:
    """Every kind of fault that scenarios know, by its name."""
    union, _ = get_args(Fault)
    return {str(get_args(model.model_fields["kind"].annotation)[0]): model for model in get_args(union)}


def draw(base: Scenario, seed: int, number: int) -> Plan:
    """The plan of run *number*: the same for the same seed, whatever other runs draw."""
    luck = np.random.default_rng([seed, number])
    names = [load.name for load in base.load]
    some = [name for name in names if luck.random() < 0.6]
    nodes = int(luck.choice([1, 2, 2, 2, 3]))
    plan = Plan(
        seed=int(luck.integers(2**31)),
        classes=tuple(names if luck.random() < 0.6 or not some else some),
        factor=float(luck.choice([0.5, 1.0, 1.0, 1.5])),
        nodes=nodes,
        heal_s=CHAOS_S,
        within_s=WITHIN_S,
        knobs=_knobs(base, luck),
    )
    return _struck(base, plan, luck, (seed, number))


def _knobs(base: Scenario, luck: np.random.Generator) -> tuple[tuple[str, Any], ...]:
    values = base.model_dump(mode="json", exclude_none=True)
    chosen: dict[str, Any] = {}
    for path, choices in KNOBS.items():
        if luck.random() < 0.3:
            chosen[path] = choices[int(luck.integers(len(choices)))]
    for path, short in SHORTER.items():
        there = _at(values, path)
        if isinstance(there, int | float) and there > short:
            chosen[path] = short
    return tuple(sorted(chosen.items()))


def _at(values: Any, path: str) -> Any:
    for part in path.split("."):
        values = values.get(part) if isinstance(values, Mapping) else None
    return values


def _struck(base: Scenario, plan: Plan, luck: np.random.Generator, key: tuple[int, int]) -> Plan:
    """The plan with its faults: of a random half of the kinds, some strikes.

    Where exactly one strikes has luck of its own, by *key* and its place: it moves no other draw.
    """
    kinds = {name: model for name, model in fault_kinds().items() if luck.random() < 0.5}
    wanted = int(luck.integers(FAULTS_MAX + 1)) if kinds else 0
    scenario = realise(base, plan)
    targets = Targets(scenario.model_dump(mode="json", exclude_none=True))
    ground, possible = Ground.of(scenario, targets), partial(_possible, base, plan)
    faults: list[Drawn] = []
    for place in range(DRAWS_MAX):
        if len(faults) == wanted:
            break
        fault = _fault(kinds, targets, luck)
        if fault is not None and possible(fault):
            own = np.random.default_rng([*key, place])
            faults.append(_finer(fault, kinds[fault["kind"]].model_fields, ground, own, possible))
    return _with_faults(plan, faults)


def _finer(
    fault: Drawn,
    fields: Mapping[str, FieldInfo],
    ground: Ground,
    luck: np.random.Generator,
    possible: Callable[[Drawn], bool],
) -> Drawn:
    """The fault in a form and with an aim of its own, as far as the rules allow."""
    for change in (shaped, aimed):
        changed = change(fault, fields, ground, luck)
        if changed is not fault and possible(changed):
            fault = changed
    return fault


def _fault(kinds: Mapping[str, type[Any]], targets: Targets, luck: np.random.Generator) -> Drawn | None:
    name = str(luck.choice(sorted(kinds)))
    there = list(targets.candidates(name))
    if not there:
        return None
    fault: Drawn = {
        "kind": name,
        "target": str(luck.choice(there)),
        "at_s": round(float(luck.uniform(0.5, CHAOS_S - 5.0)), 3),
    }
    for field, info in kinds[name].model_fields.items():
        if field not in fault and field not in {"mtbf_s", "mttr_s"} and (info.is_required() or field in STRENGTHS):
            fault[field] = _strength(field, info, luck)
    return fault


def _strength(field: str, info: FieldInfo, luck: np.random.Generator) -> Any:
    """A value for a field: one of those it names, or a number drawn evenly over the logarithm of its range."""
    words = words_of(info)
    if words:
        return str(luck.choice(words))
    low, high = STRENGTHS.get(field, (0.05, 5.0))
    if low < 0.0:
        return round(float(luck.uniform(low, high)), 3)
    return round(float(low * (high / low) ** luck.random()), 3)


def _possible(base: Scenario, plan: Plan, fault: Mapping[str, Any]) -> bool:
    try:
        realise(base, _with_faults(plan, [fault]))
    except ValueError:
        return False
    return True


def _with_faults(plan: Plan, faults: Sequence[Mapping[str, Any]]) -> Plan:
    return replace(plan, faults=tuple(sorted(faults, key=lambda fault: fault["at_s"])))
