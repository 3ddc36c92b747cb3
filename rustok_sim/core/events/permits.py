"""Permits: so many at once, the others wait in line."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from rustok_sim.core.ports import Runtime, Signal, Steps


class Permits:
    """A fair semaphore, as tokio's: who has waited longest has the next permit."""

    __slots__ = ("_free", "_line", "_runtime")

    def __init__(self, runtime: Runtime, number: int) -> None:
        self._runtime = runtime
        self._free = max(1, number)
        self._line: deque[list[Signal]] = deque()

    def acquire(self) -> Steps[None]:
        """Wait for a permit. One who is dropped while waiting leaves the line, and passes on what was meant for it."""
        if self._free and not self._line:
            self._free -= 1
            return
        place = [self._runtime.signal()]
        self._line.append(place)
        try:
            while place in self._line:
                yield from place[0].wait()
        except BaseException:
            if place in self._line:
                self._line.remove(place)
            else:
                self.release()
            raise

    def release(self) -> None:
        """Give a permit back, to the next in line."""
        if self._line:
            self._line.popleft()[0].wake()
        else:
            self._free += 1

    @contextmanager
    def held(self) -> Iterator[None]:
        """A permit that was acquired, given back at the end of the ``with`` block however it ends."""
        try:
            yield
        finally:
            self.release()
