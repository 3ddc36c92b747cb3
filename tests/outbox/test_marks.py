"""Branches that a test means to reach say that they were reached."""

from rustok_sim.core.marks import mark, marked
from rustok_sim.testing import scenario_of, simulate

IDLE = {
    "platform": {"outbox": {"relays": "every_node", "target": "log"}},
    "load": [
        {
            "name": "editors",
            "operation": "product.update",
            "arrivals": {"process": "burst", "at_s": 1.0, "count": 1},
        }
    ],
    "horizon_s": 5.0,
}


def test_a_relay_without_work_finds_nothing():
    """One event in five seconds: most passes find nothing, and the branch says so."""
    with marked() as seen:
        simulate(scenario_of(**IDLE))
    assert "relay found nothing" in seen


def test_a_database_that_hangs_is_given_up():
    """A hang of ten seconds, and two seconds of patience: the statement is given up. Without patience it is not."""
    hang = {"kind": "hang", "target": "database", "at_s": 1.0, "duration_s": 3.0}
    patient = scenario_of(**IDLE, faults=[hang])
    hasty = {**IDLE["platform"], "database": {"statement_timeout_s": 1.0}}
    with marked() as seen:
        simulate(patient)
    assert "statement given up" not in seen
    with marked() as seen:
        simulate(scenario_of(**{**IDLE, "platform": hasty}, faults=[hang]))
    assert "statement given up" in seen


def test_nobody_listens_outside():
    """A mark without a listener is nothing; an inner listener hides the outer one, which hears again afterwards."""
    with marked() as outer:
        mark("one")
        with marked() as inner:
            mark("two")
        mark("three")
    mark("four")
    assert (outer, inner) == ({"one", "three"}, {"two"})
