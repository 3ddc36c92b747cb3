"""A shop that sells: orders over its stock, and a payment provider at the end of a wire."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from rustok_sim.adapters.gateway import GatewayClient, GatewayServer
from rustok_sim.core.data import Update, same
from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.core.errors import ConnectionLost, ConnectionRefused, ServerFault
from rustok_sim.core.events import SYS_EVENTS
from rustok_sim.modules.commerce.checkout import Checkout, CheckoutSettings
from rustok_sim.modules.commerce.orders import ORDER_TABLES, ORDERS, Line, OrderService, OrderSettings
from rustok_sim.modules.commerce.payments import (
    PAYMENT_TABLES,
    GatewaySettings,
    InboxSettings,
    PaymentService,
    RefundService,
    WebhookInbox,
)
from rustok_sim.modules.commerce.seed import product_id, variant_id

MODES = ("refuse", "drop_request", "lose_answer", "fail", "silence")


class Wire:
    """The way to the provider: half of *latency_s* there, half back, and what is told to go wrong, once for each."""

    def __init__(self, runtime: ManualRuntime, latency_s: float) -> None:
        self.runtime = runtime
        self.latency_s = latency_s
        self.faults: list[str] = []
        self.then: Callable[[], None] = lambda: None
        self.asked = 0

    def _next(self, *modes: str) -> str | None:
        return self.faults.pop(0) if self.faults and self.faults[0] in modes else None

    def connect(self, call):
        """Open a session."""
        yield from self.runtime.sleep(2 * self.latency_s)
        if self._next("refuse"):
            raise ConnectionRefused("nobody listens")
        return 1

    def ask(self, call, session, work, command=""):
        """Half-way the server works; what goes wrong after that does not undo it."""
        fault = self._next(*MODES)
        yield from self.runtime.sleep(self.latency_s / 2)
        if fault == "drop_request":
            raise ConnectionLost("broken on the way there")
        self.asked += 1
        answer = yield from work()
        self.then()
        if fault == "silence":
            yield from self.runtime.signal().wait()
        yield from self.runtime.sleep(self.latency_s / 2)
        if fault == "lose_answer":
            raise ConnectionLost("broken on the way back")
        if fault == "fail":
            raise ServerFault("an error in place of an answer")
        return answer

    def exchange(self, call, session, effect, command=""):
        """Nobody asks for it here."""
        raise NotImplementedError


class Market:
    """A shop, its orders, its payments and its provider."""

    def __init__(self, shop: Any, *, orders: Any, gateway: Any, inbox: Any, checkout: Any, latency_s: float) -> None:
        self.shop = shop
        self.runtime = shop.runtime
        self.provider = GatewayServer(gateway)
        self.wire = Wire(shop.runtime, latency_s)
        self.accepting, self.declining = replace(gateway, decline_ratio=0.0), replace(gateway, decline_ratio=1.0)
        client = GatewayClient(shop.runtime, self.wire, self.provider, gateway)
        self.orders = OrderService(shop.shared, orders, shop.keeper)
        self.payments = PaymentService(shop.shared, gateway, client)
        self.refunds = RefundService(shop.shared, gateway, client)
        self.inbox = WebhookInbox(shop.shared, inbox)
        self.checkout = Checkout(self.orders, self.payments, self.refunds, checkout).checkout
        self.settle = Checkout(self.orders, self.payments, self.refunds, checkout).settle
        self.do, self.start, self.outcomes = shop.do, shop.start, shop.outcomes

    def line(self, quantity: int = 1, *, unit_price: int = 500, variant: int = 0, tenant: str | None = None) -> Line:
        """So many units of one of the shop's variants."""
        owner = tenant or self.shop.context().tenant_id
        return Line(
            variant_id=variant_id(owner, variant),
            product_id=product_id(owner, variant),
            title="Tea",
            quantity=quantity,
            unit_price=unit_price,
        )

    def place(self, *lines: Line, currency: str = "EUR", **named: Any) -> str:
        """Place an order of these lines, or of one unit; its id."""
        return self.do(self.orders.place, lines or [self.line()], currency=currency, **named).id

    def place_all(self, lines: list[dict[str, int]], currency: str) -> Any:
        """Place an order of lines of these units and prices; what the service says."""
        return self.do(self.orders.place, [self.line(**line) for line in lines], currency=currency)

    def cost(self, action: str, order_id: str) -> dict[str, int]:
        """The round trips of one step."""
        return self.shop.cost(getattr(self.orders, action), order_id, **ARGUMENTS.get(action, {}))

    def step(self, order_id: str, *actions: str) -> Any:
        """Take these steps one after the other; the order as it is then."""
        for action in actions:
            self.do(getattr(self.orders, action), order_id, **ARGUMENTS.get(action, {}))
        return self.row(order_id)

    def race(self, order_id: str, *actions: str) -> list[Any]:
        """Start these steps at once, each with a read of its own; what became of each."""
        tasks = [self.start(getattr(self.orders, action), order_id, **ARGUMENTS.get(action, {})) for action in actions]
        return [one if isinstance(one, str) else one.status for one in self.outcomes(tasks)]

    def row(self, order_id: str) -> Any:
        """The order's row."""
        return next(row for row in self.shop.rows(ORDERS) if row["id"] == order_id)

    def spoil(self, order_id: str, **columns: Any) -> None:
        """Write into the order's row by hand."""
        context = self.shop.context()
        statement = Update(ORDERS, columns, same(id=order_id))
        drive(self.shop.shared.store.run(context.call, context.tenant_id, statement))

    def spoil_all(self, table: Any, **columns: Any) -> None:
        """Write into every row of the tenant by hand."""
        context = self.shop.context()
        drive(self.shop.shared.store.run(context.call, context.tenant_id, Update(table, columns)))

    def told(self, order_id: str) -> list[tuple[str, str]]:
        """The changes of status that the outbox tells of, by version of the order."""
        payloads = [
            json.loads(row["payload"])
            for row in sorted(self.rows(SYS_EVENTS), key=lambda row: row["created_at"])
            if row["event_type"] == "order.status_changed"
        ]
        return [(one["event"]["data"]["old_status"], one["event"]["data"]["new_status"]) for one in payloads]

    def rows(self, table: Any) -> list[Any]:
        """What is committed."""
        return self.shop.rows(table)

    def stock(self, variant: int = 0) -> tuple[int, int]:
        """Units of a variant in the house, and how many of them are put by."""
        row = self.shop.variant(self.line(variant=variant).variant_id)
        return row["inventory_quantity"], row["reserved_quantity"]

    def changed(self) -> list[tuple[str | None, str, float]]:
        """The steps that were recorded: from, to, version."""
        return [(one.site, one.outcome, one.value) for one in self.shop.of("order.changed")]


ARGUMENTS: dict[str, dict[str, Any]] = {
    "pay": {"payment_id": "pay_1", "method": "card"},
    "ship": {"tracking_number": "1Z999", "carrier": "UPS"},
    "deliver": {"signature": "A. Buyer"},
    "cancel": {"reason": "changed my mind"},
}


REPAIRED: dict[str, dict[str, Any]] = {
    "orders": {"lifecycle": "review", "guard": "both", "stock": "reserved", "events": "outbox"},
    "gateway": {"idempotency_keys": True, "journal": "operations"},
    "inbox": {},
    "checkout": {"money_too_late": "refund"},
}


@pytest.fixture
def open_market(open_shop: Callable[..., Any]) -> Callable[..., Market]:
    """Opens a market, repaired but for the settings given; a conditional update keeps its 100 units of each stock."""

    def opened(*, units: int = 100, products: int = 1, wire_s: float = 0.0, stock: Any = None, **named: Any) -> Market:
        settings = {
            name: kind(**{**REPAIRED[name], **named.pop(name, {})})
            for name, kind in (
                ("orders", OrderSettings),
                ("gateway", GatewaySettings),
                ("inbox", InboxSettings),
                ("checkout", CheckoutSettings),
            )
        }
        stock = {"design": "conditional_update", "reserve": "recorded"} if stock is None else stock
        shop = open_shop(more_tables=[*ORDER_TABLES, *PAYMENT_TABLES], stock=stock, **named)
        shop.seed(products=products, stock=units)
        return Market(shop, latency_s=wire_s, **settings)

    return opened


@pytest.fixture(params=["review", "as_built", "successor"])
def lifecycle(request: pytest.FixtureRequest) -> str:
    """Each lifecycle of orders in turn."""
    return request.param
