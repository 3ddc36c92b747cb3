"""The settings of RusToK, all sections together."""

from dataclasses import dataclass, field

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
from rustok_sim.modules.tenants import TenancySettings, TenantAdminSettings, TenantCacheSettings
from rustok_sim.modules.toggles import ToggleSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a scenario says under ``platform``, section by section; all nodes have the same."""

    tenancy: TenancySettings = field(default_factory=TenancySettings)
    tenant_cache: TenantCacheSettings = field(default_factory=TenantCacheSettings)
    tenant_admin: TenantAdminSettings = field(default_factory=TenantAdminSettings)
    redis: RedisSettings = field(default_factory=RedisSettings)
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    events: EventSettings = field(default_factory=EventSettings)
    modules: ToggleSettings = field(default_factory=ToggleSettings)
    errors: ErrorSettings = field(default_factory=ErrorSettings)
    auth: AuthSettings = field(default_factory=AuthSettings)
    features: FeatureSettings = field(default_factory=FeatureSettings)
    rate_limit: LimiterSettings = field(default_factory=LimiterSettings)
    catalogue: CatalogueSettings = field(default_factory=CatalogueSettings)
    pricing: PricingSettings = field(default_factory=PricingSettings)
    stock: StockSettings = field(default_factory=StockSettings)
    orders: OrderSettings = field(default_factory=OrderSettings)
    checkout: CheckoutSettings = field(default_factory=CheckoutSettings)
    payments: GatewaySettings = field(default_factory=GatewaySettings)
    content: ContentSettings = field(default_factory=ContentSettings)
    blog: BlogSettings = field(default_factory=BlogSettings)
    forum: ForumSettings = field(default_factory=ForumSettings)
    outbox: OutboxSettings = field(default_factory=OutboxSettings)
    log: LogSettings = field(default_factory=LogSettings)
    bus: BusSettings = field(default_factory=BusSettings)
    dispatcher: DispatcherSettings = field(default_factory=DispatcherSettings)
    consumer: ConsumerSettings = field(default_factory=ConsumerSettings)
    index: IndexSettings = field(default_factory=IndexSettings)
    request_timeout_s: float | None = None
