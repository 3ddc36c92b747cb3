"""A ring of what was sent last, read by each receiver at its own pace: tokio's ``broadcast`` channel.

Sending never waits. Who is further behind than the ring is long has lost what was overwritten, is told how much that
was, and goes on with the oldest that is left (tokio documentation, ``tokio::sync::broadcast``, "Lagging").
"""

from collections import deque
from dataclasses import dataclass
from typing import Generic, TypeVar

from rustok_sim.core.ports import Runtime, Steps

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Lagged:
    """What a receiver gets in place of entries that it was too slow for."""

    missed: int


class Ring(Generic[T]):
    """The ring. Its length is *capacity*, rounded up to a power of two."""

    __slots__ = ("_entries", "_receivers", "_runtime", "_sent", "capacity")

    def __init__(self, runtime: Runtime, capacity: int) -> None:
        if capacity < 1:
            raise ValueError(f"a ring holds at least one entry, not {capacity}")
        self.capacity = 1 << (capacity - 1).bit_length()
        self._runtime = runtime
        self._entries: deque[T] = deque(maxlen=self.capacity)
        self._sent = 0
        self._receivers: dict[Receiver[T], None] = {}

    @property
    def receivers(self) -> int:
        """How many listen now."""
        return len(self._receivers)

    def send(self, entry: T) -> int:
        """Put *entry* into the ring, over the oldest if it is full; how many may read it. With none, it is gone."""
        if self._receivers:
            self._entries.append(entry)
            self._sent += 1
            for receiver in self._receivers:
                receiver.news.wake()
        return len(self._receivers)

    def subscribe(self) -> "Receiver[T]":
        """Listen from now on: what was sent before is not for this receiver."""
        receiver = Receiver(self, self._runtime)
        self._receivers[receiver] = None
        return receiver

    def leave(self, receiver: "Receiver[T]") -> None:
        """Listen no more."""
        self._receivers.pop(receiver, None)

    def read(self, place: int) -> "tuple[int, T | Lagged | None]":
        """The next place and what is at *place*: an entry, the gap where entries were, or nothing yet."""
        behind = self._sent - place
        if behind == 0:
            return place, None
        if behind > len(self._entries):
            oldest = self._sent - len(self._entries)
            return oldest, Lagged(oldest - place)
        return place + 1, self._entries[-behind]

    @property
    def sent(self) -> int:
        """How many entries there have been."""
        return self._sent


class Receiver(Generic[T]):
    """One who listens."""

    __slots__ = ("_place", "_ring", "news")

    def __init__(self, ring: Ring[T], runtime: Runtime) -> None:
        self._ring = ring
        self._place = ring.sent
        self.news = runtime.signal()

    def receive(self) -> Steps[T | Lagged]:
        """Wait for the next entry, in the order in which they were sent."""
        while True:
            self._place, entry = self._ring.read(self._place)
            if entry is not None:
                return entry
            yield from self.news.wait()

    def close(self) -> None:
        """Listen no more."""
        self._ring.leave(self)
