"""What a step does besides changing the order's row, in the same transaction: it moves stock and tells of it."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from rustok_sim.core.context import Context
from rustok_sim.core.data import Transaction
from rustok_sim.core.events import (
    Event,
    OrderCancelled,
    OrderCompleted,
    OrderPlaced,
    OrderStatusChanged,
    Publisher,
)
from rustok_sim.core.ports import Steps
from rustok_sim.modules.commerce.orders.commands import Cancel, Command, Deliver, Ship, Submit
from rustok_sim.modules.commerce.orders.records import Header, Line
from rustok_sim.modules.commerce.orders.settings import OrderSettings
from rustok_sim.modules.commerce.ports import StockKeeper

HOLDING: Final = ("pending_payment", "confirmed", "paid")
"""The states in which stock is put by for an order."""


class Stepped(NamedTuple):
    """An order after a step; as the step saw it, so ``old_status`` is that of a read without a lock."""

    id: str
    old_status: str | None
    status: str
    version: int
    total: int
    currency: str


class Effects:
    """As the settings ask: stock put by, given back or sent off; events in the outbox."""

    def __init__(self, publisher: Publisher, settings: OrderSettings, stock: StockKeeper) -> None:
        self._publisher = publisher
        self._silent = settings.events == "none"
        self._reserving = settings.stock == "reserved"
        self._stock = stock

    def of_placing(self, tx: Transaction, context: Context, header: Header) -> Steps[None]:
        """Tell that the order is there."""
        if not self._silent:
            event = OrderPlaced(header.id, header.customer_id, header.total, header.currency)
            yield from self._publisher.publish_in(tx, context, event)

    def of_step(
        self, tx: Transaction, context: Context, stepped: Stepped, lines: Sequence[Line], command: Command
    ) -> Steps[None]:
        """Move stock, in the order of the variants so that two orders never wait in a circle; then tell."""
        move = self._move(stepped, command)
        if self._reserving and move is not None:
            for (variant_id, product_id), quantity in sorted(_wanted(lines).items()):
                yield from move(
                    tx,
                    context,
                    variant_id=variant_id,
                    product_id=product_id,
                    quantity=quantity,
                    order_id=stepped.id,
                )
        if not self._silent:
            for event in _events(stepped, command):
                yield from self._publisher.publish_in(tx, context, event)

    def _move(self, stepped: Stepped, command: Command) -> Callable[..., Steps[None]] | None:
        if isinstance(command, Submit):
            return self._stock.reserve
        if isinstance(command, Ship):
            return self._stock.consume
        if isinstance(command, Cancel) and stepped.old_status in HOLDING:
            return self._stock.release
        return None


def _wanted(lines: Sequence[Line]) -> dict[tuple[str, str], int]:
    """Units by variant: two lines may name the same one."""
    units: dict[tuple[str, str], int] = {}
    for line in lines:
        wanted = line.variant_id, line.product_id
        units[wanted] = units.get(wanted, 0) + line.quantity
    return units


def _events(stepped: Stepped, command: Command) -> list[Event]:
    events: list[Event] = [OrderStatusChanged(stepped.id, stepped.old_status or "", stepped.status)]
    if isinstance(command, Deliver):
        events.append(OrderCompleted(stepped.id))
    elif isinstance(command, Cancel):
        events.append(OrderCancelled(stepped.id, command.reason))
    return events
