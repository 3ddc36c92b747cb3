"""RusToK's cache back end in the node's own memory."""

from rustok_sim.core.cache import BoundedCache
from rustok_sim.core.ports import Call, Runtime, Steps


class LocalBackend:
    """Bytes in a bounded cache; answers at once and never fails. Each node has its own."""

    def __init__(self, runtime: Runtime, cache: BoundedCache[str, bytes], *, site: str) -> None:
        self._runtime = runtime
        self._cache = cache
        self._site = site

    def get(self, call: Call, key: str) -> Steps[bytes | None]:
        """What is kept under the key."""
        yield from ()
        return self._cache.get(key, self._runtime.now())

    def set(self, call: Call, key: str, value: bytes, *, ttl_s: float | None = None) -> Steps[None]:
        """Keep *value*; what must go for it is recorded."""
        yield from ()
        for evicted in self._cache.put(key, value, self._runtime.now(), ttl_s=ttl_s):
            self._runtime.record("cache.evicted", call, site=self._site, detail=evicted)

    def delete(self, call: Call, key: str) -> Steps[None]:
        """Forget the key."""
        yield from ()
        self._cache.discard(key)

    def flush(self) -> None:
        """Forget everything."""
        self._cache.clear()
