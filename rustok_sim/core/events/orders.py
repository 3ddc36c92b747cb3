"""What happens to orders. RusToK defines and checks these events and raises none of them."""

from typing import Annotated, ClassVar

from rustok_sim.core.events.event import Event
from rustok_sim.core.events.rules import Amount, Compared, Currency, Id, MaxBytes, OptionalId, Status, Text
from rustok_sim.core.values import value


@value(frozen=True, slots=True)
class OrderPlaced(Event):
    """Someone ordered; *total* is in minor units."""

    type: ClassVar[str] = "order.placed"
    order_id: Id
    customer_id: OptionalId
    total: Amount
    currency: Currency


@value(frozen=True, slots=True)
class OrderStatusChanged(Event):
    """An order went from one state to another one."""

    type: ClassVar[str] = "order.status_changed"
    order_id: Id
    old_status: Status
    new_status: Annotated[str, Text(50), Compared("differs", "old_status")]


@value(frozen=True, slots=True)
class OrderCompleted(Event):
    """An order reached its customer."""

    type: ClassVar[str] = "order.completed"
    order_id: Id


@value(frozen=True, slots=True)
class OrderCancelled(Event):
    """An order will not be carried out; the reason may be blank."""

    type: ClassVar[str] = "order.cancelled"
    order_id: Id
    reason: Annotated[str | None, MaxBytes(500)] = None
