"""The tables of payments: the successor's machines, with the columns they need."""

from typing import Final

from rustok_sim.core.data import Reference, Table, integer, moment, text, uuid

COLLECTIONS: Final = Table(
    "payment_collections",
    (
        uuid("id"),
        uuid("tenant_id"),
        uuid("order_id"),
        text("status", 16),
        integer("amount"),
        text("currency", 3),
        text("method", 64),
        moment("created_at"),
        moment("authorized_at", optional=True),
        moment("captured_at", optional=True),
        moment("cancelled_at", optional=True),
    ),
    unique=(("tenant_id", "order_id"),),
)
PAYMENTS: Final = Table(
    "payments",
    (
        uuid("id"),
        uuid("tenant_id"),
        uuid("collection_id"),
        text("provider_reference", 191),
        text("status", 16),
        integer("amount"),
        moment("captured_at", optional=True),
        moment("cancelled_at", optional=True),
    ),
    unique=(("tenant_id", "provider_reference"),),
    references=(Reference(("collection_id",), "payment_collections"),),
    indexes=(("collection_id",),),
)
REFUNDS: Final = Table(
    "refunds",
    (
        uuid("id"),
        uuid("tenant_id"),
        uuid("payment_id"),
        text("creation_key", 191),
        text("request_hash", 64),
        text("status", 16),
        integer("amount"),
        moment("created_at"),
        moment("refunded_at", optional=True),
        moment("cancelled_at", optional=True),
    ),
    unique=(("tenant_id", "creation_key"),),
    references=(Reference(("payment_id",), "payments"),),
    indexes=(("payment_id",),),
)
OPERATIONS: Final = Table(
    "provider_operations",
    (
        uuid("id"),
        uuid("tenant_id"),
        text("provider", 64),
        text("operation_key", 191),
        uuid("subject_id"),
        text("status", 32),
        integer("attempts"),
        text("provider_reference", 191, optional=True),
        text("last_error", 255, optional=True),
        moment("created_at"),
        moment("updated_at"),
    ),
    unique=(("tenant_id", "provider", "operation_key"),),
    indexes=(("subject_id",),),
)
DELIVERIES: Final = Table(
    "webhook_inbox",
    (
        uuid("id"),
        uuid("tenant_id"),
        text("delivery_id", 191),
        text("event_key", 191),
        text("payload_hash", 64),
        text("payload"),
        text("status", 16),
        integer("attempts"),
        moment("received_at"),
        moment("lease_until", optional=True),
        text("last_error", 255, optional=True),
    ),
    unique=(("tenant_id", "delivery_id"), ("tenant_id", "event_key")),
    indexes=(("tenant_id", "status"),),
)
PAYMENT_TABLES: Final = (COLLECTIONS, PAYMENTS, REFUNDS, OPERATIONS, DELIVERIES)
PROVIDER: Final = "gateway"
"""The one provider there is."""
