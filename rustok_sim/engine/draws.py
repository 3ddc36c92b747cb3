"""Random draws keyed by where and for whom they are made.

A stream belongs to (root seed, replication, site, source, attempt); the entity is a place in that stream. So "the
service time of customer 4711 at the database, second attempt" is one fixed number, whoever asks for it, in
whatever order: adding a fault or turning a breaker on moves no other draw (common random numbers).

The generator is Philox4x64-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"), which is counter
based: any place can be computed without its predecessors. Places are computed in blocks, because neighbours
are usually asked for soon.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from hashlib import blake2b
from typing import Final, Generic, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from rustok_sim.core.ports import Call

S = TypeVar("S")

Transform: TypeAlias = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Turns uniform numbers in [0, 1), shape (n, words), into n samples."""

DENSE: Final = 1024
SPARSE: Final = 64
KEPT_BLOCKS: Final = 16
LONGEST: Final = 64
"""Samples in a row; a power of two."""


def uniform(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """The uniform numbers themselves."""
    return u[:, 0]


class _Blocks(ABC, Generic[S]):
    """Something for each entity, made in blocks. Asking costs about 0.1 µs where neighbours were asked for before."""

    __slots__ = ("_base", "_block", "_end", "_kept")

    def __init__(self) -> None:
        self._base = 0
        self._block: list[S] = []
        self._end = 0
        self._kept: dict[int, list[S]] = {}

    def __call__(self, entity: int) -> S:
        """What there is for *entity* (0 or more)."""
        i = entity - self._base
        if 0 <= i < len(self._block):
            return self._block[i]
        return self._turn_to(entity)

    def _turn_to(self, entity: int) -> S:
        """Make the block that holds *entity* the present one."""
        for base, block in self._kept.items():
            if 0 <= entity - base < len(block):
                break
        else:
            # What marches on is read in ever larger blocks, and what many wander over (a burst of thousands whose
            # answers come in any order) in the largest; a few that jump are not worth large ones.
            if entity == self._end:
                size, base = min(DENSE, max(SPARSE, 4 * len(self._block))), entity
            else:
                size = DENSE if len(self._kept) == KEPT_BLOCKS else SPARSE
                base = entity - entity % size
            block = self._compute(base, size)
            self._end = base + size
            if len(self._kept) == KEPT_BLOCKS:
                del self._kept[next(iter(self._kept))]
            self._kept[base] = block
        self._base, self._block = base, block
        return block[entity - base]

    @abstractmethod
    def _compute(self, base: int, size: int) -> list[S]:
        """The block of *size* that begins at *base*."""


class Stream(_Blocks[float]):
    """All samples of one stream, by entity."""

    __slots__ = ("_key", "_transform", "_words")

    def __init__(self, key: int, transform: Transform = uniform, *, words: int = 1) -> None:
        super().__init__()
        self._key = key
        self._transform = transform
        self._words = words

    def _compute(self, base: int, size: int) -> list[float]:
        samples: list[float] = _samples([self._key], base, size, self._transform, self._words)[0].tolist()
        return samples


class _Rows(_Blocks[tuple[float, ...]]):
    """The samples of several streams side by side: all that one call needs at a site, made together."""

    __slots__ = ("_keys", "_transform", "_words")

    def __init__(self, keys: list[int], transform: Transform, words: int) -> None:
        super().__init__()
        self._keys = keys
        self._transform = transform
        self._words = words

    def __len__(self) -> int:
        return len(self._keys)

    def _compute(self, base: int, size: int) -> list[tuple[float, ...]]:
        columns = _samples(self._keys, base, size, self._transform, self._words).tolist()
        return list(zip(*columns, strict=True))


def _samples(keys: list[int], base: int, size: int, transform: Transform, words: int) -> NDArray[np.float64]:
    """A row for each key, of its samples from *base* on: one transform for all costs little more than for one."""
    # Philox gives four words a step of its counter, and blocks begin at multiples of four.
    raw = [np.random.Philox(key=key, counter=base * words // 4).random_raw(size * words) for key in keys]
    u = np.asarray((np.concatenate(raw) >> np.uint64(11)) * 2.0**-53, dtype=np.float64)
    return transform(u.reshape(-1, words)).reshape(len(keys), size)


class Draws:
    """Makes the streams of one replication."""

    def __init__(self, seed: int, replication: int = 0) -> None:
        self._root = f"{seed}|{replication}"
        self._lucks: dict[str, SiteDraws] = {}

    def luck(self, site: str) -> "SiteDraws":
        """The uniform draws of *site*: the same object for all nodes, since a call may come to one after the other."""
        draws = self._lucks.get(site)
        if draws is None:
            draws = self._lucks[site] = SiteDraws(self, site)
        return draws

    def stream(
        self, site: str, source: str = "", attempt: int = 0, *, transform: Transform = uniform, words: int = 1
    ) -> Stream:
        """The stream of *site* for the entities of *source* at their *attempt*-th draw there (counted from 0)."""
        return Stream(self.key(site, source, attempt), transform, words=words)

    def key(self, site: str, source: str, attempt: int) -> int:
        """The key of a stream."""
        name = f"{self._root}|{site}|{source}|{attempt}"
        return int.from_bytes(blake2b(name.encode(), digest_size=16).digest(), "little")


class SiteDraws:
    """The draws of one site for calls of any source and attempt: one stream each, made when first needed.

    A call takes its samples from rows of them, by attempt, which are as long as calls were seen to need. One object
    stands for a site throughout a run: what a call has not yet met of a row lies with the call.
    """

    __slots__ = ("_draws", "_rows", "_site", "_streams", "_transform", "_words")

    def __init__(self, draws: Draws, site: str, transform: Transform = uniform, *, words: int = 1) -> None:
        self._draws = draws
        self._site = site
        self._transform = transform
        self._words = words
        self._streams: dict[tuple[str, int], Stream] = {}
        self._rows: dict[tuple[str, int], _Rows] = {}

    def __call__(self, source: str, entity: int, attempt: int = 0) -> float:
        """The sample for *entity* of *source* at its *attempt*-th draw here."""
        stream = self._streams.get((source, attempt))
        if stream is None:
            stream = self._streams[source, attempt] = self.stream(source, attempt)
        return stream(entity)

    def of(self, call: Call) -> float:
        """The next sample for *call* here, which counts as one more attempt."""
        # As ``self(call.source, call.entity, call.attempt(site))``: this is the way of every message.
        row = call.luck.get(self)
        if row is not None:
            for sample in row:
                return sample
        return self._next_row(call)

    def _next_row(self, call: Call) -> float:
        uses, site = call.uses, self._site
        taken = uses.get(site, 0)
        first = taken - taken % LONGEST
        rows = self._rows.get((call.source, first))
        while rows is None or taken - first >= len(rows):
            rows = self._longer_rows(call.source, first, 0 if rows is None else len(rows))
        samples = rows(call.entity)[taken - first :]
        uses[site] = taken + len(samples)
        row = call.luck[self] = iter(samples)
        return next(row)

    def _longer_rows(self, source: str, first: int, length: int) -> _Rows:
        # Who needs more than a whole row, as whoever handles many rows in one call, will need the next one whole.
        length = LONGEST if first else max(1, 2 * length)
        keys = [self._draws.key(self._site, source, attempt) for attempt in range(first, first + length)]
        rows = self._rows[source, first] = _Rows(keys, self._transform, self._words)
        return rows

    def stream(self, source: str, attempt: int = 0) -> Stream:
        """The stream behind the draws of one source and attempt."""
        return self._draws.stream(self._site, source, attempt, transform=self._transform, words=self._words)
