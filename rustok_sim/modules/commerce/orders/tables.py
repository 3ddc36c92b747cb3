"""The tables of orders: the successor's, without what nothing here uses.

Left out: channels, shipping and tax totals, metadata, adjustments, tax lines and translations. Added: a version, which
each write raises by one. Lines are keyed by their place in the order, and outlive the product they name.
"""

from typing import Final

from rustok_sim.core.data import Reference, Table, integer, moment, text, uuid

ORDERS: Final = Table(
    "orders",
    (
        uuid("id"),
        uuid("tenant_id"),
        uuid("customer_id", optional=True),
        text("status", 32),
        text("currency", 3),
        integer("total_amount"),
        integer("version"),
        text("payment_id", 191, optional=True),
        text("payment_method", 64, optional=True),
        text("tracking_number", 191, optional=True),
        text("carrier", 64, optional=True),
        text("delivered_signature", 255, optional=True),
        text("cancellation_reason", 500, optional=True),
        moment("created_at"),
        moment("updated_at"),
        moment("confirmed_at", optional=True),
        moment("paid_at", optional=True),
        moment("shipped_at", optional=True),
        moment("delivered_at", optional=True),
        moment("cancelled_at", optional=True),
    ),
    indexes=(("tenant_id", "status"),),
)
ORDER_LINES: Final = Table(
    "order_lines",
    (
        uuid("order_id"),
        integer("position"),
        uuid("tenant_id"),
        uuid("product_id"),
        uuid("variant_id"),
        text("title", 255),
        integer("quantity"),
        integer("unit_price"),
    ),
    key=("order_id", "position"),
    references=(Reference(("order_id",), "orders"),),
)
ORDER_TABLES: Final = (ORDERS, ORDER_LINES)
