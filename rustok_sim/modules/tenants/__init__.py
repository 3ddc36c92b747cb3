"""Tenants: who a request is for.

Identifier rules, the tenant's row and the context made of it, and the designs of the tenant cache: ``none``,
``naive``, RusToK's own as it is wired (``v1_as_wired``), ``moka`` (its v2) and ``moka_breaker`` (its v3). The table,
and the services that write tenants and their languages.

Knows ``core`` alone: stores, back ends, counters and channels are protocols that adapters implement. It never sees
a request beyond its headers, and never decides an HTTP status.
"""

from rustok_sim.modules.tenants.admin import Changed, TenantAdmin
from rustok_sim.modules.tenants.identifiers import RESERVED_SLUGS, Identifier, identify
from rustok_sim.modules.tenants.invalidation import CHANNEL
from rustok_sim.modules.tenants.locales import TenantLocales
from rustok_sim.modules.tenants.ports import CacheBackend, Channel, Resolver, Subscription, TenantStore
from rustok_sim.modules.tenants.records import (
    DEFAULT_SLUG,
    Tenant,
    TenantContext,
    default_tenant,
    host_of,
    made_up_tenant,
)
from rustok_sim.modules.tenants.resolver import open_resolver
from rustok_sim.modules.tenants.settings import TenancySettings, TenantAdminSettings, TenantCacheSettings
from rustok_sim.modules.tenants.standing import check_standing
from rustok_sim.modules.tenants.stored import StoredTenants, row_of
from rustok_sim.modules.tenants.tables import TENANTS, tables

__all__ = [
    "CHANNEL",
    "DEFAULT_SLUG",
    "RESERVED_SLUGS",
    "TENANTS",
    "CacheBackend",
    "Changed",
    "Channel",
    "Identifier",
    "Resolver",
    "StoredTenants",
    "Subscription",
    "TenancySettings",
    "Tenant",
    "TenantAdmin",
    "TenantAdminSettings",
    "TenantCacheSettings",
    "TenantContext",
    "TenantLocales",
    "TenantStore",
    "check_standing",
    "default_tenant",
    "host_of",
    "identify",
    "made_up_tenant",
    "open_resolver",
    "row_of",
    "tables",
]
