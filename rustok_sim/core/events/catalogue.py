"""Every type of event there is."""

from collections.abc import Mapping
from typing import Final

from rustok_sim.core.events import accounts, commerce, content, orders, platform
from rustok_sim.core.events.event import Event

EVENTS: Final[tuple[type[Event], ...]] = (
    content.NodeCreated,
    content.NodeUpdated,
    content.NodeTranslationUpdated,
    content.NodePublished,
    content.NodeUnpublished,
    content.NodeDeleted,
    content.BodyUpdated,
    content.CategoryCreated,
    content.CategoryUpdated,
    content.CategoryDeleted,
    content.TagCreated,
    content.TagAttached,
    content.TagDetached,
    content.MediaUploaded,
    content.MediaDeleted,
    accounts.UserRegistered,
    accounts.UserLoggedIn,
    accounts.UserUpdated,
    accounts.UserDeleted,
    commerce.ProductCreated,
    commerce.ProductUpdated,
    commerce.ProductPublished,
    commerce.ProductDeleted,
    commerce.VariantCreated,
    commerce.VariantUpdated,
    commerce.VariantDeleted,
    commerce.InventoryUpdated,
    commerce.InventoryLow,
    commerce.PriceUpdated,
    orders.OrderPlaced,
    orders.OrderStatusChanged,
    orders.OrderCompleted,
    orders.OrderCancelled,
    platform.IndexReindexRequested,
    platform.IndexUpdated,
    accounts.TenantCreated,
    accounts.TenantUpdated,
    accounts.LocaleEnabled,
    accounts.LocaleDisabled,
)
BY_VARIANT: Final[Mapping[str, type[Event]]] = {event.__name__: event for event in EVENTS}
"""By the name a payload is tagged with: as in RusToK, renaming a class makes what was written undecodable."""
