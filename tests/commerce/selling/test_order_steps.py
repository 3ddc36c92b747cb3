"""Orders in rows, one request at a time: what each step writes, publishes, records and costs."""

import pytest

from rustok_sim.core.errors import DomainError
from rustok_sim.modules.commerce.orders import ORDER_LINES, Line

FIRST = {
    "review": ("draft", "pending_payment"),
    "as_built": ("pending", "confirmed"),
    "successor": ("pending", "confirmed"),
}


def test_an_order_goes_from_its_first_state_to_its_customer(open_market, lifecycle):
    """The states in order by each lifecycle's table; the version counts the five writes."""
    market = open_market(orders={"lifecycle": lifecycle})
    order_id = market.place(market.line(2))
    first, second = FIRST[lifecycle]
    assert market.row(order_id)["status"] == first
    assert [market.step(order_id, action)["status"] for action in ("submit", "pay", "ship", "deliver")] == [
        second,
        "paid",
        "shipped",
        "delivered",
    ]
    assert market.changed() == [
        (None, first, 1),
        (first, second, 2),
        (second, "paid", 3),
        ("paid", "shipped", 4),
        ("shipped", "delivered", 5),
    ]


def test_the_rows_hold_what_was_ordered(open_market, acme):
    """2 × 5.00 and 1 × 7.50 are 17.50; the lines keep their places."""
    market = open_market(products=2)
    order_id = market.place(market.line(2), market.line(1, unit_price=750, variant=1), customer_id="c" * 36)
    row = market.row(order_id)
    assert (row["total_amount"], row["currency"], row["customer_id"], row["version"]) == (1750, "EUR", "c" * 36, 1)
    lines = [
        (row["position"], row["quantity"], row["unit_price"], row["tenant_id"]) for row in market.rows(ORDER_LINES)
    ]
    assert lines == [(0, 2, 500, acme), (1, 1, 750, acme)]


@pytest.mark.parametrize(
    ("lifecycle", "kept"),
    [
        ("review", {"confirmed_at", "payment_id", "tracking_number"}),
        ("as_built", set()),
        ("successor", {"confirmed_at", "payment_id", "tracking_number"}),
    ],
)
def test_a_delivered_order_knows_its_past_unless_it_lives_as_built(open_market, lifecycle, kept):
    """RusToK's machine drops each state's data at the next step: a delivered order no longer knows who paid for it."""
    market = open_market(orders={"lifecycle": lifecycle})
    row = market.step(market.place(), "submit", "pay", "ship", "deliver")
    assert {name for name in ("confirmed_at", "payment_id", "tracking_number") if row[name] is not None} == kept
    assert (row["delivered_signature"], row["cancelled_at"]) == ("A. Buyer", None)


def test_events_go_into_the_outbox_with_the_step(open_market):
    """The successor's table of events: placed, a change each step, completed at the end; in the same transaction."""
    market = open_market()
    market.step(market.place(), "submit", "pay", "ship", "deliver")
    market.step(market.place(), "cancel")
    assert [one for one in market.shop.events() if one.startswith("order")] == [
        "order.cancelled",
        "order.completed",
        "order.placed",
        "order.placed",
        *["order.status_changed"] * 5,
    ]


def test_as_built_nobody_learns_of_an_order(open_market):
    """RusToK defines the order events and raises none of them (D37)."""
    market = open_market(orders={"events": "none"})
    market.step(market.place(), "submit", "pay")
    market.step(market.place(), "cancel")
    assert market.shop.events() == []


def test_stock_follows_the_order(open_market):
    """10 units: 3 put by on submitting, still in the house when paid, gone when shipped."""
    market = open_market(units=10)
    order_id = market.place(market.line(3))
    seen = [market.stock()]
    for action in ("submit", "pay", "ship", "deliver"):
        market.step(order_id, action)
        seen.append(market.stock())
    assert seen == [(10, 0), (10, 3), (10, 3), (7, 0), (7, 0)]


@pytest.mark.parametrize("before", [(), ("submit",)])
def test_cancelling_gives_back_what_was_put_by(open_market, before):
    """A draft has put nothing by, a submitted order three units: after either cancel all ten are free."""
    market = open_market(units=10)
    order_id = market.place(market.line(3))
    market.step(order_id, *before, "cancel")
    assert market.stock() == (10, 0)


def test_two_lines_of_one_variant_are_put_by_together(open_market):
    """Reservations are kept by order and variant: 2 and 3 units are one of 5."""
    market = open_market(units=10)
    order_id = market.place(market.line(2), market.line(3))
    market.step(order_id, "submit")
    assert market.stock() == (10, 5)
    market.step(order_id, "cancel")
    assert market.stock() == (10, 0)


def test_an_order_whose_stock_is_not_there_stays_where_it_was(open_market):
    """The refusal rolls the step back: no state changed, nothing put by of the variant that was there."""
    market = open_market(units=4, products=2)
    order_id = market.place(market.line(2), market.line(5, variant=1))
    with pytest.raises(DomainError) as refused:
        market.step(order_id, "submit")
    assert refused.value.code == "insufficient_inventory"
    assert (market.row(order_id)["status"], market.stock(0), market.stock(1)) == ("draft", (4, 0), (4, 0))


def test_as_built_confirming_takes_stock_for_granted(open_market):
    """RusToK sets a flag that is always true: five of four units are confirmed, paid and shipped."""
    market = open_market(units=4, orders={"lifecycle": "as_built", "stock": "ignored"})
    order_id = market.place(market.line(5))
    assert market.step(order_id, "submit", "pay", "ship")["status"] == "shipped"
    assert market.stock() == (4, 0)


def test_paying_records_a_sale_for_each_line(open_market):
    """Two lines, two records, units as values; no other step sells anything."""
    market = open_market(products=2)
    order_id = market.place(market.line(2), market.line(1, variant=1))
    market.step(order_id, "submit", "pay", "ship")
    sold = [(one.site, one.value) for one in market.shop.of("stock.sold")]
    assert sold == [(market.line().variant_id, 2), (market.line(variant=1).variant_id, 1)]


@pytest.mark.parametrize(
    ("lines", "currency"),
    [
        ([], "EUR"),
        ([{"quantity": 0}], "EUR"),
        ([{"unit_price": -1}], "EUR"),
        ([{}], "eur"),
        ([{"unit_price": 2**62, "quantity": 4}], "EUR"),
    ],
    ids=["no lines", "no units", "below zero", "no currency", "too much"],
)
@pytest.mark.parametrize("lifecycle", ["review", "successor"])
def test_lines_that_make_no_order_are_refused(open_market, lifecycle, lines, currency):
    """The successor's guard on creating: lines, units, prices, a currency of three capitals, 64 bits."""
    market = open_market(orders={"lifecycle": lifecycle})
    with pytest.raises(DomainError) as refused:
        market.place_all([{"quantity": 1, "unit_price": 500} | line for line in lines], currency)
    assert refused.value.code == "validation"


def test_as_built_an_order_may_be_of_nothing(open_market):
    """RusToK's order has no lines and any total: nobody checks."""
    market = open_market(orders={"lifecycle": "as_built"})
    placed = market.place_all([], "EUR")
    assert (placed.status, placed.total) == ("pending", 0)


@pytest.mark.parametrize(
    ("lifecycle", "action", "argument", "code"),
    [
        ("review", "pay", {"payment_id": " ", "method": "card"}, "payment_failed"),
        ("review", "pay", {"payment_id": "pay_1", "method": ""}, "payment_failed"),
        ("successor", "pay", {"payment_id": " ", "method": "card"}, "payment_failed"),
        ("as_built", "pay", {"payment_id": "", "method": "card"}, "payment_failed"),
        ("as_built", "pay", {"payment_id": " ", "method": ""}, "paid"),
        ("review", "ship", {"tracking_number": "1Z", "carrier": " "}, "invalid_tracking_number"),
        ("successor", "ship", {"tracking_number": " ", "carrier": "UPS"}, "invalid_tracking_number"),
        ("as_built", "ship", {"tracking_number": "", "carrier": "UPS"}, "invalid_tracking_number"),
        ("as_built", "ship", {"tracking_number": " ", "carrier": ""}, "shipped"),
    ],
)
def test_what_a_step_asks_of_its_data(open_market, lifecycle, action, argument, code):
    """As built an empty text is refused and a blank one passes, and method and carrier are never looked at."""
    market = open_market(orders={"lifecycle": lifecycle})
    order_id = market.place()
    market.step(order_id, *(["submit"] if action == "pay" else ["submit", "pay"]))
    task = market.start(getattr(market.orders, action), order_id, **argument)
    [outcome] = market.outcomes([task])
    assert (outcome if isinstance(outcome, str) else outcome.status) == code


def test_an_order_of_another_tenant_is_none(open_market, zen):
    """The scope lies on every statement: there is no such order, to read or to change."""
    market = open_market()
    order_id = market.place()
    tasks = [
        market.start(one, order_id, tenant=zen)
        for one in (market.orders.submit, market.orders.load, market.orders.look, market.orders.amount)
    ]
    assert market.outcomes(tasks) == ["order_not_found"] * 4
    assert market.row(order_id)["status"] == "draft"


def test_a_loaded_order_is_a_value_of_its_lifecycle(open_market, lifecycle):
    """Lines and all: what was placed is what is loaded."""
    market = open_market(orders={"lifecycle": lifecycle})
    order_id = market.place(market.line(2))
    order = market.do(market.orders.load, order_id)
    assert (order.header.id, order.header.lines, order.header.total) == (order_id, (market.line(2),), 1000)
    market.step(order_id, "submit", "pay")
    assert market.do(market.orders.load, order_id).receipt.payment_id == "pay_1"
    assert market.do(market.orders.look, order_id) == ("paid", "pay_1")
    assert market.do(market.orders.amount, order_id) == (1000, "EUR")


@pytest.mark.parametrize(
    ("before", "action", "trips"),
    [
        ((), "submit", {"transaction": 2, "reads": 2, "writes": 1, "outbox": 1}),
        (("submit",), "pay", {"transaction": 2, "reads": 2, "writes": 1, "outbox": 1}),
        (("submit", "pay", "ship"), "deliver", {"transaction": 2, "reads": 2, "writes": 1, "outbox": 2}),
        ((), "cancel", {"transaction": 2, "reads": 2, "writes": 1, "outbox": 2}),
    ],
)
def test_a_step_costs_what_its_pattern_says(open_market, before, action, trips):
    """Begin, the order, its lines, one write, one row for each event, commit; stock left aside."""
    market = open_market(orders={"stock": "ignored"})
    order_id = market.place()
    market.step(order_id, *before)
    assert market.cost(action, order_id) == trips


def test_placing_costs_a_write_for_the_order_and_one_for_each_line(open_market):
    """Two lines: begin, three writes, one event, commit."""
    market = open_market(products=2)
    trips = market.shop.cost(market.orders.place, [market.line(), market.line(variant=1)], currency="EUR")
    assert trips == {"transaction": 2, "reads": 0, "writes": 3, "outbox": 1}


def test_a_line_costs_units_times_price():
    """3 × 2.50."""
    line = Line(variant_id="v", product_id="p", title="Tea", quantity=3, unit_price=250)
    assert line.total == 750
