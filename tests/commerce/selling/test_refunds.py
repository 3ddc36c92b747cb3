"""Sending money back: never more than was taken, once for each key, and counted while nobody knows."""

import pytest

from rustok_sim.core.errors import DomainError
from rustok_sim.modules.commerce.payments import Debt
from rustok_sim.modules.commerce.payments.tables import OPERATIONS, PAYMENTS, REFUNDS

ORDER = "0" * 36
OTHER = "1" * 36


@pytest.fixture
def paid(open_market):
    """A market in which an order of 10.00 was paid for."""

    def opened(**named):
        market = open_market(**named)
        market.do(market.payments.collect, Debt(order_id=ORDER, amount=1000, currency="EUR", method="card"))
        return market

    return opened


def refund(market, amount, key="k1", order_id=ORDER):
    """One refund: how much went back, or the code of the refusal."""
    try:
        return market.do(market.refunds.refund, order_id, amount=amount, key=key).amount
    except DomainError as error:
        return error.code


def sent_back(market):
    """What the provider has sent back, by the log."""
    return sum(one.value for one in market.shop.of("payment.refunded"))


def test_money_goes_back_and_is_written_down(paid):
    """Refund refunded, its operation committed beside that of the charge."""
    market = paid()
    assert refund(market, 400) == 400
    assert [row["status"] for row in market.rows(REFUNDS)] == ["refunded"]
    assert [row["status"] for row in market.rows(OPERATIONS)] == ["committed", "committed"]
    assert sent_back(market) == 400


def test_never_more_goes_back_than_was_taken(paid):
    """400 and 600 of 1,000 are all of it; one cent more is refused before the provider is asked."""
    market = paid()
    assert [refund(market, 400, "k1"), refund(market, 600, "k2"), refund(market, 1, "k3")] == [
        400,
        600,
        "refund_too_large",
    ]
    assert (sent_back(market), market.wire.asked) == (1000, 3)


@pytest.mark.parametrize("backend", ["memory", pytest.param("postgresql", marks=pytest.mark.server)])
def test_two_refunds_at_once_are_counted_one_after_the_other(paid, backend):
    """Both want 600 of 1,000: under the lock of the collection the second one sees the first; without it both would
    be promised, and only the provider would stand in the way.
    """
    market = paid(latency_s=0.001, backend=backend)
    tasks = [market.start(market.refunds.refund, ORDER, amount=600, key=key) for key in ("k1", "k2")]
    outcomes = [one if isinstance(one, str) else one.amount for one in market.outcomes(tasks)]
    assert outcomes == [600, "refund_too_large"]
    assert [row["status"] for row in market.rows(REFUNDS)] == ["refunded"]


def test_a_key_names_one_refund(paid):
    """The same again gives the same and sends nothing; another amount, or another order, is refused: 409."""
    market = paid()
    market.do(market.payments.collect, Debt(order_id=OTHER, amount=1000, currency="EUR", method="card"))
    assert [refund(market, 400), refund(market, 400), refund(market, 300), refund(market, 400, order_id=OTHER)] == [
        400,
        400,
        "key_reused",
        "key_reused",
    ]
    assert sent_back(market) == 400


def test_a_refund_that_the_provider_declines_counts_against_nothing(paid):
    """The provider's books say that it is all gone: cancelled, and the whole amount is left by ours."""
    market = paid()
    [charge] = market.provider.ledger.entries
    market.provider.ledger._taken[charge.reference] = 0
    assert refund(market, 400) == "payment_declined"
    assert refund(market, 400) == "payment_declined"
    assert [row["status"] for row in market.rows(REFUNDS)] == ["cancelled"]
    market.provider.ledger._taken[charge.reference] = 1000
    assert refund(market, 1000, "k2") == 1000


def test_a_provider_that_cannot_be_reached_sends_nothing_back(paid):
    """Cancelled; another key may try again."""
    market = paid()
    market.wire.faults = ["refuse"]
    assert [refund(market, 400), refund(market, 1000, "k2")] == ["gateway_unavailable", 1000]


def test_what_may_have_gone_back_counts_until_somebody_knows(paid):
    """No answer: it stays promised, so of 1,000 only 600 are left; and the same key is not asked again."""
    market = paid()
    market.wire.faults = ["lose_answer"]
    assert refund(market, 400) == "payment_uncertain"
    assert [row["status"] for row in market.rows(REFUNDS)] == ["pending"]
    assert [refund(market, 400), refund(market, 601, "k2"), refund(market, 600, "k3")] == [
        "payment_in_progress",
        "refund_too_large",
        600,
    ]
    assert sent_back(market) == 1000


@pytest.mark.parametrize(("keys", "times"), [(True, 1), (False, 2)])
def test_a_refund_that_is_retried_is_sent_once_with_a_key(paid, keys, times):
    """Without one the provider sends it back twice, as long as there is something left."""
    market = paid(gateway={"on_uncertain": "retry", "idempotency_keys": keys})
    market.wire.faults = ["lose_answer"]
    assert refund(market, 400) == 400
    assert sent_back(market) == 400 * times


def test_a_refund_whose_answer_was_lost_is_found_in_the_providers_books(paid):
    """By its key."""
    market = paid(gateway={"on_uncertain": "query"})
    market.wire.faults = ["lose_answer"]
    assert refund(market, 400) == 400
    assert sent_back(market) == 400


@pytest.mark.parametrize(("amount", "key"), [(0, "k"), (-1, "k"), (1, " ")])
def test_a_refund_has_an_amount_and_a_key(paid, amount, key):
    """400."""
    assert refund(paid(), amount, key) == "validation"


def test_what_was_never_taken_does_not_go_back(paid):
    """Nothing for this order: 404. Authorized and let go: no step refund."""
    market = paid()
    assert refund(market, 1, order_id=OTHER) == "payment_not_found"
    market.spoil_all(PAYMENTS, status="cancelled")
    assert refund(market, 1) == "invalid_transition"
