"""Design ``moka``: RusToK's tenant cache v2, one in-process cache with single flight."""

from typing import NamedTuple

from rustok_sim.core.cache import BoundedCache, SingleFlight
from rustok_sim.core.errors import DomainError, NotFound
from rustok_sim.core.ports import Call, Runtime, Steps
from rustok_sim.modules.tenants.identifiers import Identifier
from rustok_sim.modules.tenants.loader import SITE
from rustok_sim.modules.tenants.ports import Loads
from rustok_sim.modules.tenants.records import TenantContext


class Entry(NamedTuple):
    """What the cache keeps of a name: its tenant, or that there is none."""

    context: TenantContext | None


class MokaResolver:
    """Found and not-found in one cache; whoever misses joins the one load of the key and shares its result.

    With *serve_stale_s* an entry may be served that long after its end, when the load fails.
    """

    def __init__(
        self,
        runtime: Runtime,
        loader: Loads,
        cache: BoundedCache[str, Entry],
        *,
        prefix: str = "tenant_v2",
        negative_ttl_s: float = 300.0,
        serve_stale_s: float = 0.0,
    ) -> None:
        self._runtime = runtime
        self._loader = loader
        self._cache = cache
        self._prefix = prefix
        self._negative_ttl_s = negative_ttl_s
        self._serve_stale_s = serve_stale_s
        self._flights: SingleFlight[str, Entry] = SingleFlight()

    def resolve(self, call: Call, identifier: Identifier) -> Steps[TenantContext]:
        """The tenant of this name. Raises what the shared load raised, unless a stale entry may be served."""
        key = identifier.key(self._prefix)
        entry = self._cache.get(key, self._runtime.now())
        if entry is None:
            self._runtime.record("cache.miss", call, site=SITE, detail=key)
            entry = yield from self._load_or_stale(call, identifier, key)
        else:
            self._record_hit(call, key, entry)
        if entry.context is None:
            raise NotFound(f"no tenant {identifier.value}")
        return entry.context

    def invalidate(self, call: Call, identifier: Identifier) -> Steps[None]:
        """Delete the entry on this node; no other node learns of it. A load in flight may still store the old row."""
        yield from ()
        key = identifier.key(self._prefix)
        self._cache.discard(key)
        self._runtime.record("cache.invalidated", call, site=SITE, detail=key)

    def flush(self) -> None:
        """Empty the cache."""
        self._cache.clear()

    def _load_or_stale(self, call: Call, identifier: Identifier, key: str) -> Steps[Entry]:
        try:
            return (
                yield from self._flights.load(
                    self._runtime,
                    key,
                    lambda: self._load(call, identifier, key),
                    on_wait=lambda: self._runtime.record("cache.coalesced", call, site=SITE, detail=key),
                )
            )
        except DomainError:
            stale = self._cache.peek_expired(key, self._runtime.now(), self._serve_stale_s)
            if stale is None:
                raise
            self._record_hit(call, key, stale, outcome="expired")
            return stale

    def _load(self, call: Call, identifier: Identifier, key: str) -> Steps[Entry]:
        entry = Entry((yield from self._loader.load(call, identifier)))
        ttl_s = self._negative_ttl_s if entry.context is None else None
        for evicted in self._cache.put(key, entry, self._runtime.now(), ttl_s=ttl_s):
            self._runtime.record("cache.evicted", call, site=SITE, detail=evicted)
        return entry

    def _record_hit(self, call: Call, key: str, entry: Entry, *, outcome: str | None = None) -> None:
        if entry.context is None:
            self._runtime.record("cache.negative_hit", call, site=SITE, outcome=outcome, detail=key)
        else:
            version = entry.context.version
            self._runtime.record("cache.hit", call, site=SITE, outcome=outcome, value=version, detail=key)
