"""Alerts: what is pending, fires and resolves when rules are evaluated again and again over a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rustok_sim.telemetry.promql import Labels, instant, kept
from rustok_sim.telemetry.rules import Rule, RuleGroup
from rustok_sim.telemetry.scrape import Samples

TINY_S: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Firing:
    """One alert that fired, from its first evaluation to its last."""

    alert: str
    severity: str
    labels: Mapping[str, str]
    pending_s: float
    """When its condition was first seen to hold."""
    fired_s: float
    """When it had held for as long as the rule asks."""
    resolved_s: float | None
    """When it was first seen not to hold; ``None``: not before the run was over."""


class _Active:
    """An alert whose condition holds, or held a moment ago."""

    def __init__(self, pending_s: float) -> None:
        self.pending_s = pending_s
        self.fired_s: float | None = None
        self.seen_s = pending_s


def evaluate(samples: Samples, groups: Sequence[RuleGroup]) -> list[Firing]:
    """What fired, in order of time. Each group is evaluated at its own interval, from the first one on.

    Raises ``RuleError`` for an expression that is not evaluated here.
    """
    found = [one for group in groups for rule in group.rules for one in _firings(samples, rule, group.interval_s)]
    return sorted(found, key=lambda one: (one.fired_s, one.alert, sorted(one.labels.items())))


def _firings(samples: Samples, rule: Rule, interval_s: float) -> list[Firing]:
    active: dict[Labels, _Active] = {}
    done: list[Firing] = []
    for number in range(1, int(samples.horizon_s / interval_s + TINY_S) + 1):
        at_s = number * interval_s
        value = instant(samples, rule.expr, at_s)
        holding = (
            {kept(one.labels, (), without=True) for one in value}
            if isinstance(value, list)
            else {()}
            if value
            else set()
        )
        for key in sorted(holding):
            one = active.setdefault(key, _Active(at_s))
            one.seen_s = at_s
            if one.fired_s is None and at_s - one.pending_s >= rule.for_s - TINY_S:
                one.fired_s = at_s
        for key in [key for key in active if key not in holding]:
            if active[key].fired_s is None or at_s - active[key].seen_s > rule.keep_firing_for_s - TINY_S:
                done += _done(rule, key, active.pop(key), at_s)
    return done + [firing for key, one in active.items() for firing in _done(rule, key, one, None)]


def _done(rule: Rule, key: Labels, one: _Active, resolved_s: float | None) -> list[Firing]:
    if one.fired_s is None:
        return []
    labels = dict(key) | dict(rule.labels)
    return [Firing(rule.alert, labels.get("severity", ""), labels, one.pending_s, one.fired_s, resolved_s)]
