"""What each guard lets through: one request after the other, and two at once that have read the same row."""

import pytest

from rustok_sim.core.errors import DomainError

MS = 0.001
GUARDS = ("none", "service", "database", "both")
on_both = pytest.mark.parametrize("backend", ["memory", pytest.param("postgresql", marks=pytest.mark.server)])


def refused(market, order_id, action):
    """The code with which a step is refused."""
    with pytest.raises(DomainError) as error:
        market.step(order_id, action)
    return error.value.code


@pytest.mark.parametrize("guard", ["service", "both"])
def test_a_run_time_check_refuses_a_step_that_the_state_does_not_have(open_market, lifecycle, guard):
    """Draft and pending know no pay; one write fewer than a conditional one that fails."""
    market = open_market(orders={"lifecycle": lifecycle, "guard": guard})
    order_id = market.place()
    assert refused(market, order_id, "pay") == "invalid_transition"
    assert market.row(order_id)["version"] == 1


@pytest.mark.parametrize(
    ("lifecycle", "rule", "code"),
    [
        ("review", None, "invalid_transition"),
        ("as_built", None, "invalid_transition"),
        ("successor", None, "check_violation"),
        ("review", "pairs", "check_violation"),
        ("successor", "compare_and_set", "invalid_transition"),
    ],
)
def test_a_conditional_write_refuses_it_without_a_look(open_market, lifecycle, rule, code):
    """Each lifecycle's own rule, and the other one: the successor's trigger knows pairs of states, 23514."""
    market = open_market(orders={"lifecycle": lifecycle, "guard": "database", "database_rule": rule})
    order_id = market.place()
    assert refused(market, order_id, "ship") == code
    assert market.row(order_id)["version"] == 1


def test_without_a_guard_an_order_is_shipped_that_nobody_paid_for(open_market, lifecycle):
    """The step is written whatever the state: illegal history number one, kept by the version and the log."""
    market = open_market(orders={"lifecycle": lifecycle, "guard": "none", "stock": "ignored"})
    order_id = market.place()
    row = market.step(order_id, "ship")
    assert (row["status"], row["paid_at"], row["version"]) == ("shipped", None, 2)
    assert market.changed()[-1][1:] == ("shipped", 2)


def test_without_a_guard_the_event_is_what_stops_a_repetition(open_market):
    """An accident of RusToK's events: a change from paid to paid is no valid event, so the second pay rolls back."""
    market = open_market(orders={"guard": "none"})
    order_id = market.place()
    market.step(order_id, "submit", "pay")
    assert refused(market, order_id, "pay") == "invalid_value"
    market = open_market(orders={"guard": "none", "events": "none"})
    order_id = market.place()
    assert market.step(order_id, "submit", "pay", "pay")["version"] == 4


def test_repeating_a_step_is_a_loser_that_may_try_again(open_market):
    """The successor's trigger answers the same status with a serialization failure, 40001; nothing is written."""
    market = open_market(orders={"lifecycle": "successor", "guard": "database"})
    order_id = market.place()
    market.step(order_id, "submit", "pay")
    with pytest.raises(DomainError) as error:
        market.step(order_id, "pay")
    assert (error.value.code, error.value.retryable) == ("serialization_failure", True)
    assert market.row(order_id)["version"] == 3


@pytest.mark.parametrize("guard", GUARDS[1:])
def test_a_row_whose_state_is_unknown_is_not_stepped_over(open_market, guard):
    """A word that is no status: 500 from the look, a refusal from the write."""
    market = open_market(orders={"guard": guard})
    order_id = market.place()
    market.spoil(order_id, status="lost")
    code = "invalid_transition" if guard == "database" else "unknown_status"
    assert refused(market, order_id, "submit") == code


@pytest.fixture
def two_at_once(open_market):
    """Two steps that both read the order before either writes: a millisecond a round trip, one connection each."""

    def raced(*actions, before=("submit",), isolation="read_committed", backend="memory", **orders):
        market = open_market(latency_s=MS, orders=orders, isolation=isolation, backend=backend)
        order_id = market.place()
        market.step(order_id, *before)
        return market, order_id, market.race(order_id, *actions)

    return raced


def paid_and_cancelled(market, order_id):
    """Whether the order ended cancelled with its money attached and nobody asked for a refund."""
    row = market.row(order_id)
    return row["status"] == "cancelled" and row["payment_id"] is not None


def test_the_stale_cancel_leaves_a_paid_order_cancelled_with_its_payment_attached(two_at_once):
    """The successor's race: both read *confirmed*, pay is written first, and paid to cancelled is a legal pair."""
    market, order_id, outcomes = two_at_once("pay", "cancel", lifecycle="successor", guard="both")
    assert outcomes == ["paid", "cancelled"]
    assert paid_and_cancelled(market, order_id)
    assert market.provider.ledger.entries == []
    assert market.changed()[-2:] == [("confirmed", "paid", 3), ("confirmed", "cancelled", 4)]


def test_the_stale_cancel_tells_an_old_state(two_at_once):
    """The event says confirmed to cancelled, of an order that was paid by then."""
    market, order_id, _ = two_at_once("pay", "cancel", lifecycle="successor", guard="both")
    assert market.told(order_id)[-1] == ("confirmed", "cancelled")


def test_in_the_other_order_of_arrival_the_pair_is_refused(two_at_once):
    """Cancelled to paid is no pair: the trigger refuses the payment, 23514."""
    market, order_id, outcomes = two_at_once("cancel", "pay", lifecycle="successor", guard="both")
    assert outcomes == ["cancelled", "check_violation"]
    assert not paid_and_cancelled(market, order_id)


@pytest.mark.parametrize(
    ("actions", "before", "codes"),
    [
        (("ship", "cancel"), ("submit", "pay"), ["shipped", "cancelled"]),
        (("pay", "pay"), ("submit",), ["paid", "serialization_failure"]),
        (("cancel", "cancel"), ("submit",), ["cancelled", "serialization_failure"]),
        (("submit", "cancel"), (), ["confirmed", "cancelled"]),
        (("cancel", "submit"), (), ["cancelled", "check_violation"]),
        (("cancel", "ship"), ("submit", "pay"), ["cancelled", "check_violation"]),
        (("deliver", "cancel"), ("submit", "pay", "ship"), ["delivered", "check_violation"]),
    ],
)
@on_both
def test_every_other_pair_of_the_successor(two_at_once, backend, actions, before, codes):
    """A stale cancel passes wherever the newer state may be cancelled; same status 40001; any other pair 23514."""
    _, _, outcomes = two_at_once(*actions, before=before, lifecycle="successor", guard="both", backend=backend)
    assert outcomes == codes


ENDS = {
    # By guard: none and a check at the read let it happen; so does a rule on pairs where paid may be cancelled.
    ("review", "none", None): True,
    ("review", "service", None): True,
    ("review", "database", "pairs"): False,
    ("review", "both", "pairs"): False,
    ("review", "database", "compare_and_set"): False,
    ("review", "both", "compare_and_set"): False,
    ("as_built", "none", None): True,
    ("as_built", "service", None): True,
    ("as_built", "database", "pairs"): True,
    ("as_built", "both", "pairs"): True,
    ("as_built", "database", "compare_and_set"): False,
    ("as_built", "both", "compare_and_set"): False,
    ("successor", "none", None): True,
    ("successor", "service", None): True,
    ("successor", "database", "pairs"): True,
    ("successor", "both", "pairs"): True,
    ("successor", "database", "compare_and_set"): False,
    ("successor", "both", "compare_and_set"): False,
}


@pytest.mark.parametrize(("lifecycle", "guard", "rule"), ENDS, ids=lambda part: part or "own")
@on_both
def test_which_guard_ends_the_stale_cancel(two_at_once, backend, lifecycle, guard, rule):
    """A strict compare-and-set does, in every lifecycle; a rule on pairs only where the pair is illegal."""
    orders = {"lifecycle": lifecycle, "guard": guard, "database_rule": rule}
    market, order_id, _ = two_at_once("pay", "cancel", backend=backend, **orders)
    assert paid_and_cancelled(market, order_id) == ENDS[lifecycle, guard, rule]


def test_the_loser_of_a_compare_and_set_learns_that_the_order_has_changed(two_at_once):
    """409, and one write in all: version 3 after placing and submitting."""
    market, order_id, outcomes = two_at_once("pay", "cancel")
    assert outcomes == ["paid", "order_changed"]
    assert market.row(order_id)["version"] == 3


@pytest.mark.parametrize(
    ("guard", "outcomes"),
    [
        ("none", ["shipped", "shipped"]),
        ("service", ["shipped", "shipped"]),
        ("database", ["shipped", "order_changed"]),
        ("both", ["shipped", "order_changed"]),
    ],
)
def test_two_who_ship_at_once(two_at_once, guard, outcomes):
    """Without a guard on the write two parcels leave for one order; stock that nobody keeps does not stop them."""
    _, _, seen = two_at_once("ship", "ship", before=("submit", "pay"), guard=guard, stock="ignored")
    assert seen == outcomes


@pytest.mark.parametrize("guard", ["service", "both"])
@on_both
def test_repeatable_read_ends_the_stale_cancel_too(two_at_once, backend, guard):
    """PostgreSQL refuses to overwrite what changed since the snapshot: 40001 for the second writer."""
    market, order_id, outcomes = two_at_once(
        "pay", "cancel", lifecycle="successor", guard=guard, isolation="repeatable_read", backend=backend
    )
    assert outcomes == ["paid", "serialization_failure"]
    assert not paid_and_cancelled(market, order_id)
