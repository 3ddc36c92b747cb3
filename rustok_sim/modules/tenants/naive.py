"""Design ``naive``: look up, load on a miss, store. Whoever misses loads."""

from typing import Literal

from rustok_sim.core.errors import CacheError, NotFound
from rustok_sim.core.ports import Call, Runtime, Steps
from rustok_sim.modules.tenants.identifiers import Identifier
from rustok_sim.modules.tenants.loader import SITE
from rustok_sim.modules.tenants.ports import CacheBackend, Loads
from rustok_sim.modules.tenants.records import TenantContext

_ABSENT = b"null"


class NaiveResolver:
    """One back end for found and not-found, each with its own time to live; no coalescing."""

    def __init__(
        self,
        runtime: Runtime,
        loader: Loads,
        backend: CacheBackend,
        *,
        negative_ttl_s: float = 60.0,
        on_cache_error: Literal["fail", "load"] = "fail",
    ) -> None:
        self._runtime = runtime
        self._loader = loader
        self._backend = backend
        self._negative_ttl_s = negative_ttl_s
        self._fail = on_cache_error == "fail"

    def resolve(self, call: Call, identifier: Identifier) -> Steps[TenantContext]:
        """The tenant of this name; not-found is remembered too."""
        key = identifier.key("tenant:v1")
        stored = yield from self._get(call, key)
        if stored is not None:
            return self._served(call, key, stored)
        self._runtime.record("cache.miss", call, site=SITE, detail=key)
        context = yield from self._loader.load(call, identifier)
        yield from self._set(call, key, context)
        if context is None:
            raise NotFound(f"no tenant {identifier.value}")
        return context

    def invalidate(self, call: Call, identifier: Identifier) -> Steps[None]:
        """Delete the entry. On Redis the nodes share it, in memory each has its own."""
        key = identifier.key("tenant:v1")
        try:
            yield from self._backend.delete(call, key)
        except CacheError:
            return
        self._runtime.record("cache.invalidated", call, site=SITE, detail=key)

    def flush(self) -> None:
        """Empty the back end if it lies in this node's memory."""
        self._backend.flush()

    def _served(self, call: Call, key: str, stored: bytes) -> TenantContext:
        if stored == _ABSENT:
            self._runtime.record("cache.negative_hit", call, site=SITE, detail=key)
            raise NotFound("no such tenant, as the cache remembers")
        context = TenantContext.from_json(stored)
        self._runtime.record("cache.hit", call, site=SITE, detail=key, value=context.version)
        return context

    def _get(self, call: Call, key: str) -> Steps[bytes | None]:
        try:
            return (yield from self._backend.get(call, key))
        except CacheError:
            if self._fail:
                raise
            return None

    def _set(self, call: Call, key: str, context: TenantContext | None) -> Steps[None]:
        try:
            if context is None:
                yield from self._backend.set(call, key, _ABSENT, ttl_s=self._negative_ttl_s)
            else:
                yield from self._backend.set(call, key, context.to_json())
        except CacheError:
            if self._fail:
                raise
