"""An order's life as RusToK's typed machine has it, with its weaknesses.

Pending, confirmed, paid, shipped, delivered; cancelled from the first three. Nothing of this is stored, published or
called by RusToK itself (D37). Each step forgets what the state before it knew; confirming takes it for granted that
stock was put by; a blank payment id passes; cancelling a paid order claims a refund that nobody makes; and any state
can be made by hand, for all fields are open (D36).
"""

from dataclasses import dataclass
from typing import TypeAlias, assert_never

from rustok_sim.core.data import Row
from rustok_sim.core.lifecycle import InvalidTransition, UnknownStatus
from rustok_sim.modules.commerce.orders.commands import Cancel, Command, Deliver, Pay, Ship, Submit
from rustok_sim.modules.commerce.orders.errors import InvalidTrackingNumber, PaymentFailed
from rustok_sim.modules.commerce.orders.records import Header, Parcel, Receipt
from rustok_sim.modules.commerce.orders.rows import (
    columns,
    moment_of,
    parcel_columns,
    parcel_of,
    receipt_columns,
    receipt_of,
    words_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    header: Header


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending(_Order):
    """Made, and nothing else. Any total will do, a negative one too."""

    @classmethod
    def new(cls, header: Header) -> "Pending":
        """A new order; nothing is checked."""
        return cls(header=header)

    def confirm(self, *, at_s: float) -> "Confirmed":
        """Take it that stock is put by; the flag is a constant, so ``InsufficientInventory`` never comes."""
        return Confirmed(header=self.header, confirmed_at_s=at_s, inventory_reserved=True)

    def cancel(self, *, reason: str, at_s: float) -> "Cancelled":
        """Cancel, with any reason or none."""
        return Cancelled(header=self.header, cancelled_at_s=at_s, reason=reason, refunded=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed(_Order):
    """Said to have stock put by."""

    confirmed_at_s: float
    inventory_reserved: bool = True

    def pay(self, receipt: Receipt) -> "Paid":
        """Take note of a payment. Raises ``PaymentFailed`` for an empty id; a blank one passes, as does any method."""
        if not receipt.payment_id:
            raise PaymentFailed("the payment has no id")
        return Paid(header=self.header, receipt=receipt)

    def cancel(self, *, reason: str, at_s: float) -> "Cancelled":
        """Cancel; that stock should be released is a comment in RusToK."""
        return Cancelled(header=self.header, cancelled_at_s=at_s, reason=reason, refunded=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid(_Order):
    """Paid for; when it was confirmed is forgotten."""

    receipt: Receipt

    def ship(self, parcel: Parcel) -> "Shipped":
        """Send it. Raises ``InvalidTrackingNumber`` for an empty number; any carrier will do."""
        if not parcel.tracking_number:
            raise InvalidTrackingNumber("the parcel has no tracking number")
        return Shipped(header=self.header, parcel=parcel)

    def cancel_with_refund(self, *, reason: str, refund_id: str, at_s: float) -> "Cancelled":
        """Set a flag that says refunded. No money moves, *refund_id* is dropped, and so is the payment's id."""
        del refund_id
        return Cancelled(header=self.header, cancelled_at_s=at_s, reason=reason, refunded=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped(_Order):
    """On its way; what paid for it is forgotten."""

    parcel: Parcel

    def deliver(self, *, at_s: float, signature: str | None = None) -> "Delivered":
        """Hand it over."""
        return Delivered(header=self.header, delivered_at_s=at_s, signature=signature)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered(_Order):
    """The end; how it came is forgotten."""

    delivered_at_s: float
    signature: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled(_Order):
    """The end; from where is forgotten."""

    cancelled_at_s: float
    reason: str
    refunded: bool


Order: TypeAlias = Pending | Confirmed | Paid | Shipped | Delivered | Cancelled
"""An order in any of its states."""


def take(order: Order, command: Command) -> Order:
    """Take the step that a request asks for. Raises ``InvalidTransition`` for one that the state does not have."""
    match order, command:
        case Pending(), Submit():
            return order.confirm(at_s=command.at_s)
        case Pending() | Confirmed(), Cancel():
            return order.cancel(reason=command.reason, at_s=command.at_s)
        case Confirmed(), Pay():
            return order.pay(command.receipt)
        case Paid(), Ship():
            return order.ship(command.parcel)
        case Paid(), Cancel():
            return order.cancel_with_refund(reason=command.reason, refund_id="", at_s=command.at_s)
        case Shipped(), Deliver():
            return order.deliver(at_s=command.at_s, signature=command.signature)
    raise InvalidTransition(status_of(order), command.action)


def status_of(order: Order) -> str:
    """The word for the state in the column ``status``."""
    return type(order).__name__.lower()


def columns_of(order: Order) -> Row:
    """The columns of its row that the state decides: what it has forgotten is null again."""
    match order:
        case Pending():
            return columns("pending")
        case Confirmed():
            return columns("confirmed", confirmed_at=order.confirmed_at_s)
        case Paid():
            return columns("paid", **receipt_columns(order.receipt))
        case Shipped():
            return columns("shipped", **parcel_columns(order.parcel))
        case Delivered():
            return columns("delivered", delivered_at=order.delivered_at_s, delivered_signature=order.signature)
        case Cancelled():
            return columns("cancelled", cancelled_at=order.cancelled_at_s, cancellation_reason=order.reason)
    assert_never(order)


def restore(row: Row, header: Header) -> Order:
    """The order that a row tells of; RusToK never wrote this. Raises ``UnknownStatus``.

    Whether a cancelled order was "refunded" is not kept in any column.
    """
    match row["status"]:
        case "pending":
            return Pending(header=header)
        case "confirmed":
            return Confirmed(header=header, confirmed_at_s=moment_of(row, "confirmed_at"))
        case "paid":
            return Paid(header=header, receipt=receipt_of(row))
        case "shipped":
            return Shipped(header=header, parcel=parcel_of(row))
        case "delivered":
            signature = words_of(row, "delivered_signature") or None
            return Delivered(header=header, delivered_at_s=moment_of(row, "delivered_at"), signature=signature)
        case "cancelled":
            reason = words_of(row, "cancellation_reason")
            cancelled_at_s = moment_of(row, "cancelled_at")
            return Cancelled(header=header, cancelled_at_s=cancelled_at_s, reason=reason, refunded=False)
    raise UnknownStatus(f"order {header.id}: {row['status']}")
