"""Whose orders a customer may touch: all of them as built, where nobody asks, and else their own."""

from dataclasses import replace

import pytest

from rustok_sim.core.auth import Actor, Role, Scope
from rustok_sim.core.drive import drive
from rustok_sim.core.errors import DomainError
from rustok_sim.core.ids import named_id

ANN, BOB = named_id("user", "ann"), named_id("user", "bob")
NAMING = {
    "submit": {},
    "pay": {"payment_id": "pay_1", "method": "card"},
    "cancel": {},
    "amount": {},
    "look": {},
    "load": {},
}
"""What names an order and is asked by customers, or on their way."""


def answer(market, asked, order_id, *, user=BOB, scope=Scope.OWN):
    """What a customer is told: ok, or the code of an error."""
    context = replace(market.shop.context(), actor=Actor(Role.CUSTOMER, user), scope=scope)
    try:
        drive(getattr(market.orders, asked)(context, order_id, **NAMING[asked]))
    except DomainError as error:
        return f"{error.status} {error.code}"
    return "ok"


@pytest.mark.parametrize("asked", NAMING)
@pytest.mark.parametrize(
    ("user", "scope", "told"),
    [
        (ANN, Scope.OWN, "ok"),
        (BOB, Scope.OWN, "403 not_the_buyer"),
        (None, Scope.OWN, "403 not_the_buyer"),
        (BOB, Scope.ALL, "ok"),
    ],
    ids=["buyer", "stranger", "nobody", "as_built"],
)
def test_scope_of_one_s_own_ends_at_the_orders_of_others(open_market, asked, user, scope, told):
    """Nothing is read, taken or written for a stranger, unless access asks nobody."""
    market = open_market(orders={"guard": "none", "stock": "ignored"})
    order_id = market.place(customer_id=ANN)
    before = market.row(order_id)
    assert answer(market, asked, order_id, user=user, scope=scope) == told
    assert told == "ok" or market.row(order_id) == before


def test_an_order_without_a_buyer_is_nobody_s_own(open_market):
    """Not even a guest's, whose name is as empty."""
    market = open_market()
    order_id = market.place(customer_id=None)
    assert answer(market, "look", order_id, user=None) == "403 not_the_buyer"
    assert answer(market, "look", order_id, user=None, scope=Scope.ALL) == "ok"


@pytest.mark.parametrize(("scope", "customer"), [(Scope.OWN, BOB), (Scope.ALL, ANN)])
def test_who_may_buy_for_themselves_buys_for_nobody_else(open_market, scope, customer):
    """The order is the caller's, whomever the request names; as built it is whoever is named."""
    market = open_market()
    context = replace(market.shop.context(), actor=Actor(Role.CUSTOMER, BOB), scope=scope)
    placed = drive(market.orders.place(context, [market.line()], currency="EUR", customer_id=ANN))
    assert market.row(placed.id)["customer_id"] == customer


def test_a_checkout_is_the_buyer_s_own_to_its_end(open_market):
    """Place, submit, the money and its note on the order: none of them is refused to who has placed the order."""
    market = open_market()
    context = replace(market.shop.context(), actor=Actor(Role.CUSTOMER, BOB), scope=Scope.OWN)
    bought = drive(market.checkout(context, [market.line()], currency="EUR", method="card"))
    assert (bought.status, market.row(bought.id)["customer_id"]) == ("paid", BOB)
