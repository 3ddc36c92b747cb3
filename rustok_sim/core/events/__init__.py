"""Domain events: what happened, in envelopes that keep correlation and causation, and their way into the outbox.

Knows no transport and no module; modules raise the events that are listed here.
"""

from rustok_sim.core.events.accounts import (
    LocaleDisabled,
    LocaleEnabled,
    TenantCreated,
    TenantUpdated,
    UserDeleted,
    UserLoggedIn,
    UserRegistered,
    UserUpdated,
)
from rustok_sim.core.events.catalogue import EVENTS
from rustok_sim.core.events.commerce import (
    InventoryLow,
    InventoryUpdated,
    PriceUpdated,
    ProductCreated,
    ProductDeleted,
    ProductPublished,
    ProductUpdated,
    VariantCreated,
    VariantDeleted,
    VariantUpdated,
)
from rustok_sim.core.events.content import (
    BodyUpdated,
    CategoryCreated,
    CategoryDeleted,
    CategoryUpdated,
    MediaDeleted,
    MediaUploaded,
    NodeCreated,
    NodeDeleted,
    NodePublished,
    NodeTranslationUpdated,
    NodeUnpublished,
    NodeUpdated,
    TagAttached,
    TagCreated,
    TagDetached,
)
from rustok_sim.core.events.event import Event
from rustok_sim.core.events.orders import OrderCancelled, OrderCompleted, OrderPlaced, OrderStatusChanged
from rustok_sim.core.events.platform import IndexReindexRequested, IndexUpdated
from rustok_sim.core.events.publisher import SYS_EVENTS, Publisher

__all__ = [
    "EVENTS",
    "SYS_EVENTS",
    "BodyUpdated",
    "CategoryCreated",
    "CategoryDeleted",
    "CategoryUpdated",
    "Event",
    "IndexReindexRequested",
    "IndexUpdated",
    "InventoryLow",
    "InventoryUpdated",
    "LocaleDisabled",
    "LocaleEnabled",
    "MediaDeleted",
    "MediaUploaded",
    "NodeCreated",
    "NodeDeleted",
    "NodePublished",
    "NodeTranslationUpdated",
    "NodeUnpublished",
    "NodeUpdated",
    "OrderCancelled",
    "OrderCompleted",
    "OrderPlaced",
    "OrderStatusChanged",
    "PriceUpdated",
    "ProductCreated",
    "ProductDeleted",
    "ProductPublished",
    "ProductUpdated",
    "Publisher",
    "TagAttached",
    "TagCreated",
    "TagDetached",
    "TenantCreated",
    "TenantUpdated",
    "UserDeleted",
    "UserLoggedIn",
    "UserRegistered",
    "UserUpdated",
    "VariantCreated",
    "VariantDeleted",
    "VariantUpdated",
]
