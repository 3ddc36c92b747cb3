"""Domain events: what happened, in envelopes that keep correlation and causation, and their way into the outbox.

Each event is a class whose fields carry their rules; the schema registry, the validation and the JSON form are read
off it, and older payloads are raised to the present version. Modules raise the events that are listed here. Knows no
module and no relay: what takes an event outside a transaction is a port, and a bus within the process implements it.
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
from rustok_sim.core.events.backpressure import Backpressure, BackpressureSettings
from rustok_sim.core.events.bus import Bus, LocalBus
from rustok_sim.core.events.catalogue import EVENTS
from rustok_sim.core.events.codec import Undecodable, decode, encode
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
from rustok_sim.core.events.dispatcher import Dispatcher, DispatcherSettings, Handler
from rustok_sim.core.events.envelope import Envelope, wrap
from rustok_sim.core.events.event import Event, entity_of
from rustok_sim.core.events.fields import PayloadField
from rustok_sim.core.events.forwarder import Outlet, forward
from rustok_sim.core.events.orders import OrderCancelled, OrderCompleted, OrderPlaced, OrderStatusChanged
from rustok_sim.core.events.outbox import RELAYED, SYS_EVENTS, row_of
from rustok_sim.core.events.platform import IndexReindexRequested, IndexUpdated
from rustok_sim.core.events.publisher import Publisher
from rustok_sim.core.events.schema import SCHEMAS, Schema
from rustok_sim.core.events.settings import BusSettings, EventSettings
from rustok_sim.core.events.upcasting import UPCASTERS, Upcaster, Upcasters, upcast
from rustok_sim.core.events.validation import validate

__all__ = [
    "EVENTS",
    "RELAYED",
    "SCHEMAS",
    "SYS_EVENTS",
    "UPCASTERS",
    "Backpressure",
    "BackpressureSettings",
    "BodyUpdated",
    "Bus",
    "BusSettings",
    "CategoryCreated",
    "CategoryDeleted",
    "CategoryUpdated",
    "Dispatcher",
    "DispatcherSettings",
    "Envelope",
    "Event",
    "EventSettings",
    "Handler",
    "IndexReindexRequested",
    "IndexUpdated",
    "InventoryLow",
    "InventoryUpdated",
    "LocalBus",
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
    "Outlet",
    "PayloadField",
    "PriceUpdated",
    "ProductCreated",
    "ProductDeleted",
    "ProductPublished",
    "ProductUpdated",
    "Publisher",
    "Schema",
    "TagAttached",
    "TagCreated",
    "TagDetached",
    "TenantCreated",
    "TenantUpdated",
    "Undecodable",
    "Upcaster",
    "Upcasters",
    "UserDeleted",
    "UserLoggedIn",
    "UserRegistered",
    "UserUpdated",
    "VariantCreated",
    "VariantDeleted",
    "VariantUpdated",
    "decode",
    "encode",
    "entity_of",
    "forward",
    "row_of",
    "upcast",
    "validate",
    "wrap",
]
