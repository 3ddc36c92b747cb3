"""What a node remembers of its tenants for a while."""

from collections.abc import Callable
from typing import Generic, TypeVar

from rustok_sim.core.cache import BoundedCache, SingleFlight
from rustok_sim.core.context import Context
from rustok_sim.core.ports import Runtime, Steps

V = TypeVar("V")


class Remembered(Generic[V]):
    """One value for each tenant, read anew when it is older than *ttl_s*; concurrent reads of one tenant are one.

    Other nodes have memories of their own: after a change each may answer with the old value for *ttl_s* longer, or
    for *ttl_s* and the length of a read that was under way.
    """

    def __init__(
        self, runtime: Runtime, read: Callable[[Context], Steps[V]], *, ttl_s: float, capacity: int = 1_000
    ) -> None:
        self._runtime = runtime
        self._read = read
        self._cache: BoundedCache[str, V] | None = None
        if ttl_s > 0.0:
            self._cache = BoundedCache(capacity, ttl_s=ttl_s, eviction="lru")
        self._flights: SingleFlight[str, V] = SingleFlight()

    def of(self, context: Context) -> Steps[V]:
        """The value for the context's tenant. Raises what the read raises."""
        cache = self._cache
        if cache is None:
            return (yield from self._read(context))
        known = cache.get(context.tenant_id, self._runtime.now())
        if known is not None:
            return known
        return (yield from self._flights.load(self._runtime, context.tenant_id, lambda: self._load(context, cache)))

    def forget(self, tenant_id: str) -> None:
        """Read this tenant anew next time; what is being read now may still be remembered."""
        if self._cache is not None:
            self._cache.discard(tenant_id)

    def flush(self) -> None:
        """Read everything anew."""
        if self._cache is not None:
            self._cache.clear()

    def _load(self, context: Context, cache: BoundedCache[str, V]) -> Steps[V]:
        value = yield from self._read(context)
        cache.put(context.tenant_id, value, self._runtime.now())
        return value
