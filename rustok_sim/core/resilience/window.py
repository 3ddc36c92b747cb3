"""Sliding windows over the outcomes of calls, for the windowed breaker."""

from collections import deque
from typing import Protocol


class Window(Protocol):
    """How the recent calls went. The totals are kept as calls come and go, so reading them costs nothing."""

    calls: int
    failures: int
    slow: int

    def add(self, now: float, *, failed: bool, slow: bool) -> None:
        """Count a call that ended *now*, and let go of those that have left the window."""
        ...


class CountWindow:
    """The last *size* calls."""

    __slots__ = ("_next", "_ring", "calls", "failures", "slow")

    def __init__(self, size: int) -> None:
        self._ring = bytearray(size)
        self._next = 0
        self.calls = 0
        self.failures = 0
        self.slow = 0

    def add(self, now: float, *, failed: bool, slow: bool) -> None:
        """Count a call, and forget the oldest if there are too many."""
        ring, place = self._ring, self._next
        if self.calls < len(ring):
            self.calls += 1
        else:
            self.failures -= ring[place] & 1
            self.slow -= ring[place] >> 1
        ring[place] = failed | slow << 1
        self.failures += failed
        self.slow += slow
        self._next = place + 1 if place + 1 < len(ring) else 0


class TimeWindow:
    """The calls that ended in the last *width_s*; one that ended exactly that long ago is out."""

    __slots__ = ("_ended", "_width_s", "calls", "failures", "slow")

    def __init__(self, width_s: float) -> None:
        self._width_s = width_s
        self._ended: deque[tuple[float, bool, bool]] = deque()
        self.calls = 0
        self.failures = 0
        self.slow = 0

    def add(self, now: float, *, failed: bool, slow: bool) -> None:
        """Count a call, and forget those that ended too long ago."""
        ended = self._ended
        ended.append((now, failed, slow))
        self.failures += failed
        self.slow += slow
        while ended[0][0] + self._width_s <= now:
            _, failed, slow = ended.popleft()
            self.failures -= failed
            self.slow -= slow
        self.calls = len(ended)
