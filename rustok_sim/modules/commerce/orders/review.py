"""An order's life as the review advises it: draft, pending payment, paid, shipped, delivered; cancelled before payment.

Each state is a type and carries what is known by then; nothing is forgotten on the way. A step that a state does not
have cannot be written down: ``Draft`` has no ``pay``, and from ``Paid`` on there is no ``cancel``. What the types do
not reach: an order comes from a row, and two requests may hold the same one (see the service's guards).
"""

from dataclasses import InitVar, dataclass
from typing import Final, TypeAlias, assert_never

from rustok_sim.core.data import Row
from rustok_sim.core.errors import Validation
from rustok_sim.core.lifecycle import InvalidTransition, Seal, UnknownStatus
from rustok_sim.modules.commerce.orders.commands import Cancel, Command, Deliver, Pay, Ship, Submit
from rustok_sim.modules.commerce.orders.records import Header, Parcel, Receipt, total_of
from rustok_sim.modules.commerce.orders.rows import (
    columns,
    moment_of,
    parcel_columns,
    parcel_of,
    receipt_columns,
    receipt_of,
    words_of,
)

_SEAL: Final = Seal("order")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    header: Header
    seal: InitVar[Seal]

    def __post_init__(self, seal: Seal) -> None:
        _SEAL.check(seal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(_Order):
    """What a customer has put together, and may drop. It holds its lines; no stock is put by."""

    @classmethod
    def place(cls, header: Header) -> "Draft":
        """A new order. Raises ``Validation`` for lines that make none, or another total than the header's."""
        if total_of(header.lines, header.currency) != header.total:
            raise Validation(f"order {header.id}: the total is not that of its lines")
        return cls(header=header, seal=_SEAL)

    def submit(self, *, at_s: float) -> "PendingPayment":
        """Mean it."""
        return PendingPayment(header=self.header, submitted_at_s=at_s, seal=_SEAL)

    def cancel(self, *, reason: str, at_s: float) -> "Cancelled":
        """Drop it."""
        return Cancelled(header=self.header, submitted_at_s=None, reason=reason, cancelled_at_s=at_s, seal=_SEAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Submitted(_Order):
    submitted_at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingPayment(_Submitted):
    """Submitted, and not paid for."""

    def pay(self, receipt: Receipt) -> "Paid":
        """Take note of the money. Raises ``PaymentFailed`` for a receipt that names no payment."""
        receipt.check()
        return Paid(header=self.header, submitted_at_s=self.submitted_at_s, receipt=receipt, seal=_SEAL)

    def cancel(self, *, reason: str, at_s: float) -> "Cancelled":
        """Give up waiting for the money."""
        submitted_at_s = self.submitted_at_s
        return Cancelled(
            header=self.header, submitted_at_s=submitted_at_s, reason=reason, cancelled_at_s=at_s, seal=_SEAL
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settled(_Submitted):
    receipt: Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid(_Settled):
    """Paid for. Who wants the money back asks for a refund, not for another past."""

    def ship(self, parcel: Parcel) -> "Shipped":
        """Send the goods. Raises ``InvalidTrackingNumber`` for a parcel that cannot be followed."""
        parcel.check()
        return Shipped(
            header=self.header, submitted_at_s=self.submitted_at_s, receipt=self.receipt, parcel=parcel, seal=_SEAL
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent(_Settled):
    parcel: Parcel


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped(_Sent):
    """On its way."""

    def deliver(self, *, at_s: float, signature: str | None = None) -> "Delivered":
        """Hand the goods over."""
        return Delivered(
            header=self.header,
            submitted_at_s=self.submitted_at_s,
            receipt=self.receipt,
            parcel=self.parcel,
            delivered_at_s=at_s,
            signature=signature,
            seal=_SEAL,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered(_Sent):
    """With the customer: the end."""

    delivered_at_s: float
    signature: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled(_Order):
    """Nothing came of it, and no money was taken: the end. ``submitted_at_s`` says whether it was ever meant."""

    submitted_at_s: float | None
    reason: str
    cancelled_at_s: float


Order: TypeAlias = Draft | PendingPayment | Paid | Shipped | Delivered | Cancelled
"""An order in any of its states."""


def take(order: Order, command: Command) -> Order:
    """Take the step that a request asks for. Raises ``InvalidTransition`` for one that the state does not have."""
    match order, command:
        case Draft(), Submit():
            return order.submit(at_s=command.at_s)
        case Draft() | PendingPayment(), Cancel():
            return order.cancel(reason=command.reason, at_s=command.at_s)
        case PendingPayment(), Pay():
            return order.pay(command.receipt)
        case Paid(), Ship():
            return order.ship(command.parcel)
        case Shipped(), Deliver():
            return order.deliver(at_s=command.at_s, signature=command.signature)
    raise InvalidTransition(status_of(order), command.action)


def status_of(order: Order) -> str:
    """The word for the state in the column ``status``."""
    match order:
        case Draft():
            return "draft"
        case PendingPayment():
            return "pending_payment"
        case Paid():
            return "paid"
        case Shipped():
            return "shipped"
        case Delivered():
            return "delivered"
        case Cancelled():
            return "cancelled"
    assert_never(order)


def columns_of(order: Order) -> Row:
    """The columns of its row that the state decides."""
    match order:
        case Draft():
            return columns("draft")
        case PendingPayment():
            return columns("pending_payment", confirmed_at=order.submitted_at_s)
        case Paid():
            return columns("paid", confirmed_at=order.submitted_at_s, **receipt_columns(order.receipt))
        case Shipped():
            return columns("shipped", **_sent(order))
        case Delivered():
            signature = order.signature
            return columns(
                "delivered", **_sent(order), delivered_at=order.delivered_at_s, delivered_signature=signature
            )
        case Cancelled():
            return columns(
                "cancelled",
                confirmed_at=order.submitted_at_s,
                cancelled_at=order.cancelled_at_s,
                cancellation_reason=order.reason,
            )
    assert_never(order)


def _sent(order: _Sent) -> Row:
    return {
        "confirmed_at": order.submitted_at_s,
        **receipt_columns(order.receipt),
        **parcel_columns(order.parcel),
    }


def restore(row: Row, header: Header) -> Order:
    """The order that a row tells of: the run-time tag that no type spares us. Raises ``UnknownStatus``."""
    submitted_at_s = moment_of(row, "confirmed_at")
    match row["status"]:
        case "draft":
            return Draft(header=header, seal=_SEAL)
        case "pending_payment":
            return PendingPayment(header=header, submitted_at_s=submitted_at_s, seal=_SEAL)
        case "paid":
            return Paid(header=header, submitted_at_s=submitted_at_s, receipt=receipt_of(row), seal=_SEAL)
        case "shipped":
            receipt, parcel = receipt_of(row), parcel_of(row)
            return Shipped(header=header, submitted_at_s=submitted_at_s, receipt=receipt, parcel=parcel, seal=_SEAL)
        case "delivered":
            return Delivered(
                header=header,
                submitted_at_s=submitted_at_s,
                receipt=receipt_of(row),
                parcel=parcel_of(row),
                delivered_at_s=moment_of(row, "delivered_at"),
                signature=words_of(row, "delivered_signature") or None,
                seal=_SEAL,
            )
        case "cancelled":
            return Cancelled(
                header=header,
                submitted_at_s=None if row["confirmed_at"] is None else submitted_at_s,
                reason=words_of(row, "cancellation_reason"),
                cancelled_at_s=moment_of(row, "cancelled_at"),
                seal=_SEAL,
            )
    raise UnknownStatus(f"order {header.id}: {row['status']}")
