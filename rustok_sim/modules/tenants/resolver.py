"""Which design of the tenant cache a scenario's settings mean, and what an absent setting means to each."""

from collections.abc import Callable
from typing import Final

from rustok_sim.core.cache import BoundedCache
from rustok_sim.core.ports import Call, Runtime, Steps
from rustok_sim.core.resilience import breaker_for
from rustok_sim.modules.tenants.invalidation import listen
from rustok_sim.modules.tenants.loader import Loader
from rustok_sim.modules.tenants.moka import Entry, MokaResolver
from rustok_sim.modules.tenants.moka_breaker import GuardedLoader
from rustok_sim.modules.tenants.naive import NaiveResolver
from rustok_sim.modules.tenants.none import UncachedResolver
from rustok_sim.modules.tenants.ports import Channel, Count, Loads, OpenBackend, Resolver, TenantStore
from rustok_sim.modules.tenants.settings import TenantCacheSettings
from rustok_sim.modules.tenants.v1 import WiredResolver

POSITIVE_TTL_S: Final = 300.0
NEGATIVE_TTL_S: Final = 60.0
MOKA_IDLE_S: Final = 180.0
MOKA_CAPACITY: Final = 10_000


def open_resolver(
    settings: TenantCacheSettings,
    *,
    runtime: Runtime,
    store: TenantStore,
    open_backend: OpenBackend,
    count: Count | None,
    channel: Channel | None,
    background: Callable[[str], Call],
) -> Steps[Resolver]:
    """A new resolver of the design the settings ask for, with empty memory, and its background work started.

    Back ends are opened in RusToK's order, data before negative, each awaited. *count* and *channel* are what
    ``v1_as_wired`` has on Redis; the other designs use neither.
    """
    loader = Loader(runtime, store)
    if settings.design == "none":
        return UncachedResolver(loader)
    if settings.design == "moka":
        return _moka(settings, runtime, loader, "tenant_v2")
    if settings.design == "moka_breaker":
        guarded_loader = GuardedLoader(runtime, loader, breaker_for(settings.breaker))
        return _moka(settings, runtime, guarded_loader, "tenant_v3", serve_stale_s=settings.serve_stale_s)
    data = yield from open_backend("data", settings.positive_ttl_s or POSITIVE_TTL_S)
    negative_ttl_s = settings.negative_ttl_s or NEGATIVE_TTL_S
    fallback = settings.on_cache_error
    if settings.design == "naive":
        return NaiveResolver(runtime, loader, data, negative_ttl_s=negative_ttl_s, on_cache_error=fallback)
    negative = yield from open_backend("negative", negative_ttl_s)
    wired = WiredResolver(runtime, loader, data, negative, count=count, channel=channel, on_cache_error=fallback)
    if channel is not None:
        runtime.spawn(listen(channel, wired.forget, background))
    return wired


def _moka(
    settings: TenantCacheSettings, runtime: Runtime, loader: Loads, prefix: str, *, serve_stale_s: float = 0.0
) -> MokaResolver:
    ttl_s = settings.positive_ttl_s or POSITIVE_TTL_S
    cache: BoundedCache[str, Entry] = BoundedCache(
        settings.capacity or MOKA_CAPACITY,
        ttl_s=ttl_s,
        idle_s=settings.idle_s or MOKA_IDLE_S,
        eviction=settings.eviction,
    )
    # v2 and v3 give a remembered miss the life of a found tenant.
    negative_ttl_s = settings.negative_ttl_s or ttl_s
    return MokaResolver(
        runtime, loader, cache, prefix=prefix, negative_ttl_s=negative_ttl_s, serve_stale_s=serve_stale_s
    )
