"""The whole flow of one buyer: place, submit, pay."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from rustok_sim.core.context import Context
from rustok_sim.core.errors import DatabaseError, DomainError
from rustok_sim.core.marks import mark
from rustok_sim.core.ports import Steps
from rustok_sim.core.resilience.settings import STRICT
from rustok_sim.modules.commerce.orders import Line, OrderService, Stepped
from rustok_sim.modules.commerce.payments import (
    Debt,
    GatewayUnavailable,
    PaymentDeclined,
    PaymentService,
    RefundService,
    Taken,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutSettings:
    """What becomes of a checkout that goes wrong half-way."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    money_too_late: Literal["keep", "refund"] = "keep"
    """When the money comes and the order is cancelled. keep: nobody sends it back, as in RusToK."""


class Checkout:
    """Each step is a transaction of its own: what a crash between two of them leaves is left. No saga stands behind."""

    def __init__(
        self, orders: OrderService, payments: PaymentService, refunds: RefundService, settings: CheckoutSettings
    ) -> None:
        self._orders = orders
        self._payments = payments
        self._refunds = refunds
        self._refunding = settings.money_too_late == "refund"

    def checkout(
        self, context: Context, lines: Sequence[Line], *, currency: str, method: str, customer_id: str | None = None
    ) -> Steps[Stepped]:
        """Buy *lines*; the order, paid for.

        An order whose stock is not there stays as it was placed. One whose payment is declined, or for which the
        provider cannot be asked, is cancelled, and its stock released. One whose payment is uncertain waits for
        :meth:`settle`. Raises what each step refuses with.
        """
        placed = yield from self._orders.place(context, lines, currency=currency, customer_id=customer_id)
        yield from self._orders.submit(context, placed.id)
        debt = Debt(order_id=placed.id, amount=placed.total, currency=currency, method=method)
        try:
            taken = yield from self._payments.collect(context, debt)
        except (PaymentDeclined, GatewayUnavailable) as error:
            yield from self._orders.cancel(context, placed.id, reason=error.code)
            raise
        return (yield from self._hand_over(context, placed.id, taken))

    def pay(self, context: Context, order_id: str, *, method: str) -> Steps[Stepped]:
        """Pay an order that was handed in: read what it owes, take the money, and write down that it is paid.

        Money that comes too late goes back, if the settings say so. Raises what each step refuses with.
        """
        amount, currency = yield from self._orders.amount(context, order_id)
        debt = Debt(order_id=order_id, amount=amount, currency=currency, method=method)
        taken = yield from self._payments.collect(context, debt)
        if self._refunding:
            return (yield from self._hand_over(context, order_id, taken))
        return (yield from self._orders.pay(context, order_id, payment_id=taken.payment_id, method=taken.method))

    def settle(self, context: Context, order_id: str) -> Steps[Stepped | None]:
        """Find the money of an order that waits for it; nothing if none was taken, or if the order has it already.

        Raises ``PaymentUncertain`` when the provider's books cannot be seen, and what the order refuses with.
        """
        taken = yield from self._payments.settle(context, order_id)
        if taken is None or (yield from self._orders.look(context, order_id)).payment_id == taken.payment_id:
            return None
        return (yield from self._hand_over(context, order_id, taken))

    def _hand_over(self, context: Context, order_id: str, taken: Taken) -> Steps[Stepped]:
        """Tell the order of its money. Money for an order that is cancelled goes back, if the settings say so."""
        payment_id, method, amount = taken
        try:
            return (yield from self._orders.pay(context, order_id, payment_id=payment_id, method=method))
        except DomainError:
            now = yield from self._orders.look(context, order_id)
            if now.status == "cancelled" and self._refunding:
                mark("money came too late")
                yield from self._refund(context, order_id, amount)
            raise

    def _refund(self, context: Context, order_id: str, amount: int) -> Steps[None]:
        try:
            yield from self._refunds.refund(context, order_id, amount=amount, key=f"order:{order_id}:too_late")
        except DatabaseError:
            raise  # not even the books know that money is owed: whoever asked must not hear that all is well
        except DomainError:
            # A refund that is not made stays in the books as one; the client has to learn that there is no order.
            return
