"""Steps that no state has, and states made by hand: mypy and pyright must refuse each marked line. Never executed."""

from dataclasses import replace

from rustok_sim.core.content_states import nodes, topics
from rustok_sim.modules.commerce.catalogue import states as products
from rustok_sim.modules.commerce.catalogue import states_as_built as products_as_built
from rustok_sim.modules.commerce.orders import Header, Parcel, Receipt, as_built, review, successor
from rustok_sim.modules.commerce.payments.states import collection, delivery, operation, payment, refund


def order(
    draft: review.Draft, pending: review.PendingPayment, paid: review.Paid, shipped: review.Shipped, receipt: Receipt
) -> None:
    """What the review asks for: each wrong step is an error of the type checker."""
    draft.pay(receipt)  # E: attr-defined
    draft.ship(Parcel(tracking_number="1", carrier="UPS", at_s=0.0))  # E: attr-defined
    pending.submit(at_s=0.0)  # E: attr-defined
    pending.ship(Parcel(tracking_number="1", carrier="UPS", at_s=0.0))  # E: attr-defined
    paid.pay(receipt)  # E: attr-defined
    paid.cancel(reason="", at_s=0.0)  # E: attr-defined
    shipped.cancel(reason="", at_s=0.0)  # E: attr-defined
    shipped.deliver(at_s=0.0).deliver(at_s=0.0)  # E: attr-defined
    draft.cancel(reason="", at_s=0.0).submit(at_s=0.0)  # E: attr-defined
    draft.submit(at_s=0.0).pay(receipt).cancel(reason="", at_s=0.0)  # E: attr-defined


def order_of_any_state(order: review.Order, draft: review.Draft, paid: review.Paid, header: Header) -> review.Paid:
    """A step of one state is no step of the union; what a state does not know cannot be asked of it."""
    order.submit(at_s=0.0)  # E: union-attr
    draft.receipt  # E: attr-defined
    paid.parcel  # E: attr-defined
    paid.receipt.payment_id = "another"  # E: misc
    review.Paid(header=header, submitted_at_s=0.0, receipt=paid.receipt)  # E: call-arg
    review.Draft(header=header)  # E: call-arg
    return draft.submit(at_s=0.0)  # E: return-value


def order_as_built(pending: as_built.Pending, paid: as_built.Paid, shipped: as_built.Shipped, receipt: Receipt) -> None:
    """RusToK's own machine refuses these; that it forgets, and what it lets by, no type says."""
    pending.pay(receipt)  # E: attr-defined
    paid.cancel(reason="", at_s=0.0)  # E: attr-defined
    shipped.receipt  # E: attr-defined
    shipped.cancel(reason="", at_s=0.0)  # E: attr-defined


def order_of_the_successor(order: successor.Order, receipt: Receipt) -> None:
    """A status in words: every step of every order is in order for the checker, but for its name and its arguments."""
    order.pay(receipt)
    order.cancel(reason="", at_s=0.0).pay(receipt).deliver(at_s=0.0)
    replace(order, status="delivered")
    successor.Order(header=order.header, status="posted")  # E: arg-type
    order.submit(at_s=0.0)  # E: attr-defined


def product(draft: products.Draft, active: products.Active, archived: products.Archived) -> None:
    """What is for sale is not deleted; what is archived goes through draft. As built, only the first holds."""
    active.delete()  # E: attr-defined
    active.publish(at_s=0.0)  # E: attr-defined
    archived.publish(at_s=0.0)  # E: attr-defined
    draft.unpublish()  # E: attr-defined
    draft.delete().publish(at_s=0.0)  # E: attr-defined
    products_as_built.Active(id="1").delete()  # E: attr-defined
    products_as_built.Archived(id="1").publish(at_s=0.0)
    products_as_built.Draft(id="1").update("gone")  # E: arg-type


def content(draft: nodes.Draft, published: nodes.Published, archived: nodes.Archived, closed: topics.Closed) -> None:
    """No way back from published but through the archive, none from draft into it; no reply to a closed topic."""
    draft.archive(reason="", at_s=0.0)  # E: attr-defined
    published.publish(at_s=0.0)  # E: attr-defined
    published.restore(at_s=0.0)  # E: attr-defined
    archived.publish(at_s=0.0)  # E: attr-defined
    closed.reply()  # E: attr-defined
    closed.archive().reopen()  # E: attr-defined
    topics.Open.start("1").lock().reply()  # E: attr-defined


def money(owed: collection.Pending, taken: payment.Captured, back: refund.Refunded) -> None:
    """Nothing is captured that is not authorized, and nothing ends twice."""
    owed.capture(at_s=0.0)  # E: attr-defined
    owed.authorize(at_s=0.0).capture(at_s=0.0).cancel(at_s=0.0)  # E: attr-defined
    taken.cancel(at_s=0.0)  # E: attr-defined
    back.cancel(at_s=0.0)  # E: attr-defined


def asked(executing: operation.Executing, letter: delivery.Received) -> None:
    """What nobody knows is not asked again; what is given up is not claimed."""
    executing.execute()  # E: attr-defined
    executing.lose().execute()  # E: attr-defined
    executing.succeed("ch_1").fail("no")  # E: attr-defined
    letter.finish()  # E: attr-defined
    letter.claim(until_s=1.0).bury("no").claim(until_s=2.0)  # E: attr-defined
