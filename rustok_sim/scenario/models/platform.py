"""RusToK's own settings: which design of each component runs, and how it is set."""

from pydantic import Field

from rustok_sim.adapters.settings import DatabaseSettings, RedisSettings
from rustok_sim.adapters.transports import ConsumerSettings, LogSettings
from rustok_sim.core.auth import AuthSettings
from rustok_sim.core.errors import ErrorSettings
from rustok_sim.core.events import BusSettings, DispatcherSettings, EventSettings
from rustok_sim.core.features import FeatureSettings
from rustok_sim.core.resilience.limits import LimiterSettings
from rustok_sim.modules.blog import BlogSettings
from rustok_sim.modules.commerce.catalogue import CatalogueSettings
from rustok_sim.modules.commerce.checkout import CheckoutSettings
from rustok_sim.modules.commerce.orders import OrderSettings
from rustok_sim.modules.commerce.payments import GatewaySettings
from rustok_sim.modules.commerce.pricing import PricingSettings
from rustok_sim.modules.commerce.stock import StockSettings
from rustok_sim.modules.content import ContentSettings
from rustok_sim.modules.forum import ForumSettings
from rustok_sim.modules.index import IndexSettings
from rustok_sim.modules.outbox import OutboxSettings
from rustok_sim.modules.tenants.settings import TenancySettings, TenantAdminSettings, TenantCacheSettings
from rustok_sim.modules.toggles import ToggleSettings
from rustok_sim.scenario.models.base import Positive, Table
from rustok_sim.scenario.models.telemetry import Telemetry


class Platform(Table):
    """The settings of one node; all nodes have the same."""

    tenancy: TenancySettings = Field(default_factory=TenancySettings)
    """How a request names its tenant."""
    tenant_cache: TenantCacheSettings = Field(default_factory=TenantCacheSettings)
    """The tenant cache."""
    tenant_admin: TenantAdminSettings = Field(default_factory=TenantAdminSettings)
    """How tenants and their languages are written."""
    database: DatabaseSettings = Field(default_factory=DatabaseSettings)
    """The database, and how transactions see each other."""
    events: EventSettings = Field(default_factory=EventSettings)
    """How domain events are checked, tied together and sent."""
    modules: ToggleSettings = Field(default_factory=ToggleSettings)
    """How modules are switched on and off."""
    errors: ErrorSettings = Field(default_factory=ErrorSettings)
    """How errors are answered."""
    auth: AuthSettings = Field(default_factory=AuthSettings)
    """Who is believed, and who may do what."""
    features: FeatureSettings = Field(default_factory=FeatureSettings)
    """Modules and features per tenant, and the guard that asks for them."""
    rate_limit: LimiterSettings = Field(default_factory=LimiterSettings)
    """How often a client may ask."""
    catalogue: CatalogueSettings = Field(default_factory=CatalogueSettings)
    """Products."""
    pricing: PricingSettings = Field(default_factory=PricingSettings)
    """Prices."""
    stock: StockSettings = Field(default_factory=StockSettings)
    """Stock."""
    orders: OrderSettings = Field(default_factory=OrderSettings)
    """Orders."""
    checkout: CheckoutSettings = Field(default_factory=CheckoutSettings)
    """The whole way of a buyer."""
    payments: GatewaySettings = Field(default_factory=GatewaySettings)
    """Payments, and how their provider behaves."""
    content: ContentSettings = Field(default_factory=ContentSettings)
    """Nodes: posts, pages, topics."""
    blog: BlogSettings = Field(default_factory=BlogSettings)
    """The blog."""
    forum: ForumSettings = Field(default_factory=ForumSettings)
    """The forum."""
    redis: RedisSettings = Field(default_factory=RedisSettings)
    """The Redis client."""
    outbox: OutboxSettings = Field(default_factory=OutboxSettings)
    """Whether anybody empties the outbox, and how."""
    log: LogSettings = Field(default_factory=LogSettings)
    """The partitioned log that relays publish to."""
    bus: BusSettings = Field(default_factory=BusSettings)
    """The bus within a node."""
    dispatcher: DispatcherSettings = Field(default_factory=DispatcherSettings)
    """What brings events of the bus to handlers."""
    consumer: ConsumerSettings = Field(default_factory=ConsumerSettings)
    """How the indexers' group consumes the log."""
    index: IndexSettings = Field(default_factory=IndexSettings)
    """The read model, and what is read from it."""
    telemetry: Telemetry = Field(default_factory=Telemetry)
    """What its monitoring gets to see."""
    request_timeout_s: Positive | None = None
    """The server drops a request after this (Loco's layer: off as shipped, 5 if enabled); absent: never."""
