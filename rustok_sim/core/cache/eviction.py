"""Which entry of a full cache goes."""

from collections import OrderedDict
from typing import Generic, Literal, Protocol, TypeAlias, TypeVar

from rustok_sim.core.cache.sketch import FrequencySketch, Places

K = TypeVar("K")

EvictionName: TypeAlias = Literal["lru", "lfu", "tiny_lfu"]


class Eviction(Protocol[K]):
    """Watches what happens to the keys of one cache, and names the one to drop."""

    def hit(self, key: K) -> None:
        """A held key was asked for and found."""
        ...

    def miss(self, key: K) -> None:
        """A key was asked for and not found."""
        ...

    def add(self, key: K) -> None:
        """A new key is held from now on."""
        ...

    def overwrite(self, key: K) -> None:
        """A held key got a new value."""
        ...

    def remove(self, key: K) -> None:
        """A held key is held no longer."""
        ...

    def victim(self, candidate: K) -> K:
        """The key that must go so that *candidate* may come: a held one, or *candidate* itself. Some key is held."""
        ...


class Lru(Generic[K]):
    """The least recently used goes."""

    __slots__ = ("_order",)

    def __init__(self) -> None:
        self._order: OrderedDict[K, None] = OrderedDict()

    def hit(self, key: K) -> None:
        """Make it the most recent."""
        self._order.move_to_end(key)

    def miss(self, key: K) -> None:
        """Recency knows only what is held."""

    def add(self, key: K) -> None:
        """Make it the most recent."""
        self._order[key] = None

    overwrite = hit

    def remove(self, key: K) -> None:
        """Forget it."""
        del self._order[key]

    def victim(self, candidate: K) -> K:
        """The key not used for longest."""
        return next(iter(self._order))


class Lfu(Generic[K]):
    """The least often used since it came goes; among equals the one that has been so for longest.

    In constant time, after Shah, Mitra, Matani, "An O(1) algorithm for implementing the LFU cache eviction scheme",
    2010.
    """

    __slots__ = ("_least", "_ranks", "_uses")

    def __init__(self) -> None:
        self._uses: dict[K, int] = {}
        self._ranks: dict[int, OrderedDict[K, None]] = {}
        self._least = 1

    def hit(self, key: K) -> None:
        """Count one use."""
        uses = self._uses[key]
        self._leave(key, uses)
        self._enter(key, uses + 1)

    def miss(self, key: K) -> None:
        """Uses are counted only of what is held."""

    def add(self, key: K) -> None:
        """Begin with one use."""
        self._enter(key, 1)
        self._least = 1

    overwrite = hit

    def remove(self, key: K) -> None:
        """Forget it and its uses."""
        self._leave(key, self._uses.pop(key))

    def victim(self, candidate: K) -> K:
        """The key with the fewest uses."""
        if self._least not in self._ranks:
            self._least = min(self._ranks)
        return next(iter(self._ranks[self._least]))

    def _enter(self, key: K, uses: int) -> None:
        self._uses[key] = uses
        self._ranks.setdefault(uses, OrderedDict())[key] = None

    def _leave(self, key: K, uses: int) -> None:
        rank = self._ranks[uses]
        del rank[key]
        if not rank:
            del self._ranks[uses]


class TinyLfu(Generic[K]):
    """The least recently used goes if the newcomer is asked for more often, else the newcomer: moka's default policy.

    Look-ups are counted, hits and misses alike and writes not at all, and as in moka only from when the cache is
    half full.
    """

    __slots__ = ("_counting", "_half", "_order", "_sketch")

    def __init__(self, capacity: int) -> None:
        self._order: OrderedDict[K, Places] = OrderedDict()
        self._sketch = FrequencySketch(max(capacity, 128))
        self._half = capacity // 2
        self._counting = False

    def hit(self, key: K) -> None:
        """Count it, and make it the most recent."""
        order = self._order
        order.move_to_end(key)
        if self._counting:
            self._sketch.increment(order[key])

    def miss(self, key: K) -> None:
        """Count it: who is asked for often enough will be let in."""
        if self._counting:
            self._sketch.increment(self._sketch.places(key))

    def add(self, key: K) -> None:
        """Make it the most recent."""
        self._order[key] = self._sketch.places(key)
        self._counting = self._counting or len(self._order) >= self._half

    def overwrite(self, key: K) -> None:
        """Make it the most recent."""
        self._order.move_to_end(key)

    def remove(self, key: K) -> None:
        """Forget it; its frequency outlives it."""
        del self._order[key]

    def victim(self, candidate: K) -> K:
        """The key not used for longest, or *candidate* unless it is asked for more often than that one."""
        oldest, places = next(iter(self._order.items()))
        estimate = self._sketch.estimate
        return oldest if estimate(self._sketch.places(candidate)) > estimate(places) else candidate
