"""Expectations: bounds held against metrics."""

import json

import pytest

from rustok_sim.scenario import Expectation
from rustok_sim.verify import Metrics, judge

METRICS = Metrics(
    {"requests": {"web": {"availability": 0.99, "mean": None, "ok": 0}}, "breaker": {"b": {"state": "open"}}}
)


@pytest.mark.parametrize(
    ("metric", "bound", "value", "held"),
    [
        ("requests.web.availability", {"at_least": 0.99}, 0.99, True),
        ("requests.web.availability", {"at_least": 0.991}, 0.99, False),
        ("requests.web.availability", {"at_most": 0.99}, 0.99, True),
        ("requests.web.availability", {"at_most": 0.98}, 0.99, False),
        ("requests.web.availability", {"at_least": 0.9, "at_most": 1.0}, 0.99, True),
        ("requests.web.availability", {"at_least": 0.9, "at_most": 0.95}, 0.99, False),
        ("requests.web.ok", {"at_most": 0.0}, 0, True),
        ("requests.web.mean", {"at_most": 1.0}, None, False),
        ("requests.gone.availability", {"at_least": 0.0}, None, False),
        ("breaker.b.state", {"at_least": 0.0}, "open", False),
    ],
)
def test_holds_within_its_bounds_and_never_on_nothing(metric, bound, value, held):
    """The bounds themselves are within; a null, an absent metric and a text are not."""
    (judgement,) = judge([Expectation(metric=metric, **bound)], METRICS)
    assert judgement.to_dict() == {"metric": metric, "value": value, "bound": bound, "held": held}
    assert json.dumps(judgement.to_dict())
