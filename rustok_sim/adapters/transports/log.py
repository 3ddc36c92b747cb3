"""A partitioned log: entries stay where they were appended, and each group of consumers keeps its own place.

The design is that of RusToK's Iggy transport (partitions by tenant, groups, retention, replay, dead letters), with
the semantics of Kafka where the design is silent (J. Kreps, N. Narkhede, J. Rao, "Kafka: a Distributed Messaging
System for Log Processing", 2011).
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Annotated, Any, ClassVar, Final

from annotated_types import Gt, Interval

from rustok_sim.core.events import Envelope
from rustok_sim.core.ports import Runtime, Signal
from rustok_sim.core.strict import STRICT
from rustok_sim.core.values import value

DAY_S: Final = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSettings:
    """Each default is that of the design."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    partitions: Annotated[int, Interval(ge=1, le=1_000)] = 8
    replicas: Annotated[int, Interval(ge=1, le=9)] = 1
    """Copies of a partition. With one, a crash takes what was appended since the last flush to the disk."""
    flush_every: Annotated[int, Interval(ge=1, le=1_000_000)] = 1
    """Entries of a partition between two flushes."""
    max_age_s: Annotated[float, Gt(0)] = 30 * DAY_S
    dead_letter_max_age_s: Annotated[float, Gt(0)] = 365 * DAY_S


@value(frozen=True, slots=True)
class Entry:
    """What was appended: where it lies, when it came, and what it is."""

    partition: int
    offset: int
    at_s: float
    envelope: Envelope


def partition_of(key: str, partitions: int) -> int:
    """The partition of everything with this *key*: all of one tenant in one, and in the order of its appends."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big") % partitions


class _Partition:
    __slots__ = ("entries", "first", "flushed", "news")

    def __init__(self) -> None:
        self.entries: deque[Entry] = deque()
        self.first = 0
        self.flushed = 0
        self.news: list[Signal] = []

    @property
    def end(self) -> int:
        return self.first + len(self.entries)


class LogServer:
    """The brokers, as one: appends, reads from any place, places of groups, dead letters."""

    def __init__(self, settings: LogSettings) -> None:
        self._settings = settings
        self._partitions = [_Partition() for _ in range(settings.partitions)]
        self._places: dict[tuple[str, int], int] = {}
        self.dead_letters: deque[tuple[str, Entry, str]] = deque()
        """Group, entry and reason of what a group has given up."""

    @property
    def partitions(self) -> int:
        """How many there are."""
        return len(self._partitions)

    def append(self, envelope: Envelope, now_s: float) -> Entry:
        """Put *envelope* at the end of its tenant's partition, and wake who waits there."""
        number = partition_of(envelope.tenant_id, len(self._partitions))
        partition = self._partitions[number]
        self._drop_old(partition, now_s)
        entry = Entry(number, partition.end, now_s, envelope)
        partition.entries.append(entry)
        if self._settings.replicas > 1 or partition.end - partition.flushed >= self._settings.flush_every:
            partition.flushed = partition.end
        waiting, partition.news = partition.news, []
        for signal in waiting:
            signal.wake()
        return entry

    def read(self, number: int, offset: int, limit: int) -> Sequence[Entry]:
        """Up to *limit* entries of a partition from *offset* on; from the oldest that is left, if that is later."""
        partition = self._partitions[number]
        begin = max(offset, partition.first) - partition.first
        return [partition.entries[i] for i in range(begin, min(begin + limit, len(partition.entries)))]

    def news(self, number: int, runtime: Runtime) -> Signal:
        """A signal for the next append to a partition."""
        signal = runtime.signal()
        self._partitions[number].news.append(signal)
        return signal

    def place(self, group: str, number: int) -> int:
        """The offset from which *group* goes on: behind what it has committed, or the beginning."""
        return self._places.get((group, number), 0)

    def commit(self, group: str, number: int, offset: int) -> None:
        """*group* goes on from *offset*; one that lies before its present place takes it back, which is a replay."""
        self._places[group, number] = offset

    def replay(self, group: str, since_s: float) -> None:
        """Let *group* begin again with the first entry of each partition that came at or after *since_s*."""
        for number, partition in enumerate(self._partitions):
            later = (entry.offset for entry in partition.entries if entry.at_s >= since_s)
            self.commit(group, number, next(later, partition.end))

    def lag(self, group: str) -> int:
        """How many entries *group* has still before it."""
        return sum(
            partition.end - max(self.place(group, number), partition.first)
            for number, partition in enumerate(self._partitions)
        )

    def bury(self, group: str, entry: Entry, reason: str) -> None:
        """Put *entry* among the dead letters of *group*."""
        self.dead_letters.append((group, entry, reason))

    def expire(self, now_s: float) -> int:
        """Drop what is older than it may be, read or not; how many entries that were."""
        dropped = sum(self._drop_old(partition, now_s) for partition in self._partitions)
        while self.dead_letters and self.dead_letters[0][1].at_s < now_s - self._settings.dead_letter_max_age_s:
            self.dead_letters.popleft()
        return dropped

    def _drop_old(self, partition: _Partition, now_s: float) -> int:
        dropped = 0
        while partition.entries and partition.entries[0].at_s < now_s - self._settings.max_age_s:
            partition.entries.popleft()
            partition.first += 1
            dropped += 1
        return dropped

    def crash(self) -> int:
        """Lose what no other copy and no disk has; how many entries.

        Lost offsets are given out again, so a group that had read beyond the end goes on from there.
        """
        lost = 0
        for number, partition in enumerate(self._partitions):
            while partition.end > max(partition.flushed, partition.first):
                partition.entries.pop()
                lost += 1
            for group, at in list(self._places):
                if at == number:
                    self._places[group, at] = min(self._places[group, at], partition.end)
        return lost
