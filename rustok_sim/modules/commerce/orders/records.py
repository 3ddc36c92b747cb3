"""What an order is made of, whichever lifecycle it has. Amounts are in minor units of its currency."""

import re
from collections.abc import Sequence
from typing import Final

from rustok_sim.core.errors import Validation
from rustok_sim.core.values import value
from rustok_sim.modules.commerce.orders.errors import InvalidTrackingNumber, PaymentFailed

TOTAL_MAX: Final = 9_223_372_036_854_775_807
"""92,233,720,368,547,758.07 in a currency of two decimals: what 64 bits hold."""
_CURRENCY: Final = re.compile(r"[A-Z]{3}")


@value(frozen=True, slots=True, kw_only=True)
class Line:
    """So many units of one variant, at the price they had when they were ordered."""

    variant_id: str
    product_id: str
    title: str
    quantity: int
    unit_price: int

    @property
    def total(self) -> int:
        """The price of all units."""
        return self.unit_price * self.quantity


@value(frozen=True, slots=True, kw_only=True)
class Header:
    """What never changes in an order's life: who ordered what."""

    id: str
    tenant_id: str
    customer_id: str | None
    total: int
    currency: str
    placed_at_s: float
    lines: tuple[Line, ...] = ()


@value(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A payment as an order remembers it."""

    payment_id: str
    method: str
    at_s: float

    def check(self) -> None:
        """Raises ``PaymentFailed`` for a blank id or a blank method."""
        if not self.payment_id.strip() or not self.method.strip():
            raise PaymentFailed("a payment has an id and a method")


@value(frozen=True, slots=True, kw_only=True)
class Parcel:
    """How the goods travel."""

    tracking_number: str
    carrier: str
    at_s: float

    def check(self) -> None:
        """Raises ``InvalidTrackingNumber`` for a blank number or a blank carrier."""
        if not self.tracking_number.strip() or not self.carrier.strip():
            raise InvalidTrackingNumber("a parcel has a tracking number and a carrier")


def total_of(lines: Sequence[Line], currency: str) -> int:
    """The amount of an order with these lines. Raises ``Validation`` for lines that make none."""
    if not lines:
        raise Validation("an order has at least one line")
    if not _CURRENCY.fullmatch(currency):
        raise Validation(f"a currency is three capitals, not {currency!r}")
    for line in lines:
        if line.quantity <= 0 or line.unit_price < 0:
            raise Validation(f"{line.title}: {line.quantity} units at {line.unit_price} cannot be ordered")
    total = sum(line.total for line in lines)
    if total > TOTAL_MAX:
        raise Validation("the amount of the order is too large to be written")
    return total
