"""What mypy and pyright both infer for the public names: one line each. Never executed."""

from collections.abc import Callable, Generator
from typing import Literal, assert_type

from rustok_sim.core.context import Context
from rustok_sim.core.ports import Call, Runtime, Signal, Steps, Wire
from rustok_sim.core.resilience.settings import BreakerSettings
from rustok_sim.modules.commerce.catalogue import states_as_built as products_as_built
from rustok_sim.modules.commerce.orders import Header, Parcel, Receipt, Stepped, review
from rustok_sim.modules.commerce.orders.service import OrderService
from rustok_sim.modules.commerce.payments.states import collection
from rustok_sim.modules.tenants.settings import TenantCacheSettings

assert_type(TenantCacheSettings().design, Literal["none", "naive", "v1_as_wired", "moka", "moka_breaker"])
assert_type(TenantCacheSettings().capacity, int | None)
assert_type(TenantCacheSettings().breaker, BreakerSettings)
assert_type(BreakerSettings().window, Literal["count", "time"])
assert_type(BreakerSettings().slow_call_s, float | None)


def ports(runtime: Runtime, wire: Wire, call: Call, name: Callable[[], str], steps: Steps[bool]) -> Steps[None]:
    """A wait returns what it waited for."""
    assert_type(steps, Generator[object, None, bool])
    assert_type(runtime.now(), float)
    assert_type(runtime.signal(), Signal)
    assert_type((yield from runtime.within(1.0, steps)), bool)
    assert_type((yield from wire.connect(call)), int)
    assert_type((yield from wire.exchange(call, 1, name)), str)
    assert_type(call.attempt("db"), int)


def steps(header: Header, receipt: Receipt, parcel: Parcel) -> None:
    """Each step of an order's life has the type of the state it leads to."""
    draft = review.Draft.place(header)
    assert_type(draft, review.Draft)
    assert_type(draft.submit(at_s=0.0), review.PendingPayment)
    assert_type(draft.submit(at_s=0.0).pay(receipt), review.Paid)
    assert_type(draft.submit(at_s=0.0).pay(receipt).ship(parcel), review.Shipped)
    assert_type(draft.submit(at_s=0.0).pay(receipt).ship(parcel).deliver(at_s=0.0), review.Delivered)
    assert_type(draft.cancel(reason="", at_s=0.0), review.Cancelled)
    assert_type(collection.Pending.open("1").authorize(at_s=0.0).capture(at_s=0.0), collection.Captured)
    changed = products_as_built.Draft(id="1").update("active")
    assert_type(changed, products_as_built.Draft | products_as_built.Active | products_as_built.Archived)


def narrowed(order: review.Order) -> float | None:
    """After a ``match`` a state's own data and steps are there, and no others."""
    match order:
        case review.Paid():
            assert_type(order, review.Paid)
            return order.receipt.at_s
        case review.Cancelled():
            return order.cancelled_at_s
    assert_type(order, review.Draft | review.PendingPayment | review.Shipped | review.Delivered)
    return None


def orders(service: OrderService, context: Context) -> Steps[None]:
    """The service tells what became of the order."""
    assert_type((yield from service.submit(context, "1")), Stepped)
