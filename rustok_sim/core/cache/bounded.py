"""An in-process cache with a limit on its entries and on their age."""

from typing import Generic, Literal, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class BoundedCache(Generic[K, V]):
    """At most *capacity* entries, each for *ttl_s* after it was put and *idle_s* after it was last used."""

    def __init__(
        self,
        capacity: int,
        *,
        ttl_s: float,
        idle_s: float | None = None,
        eviction: Literal["lru", "lfu", "tiny_lfu"] = "tiny_lfu",
    ) -> None: ...

    def get(self, key: K, now: float) -> V | None:
        """The live value of *key*, which is hereby used. To remember an absence, put a value that says so."""
        raise NotImplementedError

    def put(self, key: K, value: V, now: float, *, ttl_s: float | None = None) -> list[K]:
        """Keep *value*; returns the live keys dropped for want of room, *key* itself if it was not admitted."""
        raise NotImplementedError

    def peek_expired(self, key: K, now: float, grace_s: float) -> V | None:
        """The value of *key*, if still held, live or ended less than *grace_s* ago; not a use."""
        raise NotImplementedError

    def discard(self, key: K) -> bool:
        """Delete *key*; whether a live or ended entry was held."""
        raise NotImplementedError

    def clear(self) -> None:
        """Delete everything."""
        raise NotImplementedError

    def __len__(self) -> int:
        """How many entries are held, those included whose life has ended but whose room nobody needed."""
        raise NotImplementedError
