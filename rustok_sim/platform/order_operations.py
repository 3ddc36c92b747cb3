"""Operations on orders: which order a request is about, and what it does to it."""

from rustok_sim.core.ids import named_id
from rustok_sim.core.ports import Steps
from rustok_sim.modules.commerce.checkout import Checkout
from rustok_sim.modules.commerce.orders import OrderService
from rustok_sim.modules.commerce.orders.seed import buyer_id, order_id
from rustok_sim.modules.commerce.payments import PaymentService
from rustok_sim.platform.answers import Handler, Request
from rustok_sim.platform.commerce_operations import lines_of


class OrderOperations:
    """Orders by the number of the request: request n of any class is about order n of its tenant."""

    def __init__(self, orders: OrderService, payments: PaymentService, checkout: Checkout, *, price_minor: int) -> None:
        self._orders = orders
        self._payments = payments
        self._checkout = checkout
        self._price_minor = price_minor

    def handlers(self) -> dict[str, Handler]:
        """By operation."""
        orders = self._orders
        return {
            "order.place": self._place,
            "order.submit": lambda request: orders.submit(request.context, _order(request)),
            "checkout": self._buy,
            "order.pay": lambda request: self._checkout.pay(
                request.context, _order(request), method=request.ask.method
            ),
            "order.ship": self._ship,
            "order.deliver": lambda request: orders.deliver(request.context, _order(request), signature="at the door"),
            "order.cancel": lambda request: orders.cancel(request.context, _order(request), reason=request.ask.reason),
        }

    def _place(self, request: Request) -> Steps[object]:
        context, ask = request.context, request.ask
        return self._orders.place(
            context,
            lines_of(request, self._price_minor),
            currency=ask.currency,
            customer_id=buyer_id(context.tenant_id, ask.number),
            order_id=_order(request),
        )

    def _buy(self, request: Request) -> Steps[object]:
        context, ask = request.context, request.ask
        return self._checkout.checkout(
            context,
            lines_of(request, self._price_minor),
            currency=ask.currency,
            method=ask.method,
            customer_id=named_id("user", context.tenant_id, ask.user),
        )

    def _ship(self, request: Request) -> Steps[object]:
        tracking = f"{request.ask.carrier[:3].upper()}{request.ask.number:09d}"
        return self._orders.ship(
            request.context, _order(request), tracking_number=tracking, carrier=request.ask.carrier
        )


def _order(request: Request) -> str:
    return order_id(request.context.tenant_id, request.ask.number)
