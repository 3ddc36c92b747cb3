"""Design ``v1_as_wired``: RusToK's tenant middleware, step by step, with its defects T1 to T5."""

from typing import Literal

from rustok_sim.core.errors import CacheError, DomainError, NotFound
from rustok_sim.core.ports import Call, Runtime, Signal, Steps
from rustok_sim.modules.tenants.identifiers import Identifier
from rustok_sim.modules.tenants.invalidation import message_of
from rustok_sim.modules.tenants.loader import SITE
from rustok_sim.modules.tenants.ports import CacheBackend, Channel, Count, Loads
from rustok_sim.modules.tenants.records import TenantContext


class WiredResolver:
    """Two back ends, positive and negative, and a map of the loads in flight on this node.

    T1, T2: nobody reads the negative cache again and errors are not shared, so waiters load one after another.
    T3: waiters are woken before the value is stored. T4: who still counts when they are woken waits for ever.
    T5: the map entry of a dropped leader stays, and every later miss waits for ever.
    """

    def __init__(
        self,
        runtime: Runtime,
        loader: Loads,
        data: CacheBackend,
        negative: CacheBackend,
        *,
        count: Count | None = None,
        channel: Channel | None = None,
        on_cache_error: Literal["fail", "load"] = "fail",
    ) -> None:
        self._runtime = runtime
        self._loader = loader
        self._data = data
        self._negative = negative
        self._counter = count
        self._channel = channel
        self._fail = on_cache_error == "fail"
        self._in_flight: dict[str, Signal] = {}

    def resolve(self, call: Call, identifier: Identifier) -> Steps[TenantContext]:
        """The tenant of this name: negative cache, positive cache, then one load for all who miss."""
        positive_key = identifier.key("tenant:v1")
        negative_key = identifier.key("tenant_negative:v1")
        if (yield from self._known_absent(call, negative_key)):
            raise NotFound("no such tenant, as the cache remembers")
        context = yield from self._cached(call, positive_key)
        if context is None:
            context = yield from self._coalesced(call, identifier, positive_key, negative_key)
        return context

    def invalidate(self, call: Call, identifier: Identifier) -> Steps[None]:
        """Delete the pair here, then publish it. The two other names of the tenant stay."""
        positive_key = identifier.key("tenant:v1")
        negative_key = identifier.key("tenant_negative:v1")
        yield from self.forget(call, positive_key, negative_key)
        if self._channel is not None:
            try:
                yield from self._channel.publish(call, message_of(positive_key, negative_key))
            except CacheError:
                return

    def forget(self, call: Call, positive_key: str, negative_key: str) -> Steps[None]:
        """Delete a pair in this node's back ends. A load in progress may store the old row after it (D-35)."""
        for backend, key in ((self._data, positive_key), (self._negative, negative_key)):
            try:
                yield from backend.delete(call, key)
            except CacheError:
                continue
            self._runtime.record("cache.invalidated", call, site=SITE, detail=key)

    def flush(self) -> None:
        """Empty the back ends that lie in this node's memory. The map of loads in flight is no cache and stays."""
        self._data.flush()
        self._negative.flush()

    def _known_absent(self, call: Call, key: str) -> Steps[bool]:
        known = (yield from self._get(self._negative, call, key)) is not None
        if known:
            self._runtime.record("cache.negative_hit", call, site=SITE, detail=key)
        yield from self._count(call, "negative_hits" if known else "negative_misses")
        return known

    def _cached(self, call: Call, key: str) -> Steps[TenantContext | None]:
        stored = yield from self._get(self._data, call, key)
        context = None if stored is None else _decoded(stored)
        if context is None:
            self._runtime.record("cache.miss", call, site=SITE, detail=key)
        else:
            self._runtime.record("cache.hit", call, site=SITE, detail=key, value=context.version)
        # RusToK counts bytes that it cannot read as a hit.
        yield from self._count(call, "misses" if stored is None else "hits")
        if stored is not None and context is None:
            yield from self._delete_unreadable(call, key)
        return context

    def _coalesced(
        self, call: Call, identifier: Identifier, positive_key: str, negative_key: str
    ) -> Steps[TenantContext]:
        while (other := self._in_flight.get(positive_key)) is not None:
            self._runtime.record("cache.coalesced", call, site=SITE, detail=positive_key)
            # T4: a wake-up that comes while this waits for the counter is lost.
            yield from self._count(call, "coalesced_requests")
            yield from other.wait()
            # T1: only the positive cache is asked again, and it stays empty for an unknown tenant.
            context = yield from self._cached(call, positive_key)
            if context is not None:
                return context
        return (yield from self._lead(call, identifier, positive_key, negative_key))

    def _lead(self, call: Call, identifier: Identifier, positive_key: str, negative_key: str) -> Steps[TenantContext]:
        signal = self._in_flight[positive_key] = self._runtime.signal()
        # T5: no ``finally``. What drops the leader here leaves the entry behind.
        try:
            context = yield from self._load(call, identifier, negative_key)
        except DomainError:
            self._land(positive_key, signal)  # T2: the error stays with the leader
            raise
        self._land(positive_key, signal)  # T3: before the value is stored
        if context is None:
            raise NotFound(f"no tenant {identifier.value}")
        yield from self._set(self._data, call, positive_key, context.to_json())
        return context

    def _land(self, key: str, signal: Signal) -> None:
        del self._in_flight[key]
        signal.wake()

    def _load(self, call: Call, identifier: Identifier, negative_key: str) -> Steps[TenantContext | None]:
        context = yield from self._loader.load(call, identifier)
        if context is None:
            yield from self._set(self._negative, call, negative_key, b"")
            yield from self._count(call, "negative_inserts")
        return context

    def _get(self, backend: CacheBackend, call: Call, key: str) -> Steps[bytes | None]:
        try:
            return (yield from backend.get(call, key))
        except CacheError:
            if self._fail:
                raise
            return None

    def _set(self, backend: CacheBackend, call: Call, key: str, value: bytes) -> Steps[None]:
        try:
            yield from backend.set(call, key, value)
        except CacheError:
            if self._fail:
                raise

    def _delete_unreadable(self, call: Call, key: str) -> Steps[None]:
        try:
            yield from self._data.delete(call, key)
        except CacheError:
            return

    def _count(self, call: Call, name: str) -> Steps[None]:
        if self._counter is not None:
            yield from self._counter(call, name)


def _decoded(stored: bytes) -> TenantContext | None:
    try:
        return TenantContext.from_json(stored)
    except ValueError:
        return None
