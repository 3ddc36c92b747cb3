"""How exactly a drawn fault strikes: in which form, at a step of the code, whose messages alone, or more targets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, get_args

import numpy as np
from pydantic.fields import FieldInfo

from rustok_sim.engine.popularity import tenant_name
from rustok_sim.scenario import Scenario
from rustok_sim.scenario.models.faults import HERE
from rustok_sim.scenario.rules.faults import JOBS
from rustok_sim.scenario.rules.targets import SERVERS, Targets

Drawn: TypeAlias = dict[str, Any]
"""A fault as the table of a scenario file."""

IN_FORM: Final = 0.3
"""The share of faults of several forms that take one by choice: requests or replies, dropped or held, ..."""
AT_STEP: Final = 0.2
"""The share of faults that wait for a step of the code."""
SCOPED: Final = 0.3
"""Of those of messages that do not: the share that befalls some callers, commands or tenants alone."""
TOGETHER: Final = 0.15
"""Of the rest: the share that strikes several targets."""
AT_HERE: Final = 0.7
"""Of those at a step that may strike the node that got there: the share that does."""
AGAIN: Final = 0.25
"""Of those at a step: the share that strikes at some of many such steps, not at the n-th."""
OCCURRENCES_MAX: Final = 30
STEP_RATIOS: Final = (0.002, 0.05)

Step: TypeAlias = tuple[str, str | None, str | None]
STEPS: Final[Sequence[Step]] = (
    ("db.query", "begin", None),
    ("db.query", "commit", None),
    ("db.query", "outbox.mine", None),
    ("db.query", "sys_events.insert", None),
    ("db.query", "product_variants.update", None),
    ("db.transaction", None, "committed"),
    ("redis.command", None, None),
    ("cache.load", None, None),
    ("cache.invalidated", None, None),
    ("event.recorded", None, None),
    ("outbox.claimed", None, "ok"),
    ("outbox.taken", None, None),
    ("outbox.published", None, "ok"),
    ("outbox.marked", None, "dispatched"),
    ("outbox.marked", None, "pending"),
    ("index.applied", None, "applied"),
    ("order.changed", None, None),
    ("stock.changed", None, None),
    ("payment.called", None, None),
    ("payment.charged", None, None),
    ("payment.refunded", None, None),
    ("payment.uncertain", None, None),
    ("content.changed", None, None),
    ("module.toggled", None, None),
    ("module.hook", None, None),
    ("tenant.standing", None, None),
)
"""Steps at which a fault may cut something in two, each with the detail and the outcome that narrow it down."""
COMMANDS: Final[Mapping[str, Sequence[str]]] = {
    "database": ("begin", "commit", "*.select", "*.insert", "*.update", "outbox.*", "orders.*", "product_variants.*"),
    "redis": ("GET", "SET", "PUBLISH", "MESSAGE", "connect"),
    "log": ("append", "fetch", "commit"),
    "gateway": ("charge", "refund", "query"),
}
"""Commands by the server that takes them."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What there is to aim at in one plan."""

    targets: Targets
    callers: Sequence[str]
    tenants: Sequence[str]

    @classmethod
    def of(cls, scenario: Scenario, targets: Targets) -> "Ground":
        """That of a scenario."""
        known = max(load.tenants.count for load in scenario.load)
        return cls(targets, (*targets.loads, *JOBS), [tenant_name(number) for number in range(known)])


def shaped(fault: Drawn, fields: Mapping[str, FieldInfo], _: Ground, luck: np.random.Generator) -> Drawn:
    """*fault*, or in some draws the same in another form; *fields* are those that its kind has."""
    forms: Drawn = {}
    for name, info in fields.items():
        words = words_of(info)
        if name not in fault and words and luck.random() < IN_FORM:
            forms[name] = str(luck.choice(words))
    return fault | forms if forms else fault


def aimed(fault: Drawn, fields: Mapping[str, FieldInfo], ground: Ground, luck: np.random.Generator) -> Drawn:
    """*fault*, or in some draws the same at a step, of some messages alone, or on more targets."""
    if luck.random() < AT_STEP:
        return _at_step(fault, ground, luck)
    server = fault["target"].rpartition("->")[2]
    if "commands" in fields and server in (*SERVERS, "*") and luck.random() < SCOPED:
        return _scoped(fault, ground, server, luck)
    if luck.random() < TOGETHER:
        return _together(fault, ground, luck)
    return fault


def _at_step(fault: Drawn, ground: Ground, luck: np.random.Generator) -> Drawn:
    step, detail, outcome = STEPS[int(luck.integers(len(STEPS)))]
    more: Drawn = {"at_step": step}
    if detail is not None:
        more["step_detail"] = detail
    if outcome is not None:
        more["step_outcome"] = outcome
    if luck.random() < AGAIN:
        low, high = STEP_RATIOS
        more["step_ratio"] = round(float(low * (high / low) ** luck.random()), 4)
    else:
        more["occurrence"] = int(OCCURRENCES_MAX ** luck.random())
    if ground.targets.allows(fault["kind"], HERE, at_step=True) and luck.random() < AT_HERE:
        more["target"] = HERE
    return fault | more


def _scoped(fault: Drawn, ground: Ground, server: str, luck: np.random.Generator) -> Drawn:
    commands = COMMANDS.get(server) or [name for names in COMMANDS.values() for name in names]
    scopes = {"callers": ground.callers, "commands": commands, "tenants": ground.tenants}
    which = str(luck.choice(list(scopes)))
    return fault | {which: [str(luck.choice(scopes[which]))]}


def _together(fault: Drawn, ground: Ground, luck: np.random.Generator) -> Drawn:
    others = [name for name in ground.targets.candidates(fault["kind"]) if name != fault["target"]]
    if not others:
        return fault
    several = sorted([fault["target"], str(luck.choice(others))])
    return {key: value for key, value in fault.items() if key != "target"} | {"targets": several}


def words_of(info: FieldInfo) -> list[str]:
    """The words that a field may have; none, if it is one of numbers or of free text."""
    choices = [choice for part in (info.annotation, *get_args(info.annotation)) for choice in get_args(part)]
    return [choice for choice in choices if isinstance(choice, str)]


def step_of(fault: Mapping[str, Any]) -> str | None:
    """The step that a fault waits for, in a few words."""
    parts = (fault.get("at_step"), fault.get("step_detail"), fault.get("step_outcome"))
    return " ".join(str(part) for part in parts if part is not None) or None


def struck(fault: Mapping[str, Any]) -> tuple[str, ...]:
    """All targets of a fault."""
    return tuple(fault["targets"]) if "targets" in fault else (str(fault["target"]),)
