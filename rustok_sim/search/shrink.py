"""From a plan that breaks something to a small one that still does: by Hypothesis."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from random import Random
from typing import Any, Final

from hypothesis import HealthCheck, Phase, Verbosity, find, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException

from rustok_sim.search.aims import struck
from rustok_sim.search.plan import Plan

EXAMPLES_MAX: Final = 80
"""Plans drawn before the best of them is shrunk."""
TRIALS_MAX: Final = 400
"""Trials in all; who has made so many keeps the smallest plan so far."""
HEALS_S: Final = (5.0, 10.0, 15.0, 20.0, 30.0, 40.0)
WITHINS_S: Final = (5.0, 10.0, 20.0)
FACTORS: Final = (0.25, 0.5, 1.0, 1.5)

Broken = Callable[[Plan], bool]


def size(plan: Plan) -> tuple[float, ...]:
    """How large a plan is: faults first, then classes, nodes, length, load, knobs and targets of faults."""
    return (
        len(plan.faults),
        len(plan.classes),
        plan.nodes,
        plan.heal_s + plan.within_s,
        plan.factor,
        len(plan.knobs),
        sum(len(struck(fault)) for fault in plan.faults),
    )


def shrink(plan: Plan, breaks: Broken, *, trials_max: int = TRIALS_MAX) -> tuple[Plan, int]:
    """The smallest plan found within *plan* for which *breaks* holds, and how many trials that took.

    The same plan and predicate give the same answer: nothing is stored, and the luck is the plan's own.
    """
    known: dict[str, bool] = {}
    best = plan

    def still(smaller: Plan) -> bool:
        nonlocal best
        key = repr(smaller)
        if key not in known:
            if len(known) >= trials_max:
                return False
            known[key] = breaks(smaller)
        if known[key] and size(smaller) < size(best):
            best = smaller
        return known[key]

    _leave_out(plan, still)
    plan = best
    options = settings(
        max_examples=EXAMPLES_MAX,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    # No part of the plan breaks it, or the last trials were too many: the best so far stands.
    with suppress(HypothesisException):
        find(within(plan), still, settings=options, random=Random(plan.seed))  # noqa: S311  # shrinking, not secrets
    return best, len(known)


def _leave_out(plan: Plan, still: Broken) -> None:
    """Leave out one part of *plan* after the other, as long as it still breaks the promise: faults, classes, knobs.

    A search by luck alone keeps parts that nothing needs. All faults go first, since many findings need none.
    """
    if plan.faults and still(replace(plan, faults=())):
        plan = replace(plan, faults=())
    for name in ("faults", "classes", "knobs"):
        for part in getattr(plan, name):
            left = tuple(one for one in getattr(plan, name) if one is not part)
            changes: dict[str, Any] = {name: left}
            if (left or name != "classes") and still(replace(plan, **changes)):
                plan = replace(plan, **changes)


@st.composite
def within(draw: Any, plan: Plan) -> Plan:
    """Plans within *plan*: each part is there or left out, and what is simpler is drawn from smaller numbers."""
    heal_s = draw(st.sampled_from([at_s for at_s in HEALS_S if at_s < plan.heal_s] + [plan.heal_s]))
    faults = [_fewer(draw, fault) for fault in plan.faults if draw(_kept()) and fault["at_s"] < heal_s]
    classes = [name for name in plan.classes if draw(_kept())]
    return replace(
        plan,
        heal_s=heal_s,
        within_s=draw(st.sampled_from([long_s for long_s in WITHINS_S if long_s < plan.within_s] + [plan.within_s])),
        faults=tuple(faults),
        classes=tuple(classes or plan.classes[:1]),
        nodes=draw(st.integers(1, plan.nodes)),
        factor=draw(st.sampled_from([one for one in FACTORS if one < plan.factor] + [plan.factor])),
        knobs=tuple(knob for knob in plan.knobs if draw(st.booleans())),
    )


def _fewer(draw: Any, fault: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fault on some of its targets."""
    if "targets" not in fault:
        return fault
    left = [target for target in fault["targets"] if draw(_kept())]
    return {**fault, "targets": left or fault["targets"][:1]}


def _kept() -> st.SearchStrategy[bool]:
    """Mostly true when drawn, false when shrunk."""
    return st.integers(0, 3).map(bool)
