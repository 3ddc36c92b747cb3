"""A buyer's way struck between its steps as far as RusToK's checkout has such: place, submit, pay."""

import pytest

from rustok_sim.testing import scenario_of, simulate

BUYER = {"name": "buyer", "operation": "checkout", "arrivals": {"process": "burst", "at_s": 1.0, "count": 1}}
ADVISED = {"stock": {"design": "conditional_update", "reserve": "recorded"}, "orders": {"stock": "reserved"}}


def bought(*faults, platform=None, load=(BUYER,)):
    """The records of one buyer's checkout."""
    return simulate(
        scenario_of(
            horizon_s=40.0,
            load=list(load),
            faults=list(faults),
            catalogue={"products": 1, "posts": 0, "topics": 0},
            platform={"tenant_cache": {"design": "none"}} | (platform or {}),
        )
    )


def states(records):
    """The states that the order went through."""
    return [r.outcome for r in records if r.kind == "order.changed"]


def answers(records):
    """Status and code of each finished request."""
    return [(r.status, r.detail) for r in records if r.kind == "request.finished"]


def crash(step, **more):
    """The node dies when it has reached this step, and is back 1 s later."""
    return {"kind": "crash", "target": "here", "restart_s": 1.0, "at_step": step, **more}


def charges(records):
    """How often the provider took money."""
    return len([r for r in records if r.kind == "payment.charged"])


@pytest.mark.parametrize(
    ("fault", "went", "charged"),
    [
        (crash("db.query", step_detail="order_lines.insert"), [], 0),
        (crash("order.changed", step_outcome="pending"), ["pending"], 0),
        (crash("order.changed", step_outcome="confirmed"), ["pending", "confirmed"], 0),
        (crash("payment.charged"), ["pending", "confirmed"], 1),
        (crash("db.query", step_detail="orders.update", occurrence=2), ["pending", "confirmed"], 1),
        (crash("order.changed", step_outcome="paid"), ["pending", "confirmed", "paid"], 1),
    ],
    ids=["in_place", "placed", "reserved", "charged", "in_record", "recorded"],
)
def test_a_crash_between_two_steps_leaves_what_was_committed_before_it(fault, went, charged):
    """What the database has committed and the provider has taken stays; nobody goes on with the rest."""
    records = bought(fault)
    assert states(records) == went
    assert charges(records) == charged
    assert answers(records) == [(502, "node_crashed")]


def test_units_kept_for_an_order_outlive_the_crash_between_reserve_and_charge():
    """The reservation was committed with the step to confirmed; nothing ever frees it."""
    records = bought(crash("order.changed", step_outcome="confirmed"), platform=ADVISED)
    assert states(records) == ["pending", "confirmed"]
    assert [r.kind for r in records if r.kind in {"stock.sold", "payment.charged"}] == []


def test_a_charge_whose_answer_is_lost_is_uncertain_money():
    """The provider has the money, the order awaits payment, and the buyer is told of an error."""
    fault = {"kind": "loss", "target": "gateway", "ratio": 1.0, "lost": "reply", "commands": ["charge"], "at_s": 0.0}
    records = bought(fault)
    assert charges(records) == 1
    assert states(records) == ["pending", "confirmed"]
    assert len([r for r in records if r.kind == "payment.uncertain"]) == 1
    [(status, _)] = answers(records)
    assert status >= 500


def test_a_crash_between_commit_and_send_loses_the_event():
    """A variant's event goes to the bus after the write (D16), and the node dies before the forwarder takes it.

    The merchant has the right answer, the database the new units, and nobody is ever told.
    """
    platform = {
        "stock": {"design": "conditional_update"},
        "events": {"forwarder": "go_on"},
    }
    load = [BUYER | {"name": "merchant", "operation": "variant.update"}]
    fault = crash("db.query", step_detail="product_variants.update")
    calm, struck = bought(platform=platform, load=load), bought(fault, platform=platform, load=load)
    told = [len([r for r in records if r.kind == "event.recorded"]) for records in (calm, struck)]
    assert told == [1, 0]
    assert answers(struck) == [(200, None)]
    assert len([r for r in struck if r.kind == "stock.changed"]) == 1
