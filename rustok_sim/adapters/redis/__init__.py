"""Redis as RusToK's client sees it.

The server's state, the shared connection that rebuilds itself, the cache back end behind its breaker, counters and a
publish/subscribe channel.

Knows ``core`` and the wire it is given. It keeps no statistics, and decides nothing about tenants.
"""

from rustok_sim.adapters.redis.backend import RedisBackend
from rustok_sim.adapters.redis.connection import Dialer, RedisConnection
from rustok_sim.adapters.redis.limits import RedisLimits
from rustok_sim.adapters.redis.server import RedisServer
from rustok_sim.adapters.redis.single_use import RedisChannel, RedisCounters

__all__ = ["Dialer", "RedisBackend", "RedisChannel", "RedisConnection", "RedisCounters", "RedisLimits", "RedisServer"]
