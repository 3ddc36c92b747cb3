"""Random draws keyed by where and for whom they are made.

A stream belongs to (root seed, replication, site, source, attempt); the entity is a place in that stream. So "the
service time of customer 4711 at the database, second attempt" is one fixed number, whoever asks for it, in
whatever order: adding a fault or turning a breaker on moves no other draw (common random numbers).

The generator is Philox4x64-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"), which is counter
based: any place can be computed without its predecessors. Places are computed in blocks, because neighbours
are usually asked for soon.
"""

from collections.abc import Callable
from hashlib import blake2b
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rustok_sim.core.ports import Call

Transform: TypeAlias = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Turns uniform numbers in [0, 1), shape (n, words), into n samples."""

DENSE: Final = 1024
SPARSE: Final = 64
KEPT_BLOCKS: Final = 16


def uniform(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """The uniform numbers themselves."""
    return u[:, 0]


class Stream:
    """All samples of one stream, by entity. Calling it costs about 0.1 µs where neighbours were asked for before."""

    __slots__ = ("_end", "_key", "_kept", "_transform", "_words", "base", "block")

    def __init__(self, key: int, transform: Transform = uniform, *, words: int = 1) -> None:
        self._key = key
        self._transform = transform
        self._words = words
        self.base = 0
        self.block: list[float] = []
        self._end = 0
        self._kept: dict[int, list[float]] = {}

    def __call__(self, entity: int) -> float:
        """The sample of *entity* (0 or more)."""
        i = entity - self.base
        if 0 <= i < len(self.block):
            return self.block[i]
        return self._turn_to(entity)

    def _turn_to(self, entity: int) -> float:
        """Make the block that holds *entity* the present one."""
        for base, block in self._kept.items():
            if 0 <= entity - base < len(block):
                break
        else:
            # A stream that marches on is read densely, and so is one that many wander over (a burst of thousands whose
            # answers come in any order); a few that jump are not worth large blocks.
            size = DENSE if entity == self._end or len(self._kept) == KEPT_BLOCKS else SPARSE
            base = entity - entity % size
            block = self._compute(base, size)
            self._end = base + size
            if len(self._kept) == KEPT_BLOCKS:
                del self._kept[next(iter(self._kept))]
            self._kept[base] = block
        self.base, self.block = base, block
        return block[entity - base]

    def _compute(self, base: int, size: int) -> list[float]:
        # Philox gives four words a step of its counter, and blocks begin at multiples of four.
        philox = np.random.Philox(key=self._key, counter=base * self._words // 4)
        raw = philox.random_raw(size * self._words)
        u = np.asarray((raw >> np.uint64(11)) * 2.0**-53, dtype=np.float64)
        samples: list[float] = self._transform(u.reshape(size, self._words)).tolist()
        return samples


class Draws:
    """Makes the streams of one replication."""

    def __init__(self, seed: int, replication: int = 0) -> None:
        self._root = f"{seed}|{replication}"

    def stream(
        self, site: str, source: str = "", attempt: int = 0, *, transform: Transform = uniform, words: int = 1
    ) -> Stream:
        """The stream of *site* for the entities of *source* at their *attempt*-th draw there (counted from 0)."""
        name = f"{self._root}|{site}|{source}|{attempt}"
        key = int.from_bytes(blake2b(name.encode(), digest_size=16).digest(), "little")
        return Stream(key, transform, words=words)


class SiteDraws:
    """The draws of one site for calls of any source and attempt: one stream each, made when first needed."""

    __slots__ = ("_draws", "_site", "_streams", "_transform", "_words")

    def __init__(self, draws: Draws, site: str, transform: Transform = uniform, *, words: int = 1) -> None:
        self._draws = draws
        self._site = site
        self._transform = transform
        self._words = words
        self._streams: dict[tuple[str, int], Stream] = {}

    def __call__(self, source: str, entity: int, attempt: int = 0) -> float:
        """The sample for *entity* of *source* at its *attempt*-th draw here."""
        stream = self._streams.get((source, attempt))
        if stream is None:
            stream = self._streams[source, attempt] = self.stream(source, attempt)
        return stream(entity)

    def of(self, call: Call) -> float:
        """The next sample for *call* here, which counts as one more attempt."""
        # As ``self(call.source, call.entity, call.attempt(site))``: this is the way of every message.
        uses, site = call.uses, self._site
        attempt = uses.get(site, 0)
        uses[site] = attempt + 1
        stream = self._streams.get((call.source, attempt))
        if stream is None:
            return self(call.source, call.entity, attempt)
        i = call.entity - stream.base
        return stream.block[i] if 0 <= i < len(stream.block) else stream(call.entity)

    def stream(self, source: str, attempt: int = 0) -> Stream:
        """The stream behind the draws of one source and attempt."""
        return self._draws.stream(self._site, source, attempt, transform=self._transform, words=self._words)
