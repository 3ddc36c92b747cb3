"""Every state comes from a row and goes into one, and nothing is lost on the way that the row can hold."""

from dataclasses import replace
from typing import get_args

import pytest

from rustok_sim.core.content_states import nodes, topics
from rustok_sim.core.errors import DomainError
from rustok_sim.core.lifecycle import status_word
from rustok_sim.modules.commerce.catalogue import states as products
from rustok_sim.modules.commerce.catalogue import states_as_built as products_as_built
from rustok_sim.modules.commerce.orders import Header, Line, Parcel, Receipt, as_built, review, successor
from rustok_sim.modules.commerce.payments.states import collection, delivery, operation, payment, refund

LINE = Line(variant_id="v", product_id="p", title="Tea", quantity=2, unit_price=350)
HEADER = Header(id="1", tenant_id="t", customer_id=None, total=700, currency="EUR", placed_at_s=0.0, lines=(LINE,))
MOMENTS = ("confirmed_at", "paid_at", "shipped_at", "delivered_at", "cancelled_at", "published_at", "authorized_at")
MOMENTS += ("captured_at", "refunded_at", "updated_at", "created_at", "lease_until")
TEXTS = ("payment_id", "payment_method", "tracking_number", "carrier", "delivered_signature", "cancellation_reason")
TEXTS += ("provider_reference", "last_error")
ROW = {
    "id": "1",
    **{name: float(number) for number, name in enumerate(MOMENTS, start=1)},
    **{name: name.upper() for name in TEXTS},
    **dict.fromkeys(("attempts", "amount", "reply_count"), 7),
    "is_pinned": True,
}
UNIONS = {
    review: review.Order,
    as_built: as_built.Order,
    products: products.Product,
    products_as_built: products_as_built.Product,
    nodes: nodes.Node,
    collection: collection.Collection,
    payment: payment.Payment,
    refund: refund.Refund,
    operation: operation.Operation,
    delivery: delivery.Delivery,
}
STATES = [
    pytest.param(module, state, id=f"{module.__name__.split('commerce.')[-1]}-{state.__name__}")
    for module, union in UNIONS.items()
    for state in get_args(union)
    if state.__name__ != "Deleted"
]
STORED = [state for state in STATES if hasattr(state.values[0], "columns_of")]
TOPICS = {
    "Open": ("open", False),
    "Locked": ("open", True),
    "Closed": ("closed", False),
    "Archived": ("archived", False),
}


def restored(module, row):
    """The value; an order needs to be told what was ordered."""
    return module.restore(row, HEADER) if hasattr(module, "take") else module.restore(row)


@pytest.mark.parametrize(("module", "state"), STATES)
def test_each_state_has_a_word_and_comes_back_from_it(module, state):
    """The class's name in small letters and underscores; a deleted product has no row."""
    assert type(restored(module, ROW | {"status": status_word(state.__name__)})) is state


@pytest.mark.parametrize(("module", "state"), STORED)
def test_what_a_state_knows_is_what_its_row_says(module, state):
    """Into a row and back again is the same value; each column it decides is null or was there before."""
    row = ROW | {"status": status_word(state.__name__)}
    value = restored(module, row)
    columns = module.columns_of(value)
    assert restored(module, row | columns) == value
    assert all(columns[name] in (None, row[name]) for name in columns)


def test_a_delivered_order_of_the_review_knows_all_of_its_past():
    """By hand from the row above: submitted, paid, sent and delivered, in that order."""
    order = restored(review, ROW | {"status": "delivered"})
    assert order.submitted_at_s == 1.0
    assert order.receipt == Receipt(payment_id="PAYMENT_ID", method="PAYMENT_METHOD", at_s=2.0)
    assert order.parcel == Parcel(tracking_number="TRACKING_NUMBER", carrier="CARRIER", at_s=3.0)
    assert (order.delivered_at_s, order.signature) == (4.0, "DELIVERED_SIGNATURE")


@pytest.mark.parametrize("begin", [review.Draft.place, successor.Order.create], ids=["review", "successor"])
def test_an_order_costs_what_its_lines_cost(begin):
    """700 for two at 350; RusToK's own takes any total, one below zero too."""
    with pytest.raises(DomainError, match="the total is not that of its lines"):
        begin(replace(HEADER, total=701))
    assert as_built.Pending.new(replace(HEADER, total=-1)).header.total == -1


def test_an_order_that_was_cancelled_as_a_draft_was_never_submitted():
    """No moment of submitting in the row, none in the value."""
    draft = review.Draft.place(HEADER)
    assert draft.cancel(reason="", at_s=5.0).submitted_at_s is None
    row = ROW | review.columns_of(draft.cancel(reason="no", at_s=5.0))
    assert restored(review, row) == draft.cancel(reason="no", at_s=5.0)


@pytest.mark.parametrize("status", successor.STATUSES)
def test_an_order_of_the_successor_is_its_row(status):
    """One class for all: into a row and back is the same value, whatever the status."""
    order = restored(successor, ROW | {"status": status})
    assert order.status == status
    assert restored(successor, ROW | successor.columns_of(order)) == order


@pytest.mark.parametrize(("state", "words"), TOPICS.items(), ids=TOPICS)
def test_a_topic_is_kept_in_the_words_that_rustok_uses(state, words):
    """A status and a lock side by side; the lock of a topic that is not open means nothing."""
    status, locked = words
    topic = topics.restore(ROW | {"forum_status": status, "is_locked": locked})
    assert type(topic).__name__ == state
    assert topics.columns_of(topic) == {
        "forum_status": status,
        "is_locked": locked,
        "is_pinned": True,
        "reply_count": 7,
    }


def test_a_topic_counts_replies_and_keeps_its_pin():
    """Two replies, pinned, locked and unlocked, closed and opened again; archived, it is pinned no more."""
    topic = topics.Open.start("1").reply().pin().reply().lock().unpin().pin().unlock().close().reopen()
    assert (topic.reply_count, topic.pinned) == (2, True)
    assert topic.unpin().pinned is False
    assert (topic.close().archive().reply_count, topic.lock().close().archive().pinned) == (2, False)


def test_a_product_remembers_when_it_was_last_for_sale():
    """Published at 3, taken down, archived, restored: still 3, until it is published anew."""
    draft = products.Active.create("1", at_s=1.0).unpublish().publish(at_s=3.0).unpublish()
    assert draft.archive().restore().published_at_s == 3.0
    assert draft.publish(at_s=9.0).archive().published_at_s == 9.0
    assert products.Draft.create("1").archive().delete() == products.Draft.create("1").delete()


def test_as_built_a_product_may_be_for_sale_and_never_have_been_published():
    """The status given with an update is written and nothing else; an archived product is published directly (D28)."""
    product = products_as_built.create("1", publish=False, at_s=1.0).update("active")
    assert (type(product).__name__, product.published_at_s) == ("Active", None)
    assert products_as_built.create("1", publish=True, at_s=1.0).published_at_s == 1.0
    archived = products_as_built.Archived(id="1", published_at_s=1.0)
    assert archived.publish(at_s=2.0).unpublish().published_at_s == 2.0
    assert archived.delete() == products_as_built.Draft(id="1").delete()


def test_a_node_comes_out_of_the_archive_as_if_it_were_new():
    """RusToK resets the moment of creation; updates keep the state."""
    draft = nodes.Draft.create("1", at_s=1.0).update(at_s=2.0)
    assert (draft.created_at_s, draft.updated_at_s) == (1.0, 2.0)
    archived = draft.publish(at_s=3.0).update(at_s=4.0).archive(reason="old", at_s=5.0)
    assert (archived.reason, archived.archived_at_s) == ("old", 5.0)
    assert archived.restore(at_s=6.0) == nodes.Draft.create("1", at_s=6.0)


def test_what_is_let_go_before_it_is_taken_was_never_taken():
    """A collection from pending and from authorized, a payment from authorized: each keeps when."""
    assert collection.Pending.open("1").cancel(at_s=2.0).cancelled_at_s == 2.0
    assert collection.Pending.open("1").authorize(at_s=1.0).cancel(at_s=3.0).cancelled_at_s == 3.0
    assert payment.Authorized.take_note("1", reference="ch_1", amount=5).cancel(at_s=4.0).cancelled_at_s == 4.0


def test_as_built_a_refund_is_a_word():
    """RusToK's paid order is cancelled with a refund id that nobody keeps and a flag that says refunded."""
    paid = as_built.Pending.new(HEADER).confirm(at_s=1.0).pay(Receipt(payment_id="pay_1", method="", at_s=2.0))
    cancelled = paid.cancel_with_refund(reason="", refund_id="", at_s=3.0)
    assert cancelled.refunded is True
    assert not hasattr(cancelled, "receipt")
    assert "refund" not in "".join(as_built.columns_of(cancelled))
