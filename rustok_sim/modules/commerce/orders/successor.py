"""An order's life as RusToK's successor has it: one class, a status in words, and a table looked up at run time.

Every order has every method, so a type checker takes ``order.ship(...)`` of a pending order without a word; the
table refuses it when it runs. A paid or shipped order may be cancelled, and nothing here asks for a refund.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias, assert_never, get_args

from rustok_sim.core.data import Row
from rustok_sim.core.errors import Validation
from rustok_sim.core.lifecycle import InvalidTransition, UnknownStatus
from rustok_sim.modules.commerce.orders.commands import Action, Cancel, Command, Deliver, Pay, Ship, Submit
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

Status: TypeAlias = Literal["pending", "confirmed", "paid", "shipped", "delivered", "cancelled"]
STATUSES: Final[tuple[Status, ...]] = get_args(Status)
FIRST: Final[Status] = "pending"

TABLE: Final[Mapping[Status, Mapping[Action, Status]]] = {
    "pending": {"submit": "confirmed", "cancel": "cancelled"},
    "confirmed": {"pay": "paid", "cancel": "cancelled"},
    "paid": {"ship": "shipped", "cancel": "cancelled"},
    "shipped": {"deliver": "delivered", "cancel": "cancelled"},
    "delivered": {},
    "cancelled": {},
}
"""Which step leads where, by the status it is taken from. RusToK's word for *submit* is *confirm*."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order in the state that ``status`` says. What it knows is never forgotten."""

    header: Header
    status: Status
    confirmed_at_s: float | None = None
    receipt: Receipt | None = None
    parcel: Parcel | None = None
    delivered_at_s: float | None = None
    signature: str | None = None
    cancelled_at_s: float | None = None
    reason: str | None = None

    @classmethod
    def create(cls, header: Header) -> "Order":
        """A new order. Raises ``Validation`` for lines that make none, or another total than the header's."""
        if total_of(header.lines, header.currency) != header.total:
            raise Validation(f"order {header.id}: the total is not that of its lines")
        return cls(header=header, status=FIRST)

    def confirm(self, *, at_s: float) -> "Order":
        """Mean it. Raises ``InvalidTransition``, as all steps do."""
        return replace(self, status=self._after("submit"), confirmed_at_s=at_s)

    def pay(self, receipt: Receipt) -> "Order":
        """Take note of the money. Raises ``PaymentFailed`` for a receipt that names no payment."""
        status = self._after("pay")
        receipt.check()
        return replace(self, status=status, receipt=receipt)

    def ship(self, parcel: Parcel) -> "Order":
        """Send the goods. Raises ``InvalidTrackingNumber`` for a parcel that cannot be followed."""
        status = self._after("ship")
        parcel.check()
        return replace(self, status=status, parcel=parcel)

    def deliver(self, *, at_s: float, signature: str | None = None) -> "Order":
        """Hand the goods over."""
        return replace(self, status=self._after("deliver"), delivered_at_s=at_s, signature=signature)

    def cancel(self, *, reason: str, at_s: float) -> "Order":
        """Cancel; a payment or a parcel stays attached, and nobody is asked to bring it back."""
        return replace(self, status=self._after("cancel"), cancelled_at_s=at_s, reason=reason)

    def _after(self, action: Action) -> Status:
        status = TABLE[self.status].get(action)
        if status is None:
            raise InvalidTransition(self.status, action)
        return status


def take(order: Order, command: Command) -> Order:
    """Take the step that a request asks for. Raises ``InvalidTransition``."""
    match command:
        case Submit():
            return order.confirm(at_s=command.at_s)
        case Pay():
            return order.pay(command.receipt)
        case Ship():
            return order.ship(command.parcel)
        case Deliver():
            return order.deliver(at_s=command.at_s, signature=command.signature)
        case Cancel():
            return order.cancel(reason=command.reason, at_s=command.at_s)
    assert_never(command)


def status_of(order: Order) -> str:
    """The word for the state in the column ``status``."""
    return order.status


def columns_of(order: Order) -> Row:
    """The columns of its row that the state decides."""
    paid = {} if order.receipt is None else receipt_columns(order.receipt)
    sent = {} if order.parcel is None else parcel_columns(order.parcel)
    return columns(
        order.status,
        confirmed_at=order.confirmed_at_s,
        delivered_at=order.delivered_at_s,
        delivered_signature=order.signature,
        cancelled_at=order.cancelled_at_s,
        cancellation_reason=order.reason,
        **paid,
        **sent,
    )


def restore(row: Row, header: Header) -> Order:
    """The order that a row tells of. Raises ``UnknownStatus``."""
    if row["status"] not in STATUSES:
        raise UnknownStatus(f"order {header.id}: {row['status']}")
    return Order(
        header=header,
        status=row["status"],
        confirmed_at_s=_moment(row, "confirmed_at"),
        receipt=None if row["paid_at"] is None else receipt_of(row),
        parcel=None if row["shipped_at"] is None else parcel_of(row),
        delivered_at_s=_moment(row, "delivered_at"),
        signature=words_of(row, "delivered_signature") or None,
        cancelled_at_s=_moment(row, "cancelled_at"),
        reason=None if row["cancelled_at"] is None else words_of(row, "cancellation_reason"),
    )


def _moment(row: Row, name: str) -> float | None:
    return None if row[name] is None else moment_of(row, name)
