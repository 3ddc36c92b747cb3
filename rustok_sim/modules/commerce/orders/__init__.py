"""Orders: three lifecycles as values, and the service that keeps orders in rows.

``review`` is the life that the review advises, one class per state; ``as_built`` RusToK's own typed machine with its
weaknesses; ``successor`` a status in words, checked at run time. Values know no store; the service decides by its
settings which life its orders have and what guards their steps. It knows stock by a protocol, and no payment gateway.
"""

from rustok_sim.modules.commerce.orders.effects import Stepped
from rustok_sim.modules.commerce.orders.errors import (
    InvalidTrackingNumber,
    NotTheBuyer,
    OrderChanged,
    OrderNotFound,
    PaymentFailed,
)
from rustok_sim.modules.commerce.orders.machines import AS_BUILT, REVIEW, SUCCESSOR
from rustok_sim.modules.commerce.orders.records import Header, Line, Parcel, Receipt
from rustok_sim.modules.commerce.orders.service import Glance, OrderService
from rustok_sim.modules.commerce.orders.settings import OrderSettings
from rustok_sim.modules.commerce.orders.tables import ORDER_LINES, ORDER_TABLES, ORDERS

__all__ = [
    "AS_BUILT",
    "ORDERS",
    "ORDER_LINES",
    "ORDER_TABLES",
    "REVIEW",
    "SUCCESSOR",
    "Glance",
    "Header",
    "InvalidTrackingNumber",
    "Line",
    "NotTheBuyer",
    "OrderChanged",
    "OrderNotFound",
    "OrderService",
    "OrderSettings",
    "Parcel",
    "PaymentFailed",
    "Receipt",
    "Stepped",
]
