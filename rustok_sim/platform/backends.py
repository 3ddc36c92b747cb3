"""Where the entries of a cache live: decided once for each back end, when the node boots."""

from typing import Final

from rustok_sim.adapters import LocalBackend, RedisSettings
from rustok_sim.adapters.redis import Dialer, RedisBackend, RedisConnection
from rustok_sim.core.cache import BoundedCache
from rustok_sim.core.errors import TimedOut, WireError
from rustok_sim.core.ports import Steps
from rustok_sim.core.resilience import breaker_for
from rustok_sim.modules.tenants import CacheBackend, TenantCacheSettings
from rustok_sim.platform.ports import Outside

CAPACITY: Final = 1_000
"""Entries of each in-memory back end, unless the settings say otherwise."""


class Backends:
    """Opens the back ends of RusToK's tenant cache.

    Each has its own connection to Redis and its own breaker. One that cannot reach Redis lives in memory until
    the node restarts, whatever the other does.
    """

    def __init__(self, dialer: Dialer, outside: Outside, settings: TenantCacheSettings, redis: RedisSettings) -> None:
        self._dialer = dialer
        self._outside = outside
        self._settings = settings
        self._redis = redis

    def open(self, name: str, ttl_s: float) -> Steps[CacheBackend]:
        """The back end of this name, on Redis if the settings ask for it and it can be reached now."""
        if self._settings.backend == "redis":
            connection = RedisConnection(self._dialer, self._outside.background, name=name)
            try:
                yield from connection.open()
            except (WireError, TimedOut):
                return self._local(ttl_s)
            return self._on_redis(connection, name, ttl_s)
        return self._local(ttl_s)

    def _on_redis(self, connection: RedisConnection, name: str, ttl_s: float) -> RedisBackend:
        return RedisBackend(
            self._outside.runtime,
            connection,
            self._outside.redis,
            breaker_for(self._redis.breaker),
            name=f"tenant_{name}",
            prefix=f"tenant-cache:v1:{name}",
            ttl_s=ttl_s,
        )

    def _local(self, ttl_s: float) -> LocalBackend:
        capacity = self._settings.capacity or CAPACITY
        cache: BoundedCache[str, bytes] = BoundedCache(capacity, ttl_s=ttl_s, eviction=self._settings.eviction)
        return LocalBackend(self._outside.runtime, cache, site="tenant")
