"""How hard Python makes it to fake a state, and how far that goes."""

import copy
from dataclasses import FrozenInstanceError, replace

import pytest

from rustok_sim.core.content_states import nodes, topics
from rustok_sim.core.lifecycle import InvalidTransition, Seal, UnknownStatus
from rustok_sim.modules.commerce.catalogue import states as products
from rustok_sim.modules.commerce.catalogue import states_as_built as products_as_built
from rustok_sim.modules.commerce.orders import Header, Line, Receipt, as_built, review, successor
from rustok_sim.modules.commerce.orders.rows import columns
from rustok_sim.modules.commerce.payments.states import collection, delivery, operation, payment, refund

LINE = Line(variant_id="v", product_id="p", title="Tea", quantity=2, unit_price=350)
HEADER = Header(id="o", tenant_id="t", customer_id=None, total=700, currency="EUR", placed_at_s=0.0, lines=(LINE,))
LIFECYCLES = [review, as_built, successor, products, products_as_built, nodes, topics]
LIFECYCLES += [collection, payment, refund, operation, delivery]
RECEIPT = Receipt(payment_id="pay_1", method="card", at_s=2.0)


def paid() -> review.Paid:
    """An order that was paid for."""
    return review.Draft.place(HEADER).submit(at_s=1.0).pay(RECEIPT)


def test_a_paid_order_is_not_made_by_hand():
    """The constructor wants the seal, and another seal is none."""
    values = {"header": HEADER, "submitted_at_s": 1.0, "receipt": RECEIPT}
    with pytest.raises(TypeError, match="seal"):
        review.Paid(**values)
    with pytest.raises(TypeError, match="order: a state is made by a step or restored from a row, not by hand"):
        review.Paid(**values, seal=Seal("order"))


def test_a_state_is_not_changed_and_not_replaced():
    """Frozen, and ``replace`` would have to break the seal."""
    with pytest.raises(FrozenInstanceError):
        paid().submitted_at_s = 3.0
    with pytest.raises((TypeError, ValueError), match="seal"):
        replace(paid(), submitted_at_s=3.0)


def test_what_python_cannot_forbid():
    """An honest list: a value can be copied, take two steps, and be written into behind its class's back."""
    order = paid()
    pending = review.Draft.place(HEADER).submit(at_s=1.0)
    assert copy.copy(order) == order
    assert isinstance(pending.pay(RECEIPT), review.Paid)
    assert isinstance(pending.cancel(reason="", at_s=3.0), review.Cancelled)
    object.__setattr__(order, "submitted_at_s", 9.0)
    assert order.submitted_at_s == 9.0


def test_as_built_any_state_can_be_made_by_hand():
    """RusToK's fields are public and its states can be deserialised (D36): a paid order out of nothing."""
    assert as_built.Paid(header=HEADER, receipt=RECEIPT).receipt.payment_id == "pay_1"


@pytest.mark.parametrize("module", LIFECYCLES, ids=lambda module: module.__name__.split("commerce.")[-1])
def test_a_row_of_a_state_that_is_none_is_refused(module):
    """The run-time tag can say anything; every lifecycle says so."""
    row = {**columns("lost"), "id": "1", "forum_status": "lost", "is_pinned": False, "is_locked": False}
    row |= dict.fromkeys(("reply_count", "attempts", "amount"), 1)
    row |= dict.fromkeys(("published_at", "updated_at", "authorized_at", "captured_at"), 0.0)
    row |= dict.fromkeys(("provider_reference", "last_error"), "")
    with pytest.raises(UnknownStatus, match="lost"):
        module.restore(row, *([HEADER] if module in (review, as_built, successor) else []))


def test_an_unknown_step_names_state_and_step():
    """A client gets a code, a person the two words."""
    error = InvalidTransition("paid", "cancel")
    assert (str(error), error.code, error.status) == ("paid: no step cancel", "invalid_transition", 400)
