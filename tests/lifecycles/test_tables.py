"""The tables read off the types are those of the platform's code and of the review, typed here by hand."""

from typing import get_args

import pytest

from rustok_sim.core.content_states import nodes, topics
from rustok_sim.core.lifecycle import lifecycle_of
from rustok_sim.modules.commerce.catalogue import states as products
from rustok_sim.modules.commerce.catalogue import states_as_built as products_as_built
from rustok_sim.modules.commerce.orders import AS_BUILT, REVIEW, SUCCESSOR, as_built, review
from rustok_sim.modules.commerce.payments.states import collection, delivery, operation, payment, refund

ORDER_REVIEW = """
    - place Draft
    Draft submit PendingPayment
    Draft cancel Cancelled
    PendingPayment pay Paid
    PendingPayment cancel Cancelled
    Paid ship Shipped
    Shipped deliver Delivered
"""
ORDER_AS_BUILT = """
    - new Pending
    Pending confirm Confirmed
    Pending cancel Cancelled
    Confirmed pay Paid
    Confirmed cancel Cancelled
    Paid ship Shipped
    Paid cancel_with_refund Cancelled
    Shipped deliver Delivered
"""
ORDER_SUCCESSOR = """
    - create pending
    pending submit confirmed
    pending cancel cancelled
    confirmed pay paid
    confirmed cancel cancelled
    paid ship shipped
    paid cancel cancelled
    shipped deliver delivered
    shipped cancel cancelled
"""
PRODUCT = """
    - create Draft
    - create Active
    Draft publish Active
    Draft archive Archived
    Draft delete Deleted
    Active unpublish Draft
    Active archive Archived
    Archived restore Draft
    Archived delete Deleted
"""
PRODUCT_AS_BUILT = """
    - create Draft
    - create Active
    Draft delete Deleted
    Archived delete Deleted
    Draft publish Active
    Active publish Active
    Archived publish Active
    Draft unpublish Draft
    Active unpublish Draft
    Archived unpublish Draft
    Draft update Draft
    Draft update Active
    Draft update Archived
    Active update Draft
    Active update Active
    Active update Archived
    Archived update Draft
    Archived update Active
    Archived update Archived
"""
NODE = """
    - create Draft
    Draft update Draft
    Draft publish Published
    Published update Published
    Published archive Archived
    Archived restore Draft
"""
TOPIC = """
    - start Open
    Open reply Open
    Open pin Open
    Open unpin Open
    Open lock Locked
    Open close Closed
    Locked unlock Open
    Locked pin Locked
    Locked unpin Locked
    Locked close Closed
    Closed reopen Open
    Closed archive Archived
"""
COLLECTION = """
    - open Pending
    Pending authorize Authorized
    Pending cancel Cancelled
    Authorized capture Captured
    Authorized cancel Cancelled
"""
PAYMENT = """
    - take_note Authorized
    Authorized capture Captured
    Authorized cancel Cancelled
"""
REFUND = """
    - promise Pending
    Pending complete Refunded
    Pending cancel Cancelled
"""
OPERATION = """
    - plan Pending
    Pending execute Executing
    Executing succeed ProviderSucceeded
    Executing fail ProviderError
    Executing lose ReconciliationRequired
    ProviderSucceeded commit Committed
    ProviderError execute Executing
    ReconciliationRequired find ProviderSucceeded
    ReconciliationRequired miss ProviderError
"""
DELIVERY = """
    - receive Received
    Received claim Processing
    Processing reclaim Processing
    Processing finish Processed
    Processing fail Failed
    Processing bury DeadLetter
    Failed claim Processing
"""
UNIONS = {
    "Order, as the review advises it": (review.Order, ORDER_REVIEW),
    "Order, as built": (as_built.Order, ORDER_AS_BUILT),
    "Product": (products.Product, PRODUCT),
    "Product, as built": (products_as_built.Product, PRODUCT_AS_BUILT),
    "Node": (nodes.Node, NODE),
    "Topic": (topics.Topic, TOPIC),
    "Collection": (collection.Collection, COLLECTION),
    "Payment": (payment.Payment, PAYMENT),
    "Refund": (refund.Refund, REFUND),
    "Operation": (operation.Operation, OPERATION),
    "Delivery": (delivery.Delivery, DELIVERY),
}
MAKERS = {"Product, as built": [products_as_built.create]}
each_union = pytest.mark.parametrize("name", UNIONS)


def typed_by_hand(table: str) -> list[tuple[str | None, ...]]:
    """From, step, to; a dash is the beginning."""
    lines = [tuple(None if word == "-" else word for word in line.split()) for line in table.strip().split("\n")]
    return sorted(lines, key=str)


@each_union
def test_the_types_say_what_the_table_says(name):
    """Orders as built, products, nodes and payments: RusToK's and its successor's tables; the others: the review's."""
    union, table = UNIONS[name]
    lifecycle = lifecycle_of(name, union, *MAKERS.get(name, []))
    assert sorted(lifecycle.transitions, key=str) == typed_by_hand(table)


def test_the_successor_looks_up_what_its_table_says():
    """It has no types to read a table off: its status is a word."""
    assert sorted(SUCCESSOR.transitions, key=str) == typed_by_hand(ORDER_SUCCESSOR)


@pytest.mark.parametrize(
    ("lifecycle", "first"),
    [(REVIEW, "Draft"), (AS_BUILT, "Pending"), (SUCCESSOR, "pending")],
    ids=lambda one: str(one)[:20],
)
def test_an_order_begins_in_one_state_and_ends_delivered_or_cancelled(lifecycle, first):
    """RusToK, its successor and the review agree on the ends."""
    assert lifecycle.first == (first,)
    assert [state.lower() for state in lifecycle.final] == ["delivered", "cancelled"]


@each_union
def test_a_step_that_is_not_in_the_table_does_not_exist(name):
    """Neither ``hasattr`` nor completion finds one: what a state offers is its row of the table."""
    union, table = UNIONS[name]
    lines = typed_by_hand(table)
    makers = {action for source, action, _ in lines if source is None}
    for state in get_args(union):
        offered = {each for each in dir(state) if not each.startswith("_") and callable(getattr(state, each))}
        assert offered - makers == {action for source, action, _ in lines if source == state.__name__}


def test_a_draft_has_no_pay_and_a_paid_order_no_cancel():
    """The review's own two examples."""
    assert not hasattr(review.Draft, "pay")
    assert not hasattr(review.Paid, "cancel")
    assert hasattr(as_built.Paid, "cancel_with_refund")


@pytest.mark.parametrize("what", ["Draft", list[int], str | list[int]])
def test_what_is_no_union_of_classes_has_no_lifecycle(what):
    """A name of a class and a list of a class are none."""
    with pytest.raises(ValueError, match="a lifecycle is a union of classes"):
        lifecycle_of("nothing", what)
