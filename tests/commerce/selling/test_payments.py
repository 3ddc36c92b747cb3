"""Taking money: once for each order, with a trace, whatever the provider or the wire does."""

import pytest

from rustok_sim.core.errors import DomainError
from rustok_sim.modules.commerce.payments import Debt
from rustok_sim.modules.commerce.payments.tables import COLLECTIONS, OPERATIONS, PAYMENTS

ORDER = "0" * 36
DEBT = Debt(order_id=ORDER, amount=1750, currency="EUR", method="card")
LOST = ["drop_request", "lose_answer", "fail", "silence"]


def collect(market, debt=DEBT):
    """One attempt: what was taken, or the code of the refusal."""
    try:
        return market.do(market.payments.collect, debt)
    except DomainError as error:
        return error.code


def states(market):
    """The states of what is written down: collection, operation, payments."""
    return (
        [row["status"] for row in market.rows(COLLECTIONS)],
        [row["status"] for row in market.rows(OPERATIONS)],
        [row["status"] for row in market.rows(PAYMENTS)],
    )


def charged(market):
    """How often money was taken for the order, by the provider's own books."""
    return len(market.provider.ledger.charged(ORDER))


def test_money_that_was_taken_is_written_down(open_market):
    """Collection captured, operation committed under the provider's reference, one payment of the whole amount."""
    market = open_market()
    taken = collect(market)
    assert states(market) == (["captured"], ["committed"], ["captured"])
    [payment], [asked] = market.rows(PAYMENTS), market.rows(OPERATIONS)
    assert taken == (payment["id"], "card", 1750)
    assert (payment["amount"], payment["provider_reference"], asked["provider_reference"]) == (1750, "ch_1", "ch_1")
    [collection] = market.rows(COLLECTIONS)
    assert asked["operation_key"] == f"payment_collection:{collection['id']}:capture"


def test_what_a_payment_costs(open_market):
    """Before: collection and operation in one transaction. After: payment, operation, collection in another."""
    market = open_market()
    trips = market.shop.cost(market.payments.collect, DEBT)
    assert trips == {"transaction": 4, "reads": 0, "writes": 5, "outbox": 0}
    assert market.wire.asked == 1


def test_without_a_journal_only_the_provider_knows(open_market):
    """No round trip to the database at all; the reference is all there is."""
    market = open_market(gateway={"journal": "none"})
    market.shop.wire.trips.clear()
    assert collect(market) == ("ch_1", "card", 1750)
    assert market.shop.wire.trips == []


def test_asking_for_the_same_order_again_takes_nothing(open_market):
    """What was captured is captured: the same payment, and the provider is not asked a second time."""
    market = open_market()
    assert collect(market) == collect(market)
    assert (charged(market), market.wire.asked) == (1, 1)


def test_a_decline_is_written_down_and_told(open_market):
    """400 payment_declined; the operation failed, the collection still pending, no payment."""
    market = open_market(gateway={"decline_ratio": 1.0})
    assert collect(market) == "payment_declined"
    assert states(market) == (["pending"], ["provider_error"], [])
    assert market.rows(OPERATIONS)[0]["last_error"] == "payment_declined"
    assert [(one.value, one.detail) for one in market.shop.of("payment.declined")] == [(1750, ORDER)]


def test_a_key_gets_the_same_answer_for_ever_a_refusal_too(open_market):
    """The provider remembers what it decided for the key, though it would accept the charge by now."""
    market = open_market(gateway={"decline_ratio": 1.0})
    collect(market)
    market.provider.settings = market.accepting
    assert collect(market) == "payment_declined"
    assert market.rows(OPERATIONS)[0]["attempts"] == 2


def test_after_a_decline_without_keys_another_attempt_may_be_made(open_market):
    """From provider error back to executing: attempt 2 is accepted and committed."""
    market = open_market(gateway={"decline_ratio": 1.0, "idempotency_keys": False})
    collect(market)
    market.provider.settings = market.accepting
    assert collect(market).amount == 1750
    assert (states(market), market.rows(OPERATIONS)[0]["attempts"]) == ((["captured"], ["committed"], ["captured"]), 2)


def test_a_provider_that_cannot_be_reached_was_asked_for_nothing(open_market):
    """503, and the operation failed: it may be asked again."""
    market = open_market()
    market.wire.faults = ["refuse"]
    assert collect(market) == "gateway_unavailable"
    assert states(market)[1] == ["provider_error"]
    assert collect(market).amount == 1750
    assert charged(market) == 1


def test_a_connection_that_never_stands_was_not_asked_either(open_market):
    """Ten seconds to connect are more than the timeout of five."""
    market = open_market(wire_s=5.0)
    assert collect(market) == "gateway_unavailable"
    assert market.runtime.now() == 5.0


@pytest.mark.parametrize("fault", LOST)
def test_no_answer_means_that_nobody_knows(open_market, fault):
    """Broken on the way there or back, an error, silence: the same to the platform, three of four charged there."""
    market = open_market()
    market.wire.faults = [fault]
    assert collect(market) == "payment_uncertain"
    assert states(market) == (["pending"], ["reconciliation_required"], [])
    assert charged(market) == (0 if fault == "drop_request" else 1)
    assert [one.value for one in market.shop.of("payment.uncertain")] == [1750]


def test_what_nobody_knows_is_not_asked_again(open_market):
    """The second attempt is refused without a word to the provider, and must not be retried by the client."""
    market = open_market()
    market.wire.faults = ["lose_answer"]
    collect(market)
    with pytest.raises(DomainError) as refused:
        market.do(market.payments.collect, DEBT)
    assert (refused.value.code, refused.value.status, refused.value.retryable) == ("payment_uncertain", 503, False)
    assert market.wire.asked == 1


def test_who_comes_while_another_asks_is_turned_away(open_market):
    """Two at once for one order: one is charged for, the other told that it is in progress."""
    market = open_market(wire_s=0.1)
    tasks = [market.start(market.payments.collect, DEBT) for _ in range(2)]
    first, second = market.outcomes(tasks)
    assert (first.amount, second, charged(market)) == (1750, "payment_in_progress", 1)


@pytest.mark.parametrize("backend", ["memory", pytest.param("postgresql", marks=pytest.mark.server)])
def test_two_who_try_again_at_once_do_not_both_ask(open_market, backend):
    """After a decline both find the operation failed: under the collection's lock the second one sees it executing."""
    market = open_market(
        latency_s=0.001, wire_s=0.1, backend=backend, gateway={"decline_ratio": 1.0, "idempotency_keys": False}
    )
    collect(market)
    market.provider.settings = market.accepting
    first, second = market.outcomes([market.start(market.payments.collect, DEBT) for _ in range(2)])
    assert (first.amount, second, charged(market)) == (1750, "payment_in_progress", 1)


@pytest.mark.parametrize("fault", LOST)
@pytest.mark.parametrize("keys", [True, False])
@pytest.mark.parametrize("policy", ["query", "retry"])
def test_how_often_a_customer_pays_for_one_order(open_market, policy, keys, fault):
    """Once with keys; without them, retrying a charge whose answer was lost takes the money twice."""
    market = open_market(gateway={"on_uncertain": policy, "idempotency_keys": keys})
    market.wire.faults = [fault]
    assert collect(market).amount == 1750
    twice = policy == "retry" and not keys and fault != "drop_request"
    assert charged(market) == (2 if twice else 1)
    assert [one.detail for one in market.shop.of("payment.charged")] == [ORDER] * charged(market)


@pytest.mark.parametrize(("policy", "asked"), [("fail", 1), ("query", 4), ("retry", 3)])
def test_asking_has_an_end(open_market, policy, asked):
    """Three attempts by the settings; a query after each that fails, itself tried three times at most."""
    market = open_market(gateway={"on_uncertain": policy, "attempts": 3})
    market.wire.faults = ["silence"] * 20
    assert collect(market) == "payment_uncertain"
    assert market.wire.asked == asked
    assert charged(market) == 1


def test_a_retry_that_never_gets_there_does_not_make_the_first_attempt_undone(open_market):
    """Charged, no answer, then refused thrice: uncertain, not unavailable."""
    market = open_market(gateway={"on_uncertain": "retry"})
    market.wire.faults = ["lose_answer", "refuse", "refuse"]
    assert collect(market) == "payment_uncertain"
    assert charged(market) == 1


def test_without_keys_a_declined_retry_hides_a_charge(open_market):
    """The worst of both: the first attempt took the money, the second is declined, and the order is told so."""
    market = open_market(gateway={"on_uncertain": "retry", "idempotency_keys": False})
    market.wire.faults = ["lose_answer"]
    market.wire.then = lambda: setattr(market.provider, "settings", market.declining)
    assert collect(market) == "payment_declined"
    assert charged(market) == 1


@pytest.mark.parametrize(("keys", "times"), [(True, 1), (False, 3)])
def test_the_provider_itself_may_fail_to_answer(open_market, keys, times):
    """Every charge made, no answer in time: with keys one charge, without them one for each of three attempts."""
    market = open_market(gateway={"uncertain_ratio": 1.0, "on_uncertain": "retry", "idempotency_keys": keys})
    outcome = collect(market)
    assert charged(market) == times
    # A known key is answered from the books, at once: only what is decided anew may dawdle.
    assert (outcome == "payment_uncertain") is not keys


@pytest.mark.parametrize(
    ("late_s", "outcome"), [(4.0, "taken"), (6.0, "payment_uncertain"), (None, "payment_uncertain")]
)
def test_an_answer_that_is_late_is_none(open_market, late_s, outcome):
    """The patience is five seconds."""
    market = open_market(gateway={"uncertain_ratio": 1.0, "answer_late_s": late_s})
    seen = collect(market)
    assert (seen if isinstance(seen, str) else "taken") == outcome
    assert charged(market) == 1


@pytest.mark.parametrize(("fault", "found"), [("lose_answer", True), ("drop_request", False)])
def test_looking_at_the_providers_books_settles_it(open_market, fault, found):
    """Found: the money is ours, the operation committed. Not found: it failed, and may be asked again."""
    market = open_market()
    market.wire.faults = [fault]
    collect(market)
    settled = market.do(market.payments.settle, ORDER)
    assert (settled is not None) is found
    expected = (["captured"], ["committed"], ["captured"]) if found else (["pending"], ["provider_error"], [])
    assert states(market) == expected
    assert collect(market).amount == 1750
    assert charged(market) == 1


def test_settling_what_is_settled_changes_nothing(open_market):
    """The payment there is, without a look at the provider's books; nothing, for one that failed."""
    market = open_market()
    taken = collect(market)
    assert market.do(market.payments.settle, ORDER) == taken
    market = open_market(gateway={"decline_ratio": 1.0})
    collect(market)
    assert market.do(market.payments.settle, ORDER) is None
    assert market.wire.asked == 1


def test_an_order_that_owes_nothing_has_nothing_to_settle(open_market):
    """404."""
    market = open_market()
    with pytest.raises(DomainError) as refused:
        market.do(market.payments.settle, ORDER)
    assert refused.value.code == "payment_not_found"


def test_books_that_cannot_be_seen_settle_nothing(open_market):
    """Three looks, three refusals: it stays uncertain."""
    market = open_market()
    market.wire.faults = ["lose_answer", "refuse", "refuse", "refuse"]
    collect(market)
    with pytest.raises(DomainError) as refused:
        market.do(market.payments.settle, ORDER)
    assert refused.value.code == "payment_uncertain"
    assert states(market)[1] == ["reconciliation_required"]


def test_what_is_owed_no_more_is_not_collected(open_market):
    """A collection that somebody cancelled: the step from there to captured does not exist."""
    market = open_market(gateway={"decline_ratio": 1.0})
    collect(market)
    market.spoil_all(COLLECTIONS, status="cancelled")
    assert collect(market) == "invalid_transition"


def test_a_collection_that_says_it_is_captured_and_has_no_payment_is_told_of(open_market):
    """Written by hand: 404, and nothing is charged again."""
    market = open_market(gateway={"decline_ratio": 1.0})
    collect(market)
    market.spoil_all(COLLECTIONS, status="captured")
    assert collect(market) == "payment_not_found"
    assert market.do(market.payments.settle, ORDER) is None
