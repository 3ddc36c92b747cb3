"""The settings of RusToK, all sections together."""

from dataclasses import dataclass, field

from rustok_sim.adapters.settings import DatabaseSettings, RedisSettings
from rustok_sim.core.events import EventSettings
from rustok_sim.modules.tenants import TenancySettings, TenantAdminSettings, TenantCacheSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a scenario says under ``platform``, section by section; all nodes have the same."""

    tenancy: TenancySettings = field(default_factory=TenancySettings)
    tenant_cache: TenantCacheSettings = field(default_factory=TenantCacheSettings)
    tenant_admin: TenantAdminSettings = field(default_factory=TenantAdminSettings)
    redis: RedisSettings = field(default_factory=RedisSettings)
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    events: EventSettings = field(default_factory=EventSettings)
    request_timeout_s: float | None = None
