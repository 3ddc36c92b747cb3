"""How often keys were asked for of late, in little memory."""

from typing import TypeAlias
from zlib import crc32

Places: TypeAlias = tuple[int, int, int, int]
"""Where the counters of one key are."""

COUNT_MAX = 15
"""The largest count: counters of the paper have four bits."""

_ROWS = 4
_HALVES = bytes(count >> 1 for count in range(256))
_ODDS = bytes(count & 1 for count in range(256))
_GOLDEN = 0x9E3779B97F4A7C15


class FrequencySketch:
    """A count-min sketch with aging, the TinyLFU paper's (Einziger, Friedman, Manes, ACM ToS 13(4), 2017).

    Sized as in moka: a row has four times *capacity* counters, rounded up to a power of two. After ten times
    *capacity* increments all counters are halved, so that old fame fades. Estimates are never below the true count
    of that time (up to 15); collisions may make them larger.
    """

    __slots__ = ("_counts", "_mask", "_sample", "size")

    def __init__(self, capacity: int) -> None:
        width = 4 << (capacity - 1).bit_length()
        self._counts = bytearray(_ROWS * width)
        self._mask = width - 1
        self._sample = 10 * capacity
        self.size = 0

    def places(self, key: object) -> Places:
        """Where the counters of *key* are, one a row; worth keeping with an entry that is asked for often.

        The key's ``repr`` is what is hashed, since ``hash`` of a string differs from process to process.
        """
        # Two hashes serve as four: Kirsch and Mitzenmacher, "Less Hashing, Same Performance", 2006.
        mask, first = self._mask, crc32(repr(key).encode())
        step = (first * _GOLDEN >> 32 & 0xFFFFFFFF) | 1
        second, third = first + step, first + 2 * step
        width = mask + 1
        return (
            first & mask,
            (second & mask) + width,
            (third & mask) + 2 * width,
            (third + step & mask) + 3 * width,
        )

    def increment(self, places: Places) -> None:
        """Count one more."""
        counts = self._counts
        added = False
        for place in places:
            count = counts[place]
            if count < COUNT_MAX:
                counts[place] = count + 1
                added = True
        if added:
            self.size += 1
            if self.size >= self._sample:
                self._age()

    def estimate(self, places: Places) -> int:
        """How often it was counted, as far as one can still tell."""
        counts = self._counts
        return min(counts[place] for place in places)

    def _age(self) -> None:
        # An odd counter loses half a count more; a key has one counter in each row.
        lost = self._counts.translate(_ODDS).count(1) // _ROWS
        self.size = (self.size - lost) // 2
        self._counts = self._counts.translate(_HALVES)
