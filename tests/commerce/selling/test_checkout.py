"""The whole flow of one buyer, and what becomes of it half-way."""

import pytest

from rustok_sim.modules.commerce.orders import ORDERS
from rustok_sim.modules.commerce.payments.tables import COLLECTIONS, PAYMENTS, REFUNDS

MS = 0.001
BACKENDS = ["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.server)]


def buy(market, units=2, **named):
    """Buy so many units at 5.00; the order, or the code of the refusal."""
    lines = [market.line(units)]
    [outcome] = market.outcomes([market.start(market.checkout, lines, currency="EUR", method="card", **named)])
    return outcome


def the_order(market):
    """The one order there is."""
    [row] = market.rows(ORDERS)
    return row


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("lifecycle", ["review", "as_built", "successor"])
def test_from_a_product_to_a_paid_order(open_market, backend, lifecycle):
    """The review's own flow on every database: a published product with 10 units, an order of 2, 10.00 taken, paid."""
    market = open_market(units=10, backend=backend, orders={"lifecycle": lifecycle})
    order = buy(market)
    assert (order.status, order.version, order.total, order.currency) == ("paid", 3, 1000, "EUR")
    [payment] = market.rows(PAYMENTS)
    assert (the_order(market)["status"], the_order(market)["payment_id"]) == ("paid", payment["id"])
    assert (payment["amount"], market.stock()) == (1000, (10, 2))
    assert [one.request.amount for one in market.provider.ledger.charged(order.id)] == [1000]
    assert [(one.site, one.value) for one in market.shop.of("stock.sold")] == [(market.line().variant_id, 2)]
    first, second = ("draft", "pending_payment") if lifecycle == "review" else ("pending", "confirmed")
    assert market.changed() == [(None, first, 1), (first, second, 2), (second, "paid", 3)]


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_paid_order_reaches_its_customer_on_every_database(open_market, backend):
    """Shipped and delivered; two units have left the house."""
    market = open_market(units=10, backend=backend)
    order = buy(market)
    assert market.step(order.id, "ship", "deliver")["status"] == "delivered"
    assert market.stock() == (8, 0)


def test_what_a_checkout_costs(open_market):
    """By hand: place 2+2+1, submit 2+2+1+1 and a reservation's two writes, the payment 4+5, paying 2+2+1+1."""
    market = open_market()
    trips = market.shop.cost(market.checkout, [market.line()], currency="EUR", method="card")
    assert trips == {"transaction": 10, "reads": 4, "writes": 11, "outbox": 3}
    assert market.wire.asked == 1


@pytest.mark.parametrize(("trouble", "code"), [("decline", "payment_declined"), ("refuse", "gateway_unavailable")])
def test_an_order_that_cannot_be_paid_for_is_cancelled(open_market, trouble, code):
    """Its stock is free again, its reason is the refusal's code, and nothing was taken."""
    market = open_market(units=10, gateway={"decline_ratio": 1.0 if trouble == "decline" else 0.0})
    market.wire.faults = ["refuse"] if trouble == "refuse" else []
    assert buy(market) == code
    assert (the_order(market)["status"], the_order(market)["cancellation_reason"]) == ("cancelled", code)
    assert market.stock() == (10, 0)
    assert market.shop.of("payment.charged") == market.shop.of("stock.sold") == []


def test_an_order_without_stock_is_not_charged_for(open_market):
    """It stays as it was placed, and may be submitted when there is stock again."""
    market = open_market(units=1)
    assert buy(market) == "insufficient_inventory"
    assert (the_order(market)["status"], market.wire.asked) == ("draft", 0)


@pytest.mark.parametrize(
    ("policy", "keys", "outcome", "charges"),
    [
        ("fail", True, "payment_uncertain", 1),
        ("query", True, "paid", 1),
        ("query", False, "paid", 1),
        ("retry", True, "paid", 1),
        ("retry", False, "paid", 2),
    ],
)
def test_an_answer_that_was_lost(open_market, policy, keys, outcome, charges):
    """By the policy: the order waits with its stock put by, or is paid for, once or twice."""
    market = open_market(units=10, gateway={"on_uncertain": policy, "idempotency_keys": keys})
    market.wire.faults = ["lose_answer"]
    seen = buy(market)
    assert (seen if isinstance(seen, str) else seen.status) == outcome
    assert len(market.provider.ledger.charged(the_order(market)["id"])) == charges
    assert market.stock() == (10, 2)
    assert the_order(market)["status"] == ("pending_payment" if policy == "fail" else "paid")


def test_an_order_that_waits_is_settled_by_a_look_at_the_providers_books(open_market):
    """The charge is found, the order paid; a second look changes nothing."""
    market = open_market()
    market.wire.faults = ["lose_answer"]
    buy(market)
    order_id = the_order(market)["id"]
    assert market.do(market.settle, order_id).status == "paid"
    assert market.do(market.settle, order_id) is None
    assert len(market.provider.ledger.charged(order_id)) == 1


def test_an_order_whose_charge_never_arrived_waits_on(open_market):
    """The provider knows nothing: no money, no step; the customer may pay again."""
    market = open_market()
    market.wire.faults = ["drop_request"]
    buy(market)
    assert market.do(market.settle, the_order(market)["id"]) is None
    assert (the_order(market)["status"], market.rows(COLLECTIONS)[0]["status"]) == ("pending_payment", "pending")


@pytest.fixture
def cancelled_meanwhile(open_market):
    """A checkout whose order is cancelled by somebody else while the provider takes the money."""

    def opened(**named):
        market = open_market(units=10, wire_s=1.0, **named)
        task = market.start(market.checkout, [market.line(2)], currency="EUR", method="card")
        market.runtime.advance(2.2)
        market.step(the_order(market)["id"], "cancel")
        return market, market.outcomes([task])[0]

    return opened


def test_money_for_a_cancelled_order_goes_back(cancelled_meanwhile):
    """The order refuses its payment; captured and refunded are the same."""
    market, outcome = cancelled_meanwhile()
    assert outcome == "invalid_transition"
    assert (the_order(market)["status"], market.stock()) == ("cancelled", (10, 0))
    assert [row["amount"] for row in market.rows(REFUNDS)] == [1000]
    assert [one.value for one in market.shop.of("payment.refunded")] == [1000]


def test_money_for_a_cancelled_order_is_kept_as_built(cancelled_meanwhile):
    """RusToK has no refund: the shop has 10.00 for nothing."""
    market, outcome = cancelled_meanwhile(checkout={"money_too_late": "keep"})
    assert outcome == "invalid_transition"
    assert (market.rows(REFUNDS), len(market.shop.of("payment.charged"))) == ([], 1)


def test_a_refund_that_fails_does_not_hide_why_there_is_no_order(cancelled_meanwhile):
    """The client hears of the order; the refund stays in the books as one that was not made."""
    market, outcome = cancelled_meanwhile(gateway={"journal": "none"})
    assert outcome == "invalid_transition"
    assert market.rows(REFUNDS) == []


def test_an_order_that_refuses_for_another_reason_keeps_its_money(open_market):
    """A row that tells of no state: the money stays where it is, for a person to see."""
    market = open_market(wire_s=1.0)
    task = market.start(market.checkout, [market.line()], currency="EUR", method="card")
    market.runtime.advance(2.2)
    market.spoil(the_order(market)["id"], status="lost")
    assert market.outcomes([task]) == ["unknown_status"]
    assert (market.rows(REFUNDS), len(market.rows(PAYMENTS))) == ([], 1)


def test_a_stale_cancel_takes_the_order_and_leaves_the_money(open_market):
    """The successor, whole: paid by the provider, cancelled by a request that read *confirmed*, nothing refunded."""
    market = open_market(latency_s=MS, orders={"lifecycle": "successor"})
    market.place(market.line(2))
    order_id = the_order(market)["id"]
    market.step(order_id, "submit")
    outcomes = market.race(order_id, "pay", "cancel")
    assert outcomes == ["paid", "cancelled"]
    assert (the_order(market)["status"], the_order(market)["payment_id"]) == ("cancelled", "pay_1")
    assert market.rows(REFUNDS) == []


def test_two_buyers_of_the_last_units(open_market):
    """Two want two of three at once: one pays, the other is refused before any money moves."""
    market = open_market(units=3, latency_s=MS)
    tasks = [market.start(market.checkout, [market.line(2)], currency="EUR", method="card") for _ in range(2)]
    outcomes = [one if isinstance(one, str) else one.status for one in market.outcomes(tasks)]
    assert sorted(outcomes) == ["insufficient_inventory", "paid"]
    assert (market.stock(), len(market.provider.ledger.entries)) == ((3, 2), 1)


def test_declines_are_drawn_for_each_request(open_market):
    """Of 200 checkouts a quarter is declined, give or take four standard deviations of 6.1."""
    market = open_market(units=1_000, gateway={"decline_ratio": 0.25})
    declined = [buy(market, 1) for _ in range(200)].count("payment_declined")
    assert abs(declined - 50) < 25
