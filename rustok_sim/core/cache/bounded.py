"""An in-process cache with a limit on its entries and on their age."""

import heapq
from math import inf
from typing import Generic, TypeVar

from rustok_sim.core.cache.eviction import Eviction, EvictionName, Lfu, Lru, TinyLfu

K = TypeVar("K")
V = TypeVar("V")


class _Entry(Generic[V]):
    """One value, when its life ends at the latest, and when it ends unless used before."""

    __slots__ = ("expires_s", "idles_s", "value")

    def __init__(self, value: V, expires_s: float, idles_s: float) -> None:
        self.value = value
        self.expires_s = expires_s
        self.idles_s = idles_s

    @property
    def ends_s(self) -> float:
        return min(self.expires_s, self.idles_s)


class BoundedCache(Generic[K, V]):
    """At most *capacity* entries, each living *ttl_s* from when it was put and *idle_s* from when it was last used.

    At the end of its life an entry is no longer found; it is held on, for :meth:`peek_expired`, until its room is
    needed. When a new key finds the cache full, an entry whose life has ended goes first; only if there is none does
    *eviction* choose. Times must not run backwards.
    """

    __slots__ = ("_capacity", "_ends", "_entries", "_eviction", "_eviction_name", "_idle_s", "_order", "_ttl_s")

    def __init__(
        self,
        capacity: int,
        *,
        ttl_s: float,
        idle_s: float | None = None,
        eviction: EvictionName = "tiny_lfu",
    ) -> None:
        if capacity < 1:
            raise ValueError(f"the capacity of a cache must be at least 1, not {capacity}")
        self._capacity = capacity
        self._ttl_s = ttl_s
        self._idle_s = inf if idle_s is None else idle_s
        self._eviction_name: EvictionName = eviction
        self._order = 0
        self.clear()

    def get(self, key: K, now: float) -> V | None:
        """The live value of *key*, which is hereby used. To remember an absence, put a value that says so."""
        entry = self._entries.get(key)
        if entry is None or now >= entry.expires_s or now >= entry.idles_s:
            self._eviction.miss(key)
            return None
        entry.idles_s = now + self._idle_s
        self._eviction.hit(key)
        return entry.value

    def put(self, key: K, value: V, now: float, *, ttl_s: float | None = None) -> list[K]:
        """Keep *value*, for *ttl_s* instead of the cache's own if given.

        Returns the live keys dropped for want of room: *key* itself if it was not let in.
        """
        evicted: list[K] = []
        entry = _Entry(value, now + (self._ttl_s if ttl_s is None else ttl_s), now + self._idle_s)
        if key in self._entries:
            self._eviction.overwrite(key)
        else:
            if len(self._entries) >= self._capacity and not self._drop_ended(now):
                victim = self._eviction.victim(key)
                evicted.append(victim)
                if victim == key:
                    return evicted
                self._drop(victim)
            self._eviction.add(key)
        self._entries[key] = entry
        self._await_end(key, entry.ends_s)
        return evicted

    def peek_expired(self, key: K, now: float, grace_s: float) -> V | None:
        """The value of *key* if it is still held, and live or ended less than *grace_s* ago. Not a use."""
        entry = self._entries.get(key)
        return None if entry is None or now >= entry.ends_s + grace_s else entry.value

    def discard(self, key: K) -> bool:
        """Delete *key*; whether it was held."""
        held = key in self._entries
        if held:
            self._drop(key)
        return held

    def clear(self) -> None:
        """Delete everything, what is known of frequencies included."""
        self._entries: dict[K, _Entry[V]] = {}
        self._ends: list[tuple[float, int, K]] = []
        self._eviction: Eviction[K] = _eviction_of(self._eviction_name, self._capacity)

    def __len__(self) -> int:
        """How many entries are held, those included whose life has ended but whose room nobody needed yet."""
        return len(self._entries)

    def _drop(self, key: K) -> None:
        del self._entries[key]
        self._eviction.remove(key)

    def _await_end(self, key: K, ends_s: float) -> None:
        """Put an end into the queue of ends.

        The queue is lazy: what puts an end off or deletes the entry leaves it there, to be found out when its time
        comes. Only when that makes it long is it made anew.
        """
        self._order += 1
        heapq.heappush(self._ends, (ends_s, self._order, key))
        if len(self._ends) > 2 * self._capacity + 64:
            self._ends = [(entry.ends_s, order, held) for order, (held, entry) in enumerate(self._entries.items())]
            heapq.heapify(self._ends)

    def _drop_ended(self, now: float) -> bool:
        """Drop one entry whose life has ended, if there is one."""
        while self._ends and self._ends[0][0] <= now:
            key = heapq.heappop(self._ends)[2]
            entry = self._entries.get(key)
            if entry is None:
                continue
            if entry.ends_s <= now:
                self._drop(key)
                return True
            self._await_end(key, entry.ends_s)
        return False


def _eviction_of(name: EvictionName, capacity: int) -> Eviction[K]:
    if name == "lru":
        return Lru()
    if name == "lfu":
        return Lfu()
    return TinyLfu(capacity)
