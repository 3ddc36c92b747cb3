"""Whether a run kept what its scenario expects of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rustok_sim.scenario import Expectation
from rustok_sim.verify.metrics import Metrics, UnknownMetric


@dataclass(frozen=True, slots=True)
class Judgement:
    """One expectation held against the metrics: what was found, and what was asked."""

    metric: str
    value: float | str | None
    bound: dict[str, float]
    """``at_least``, ``at_most``, or both."""
    held: bool

    def to_dict(self) -> dict[str, Any]:
        """As in ``run.json``."""
        return {"metric": self.metric, "value": self.value, "bound": self.bound, "held": self.held}


def judge(expected: Iterable[Expectation], metrics: Metrics) -> list[Judgement]:
    """Each expectation held against *metrics*. One on a metric that is null, absent or no number does not hold."""
    return [_judge(one, metrics) for one in expected]


def _judge(expected: Expectation, metrics: Metrics) -> Judgement:
    try:
        value = metrics.value(expected.metric)
    except UnknownMetric:
        value = None
    bounds = {"at_least": expected.at_least, "at_most": expected.at_most}
    bound = {name: limit for name, limit in bounds.items() if limit is not None}
    held = isinstance(value, int | float) and bound.get("at_least", value) <= value <= bound.get("at_most", value)
    return Judgement(expected.metric, value, bound, held)
