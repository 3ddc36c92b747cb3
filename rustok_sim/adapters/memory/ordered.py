"""Indexes in order: for who wants the first rows of many, and would not look at the rest."""

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from sortedcontainers import SortedList

from rustok_sim.adapters.memory.conditions import Filter
from rustok_sim.adapters.memory.indexes import Index
from rustok_sim.adapters.memory.records import Record
from rustok_sim.core.data import Row


class Ordered:
    """The values of some columns in order, and after them the primary key; whose they are, the primary index knows.

    As in a hash index, each version of a row has its place, and rows with a null among the columns have none.
    """

    __slots__ = ("columns", "key", "order_by", "prefix", "_keys", "_owner", "_primary")

    unique = False

    def __init__(self, columns: tuple[str, ...], primary: Index) -> None:
        self.columns = (*columns, *(name for name in primary.columns if name not in columns))
        self.key: Any = itemgetter(*self.columns)
        self.prefix = columns[:-1]
        self.order_by = columns[-1:]
        self._keys: SortedList = SortedList()
        self._primary = primary
        self._owner = itemgetter(*(self.columns.index(name) for name in primary.columns))

    def add(self, record: Record, row: Row) -> None:
        """Make *record* found by the values of *row*."""
        key = self.key(row)
        if None not in key and key not in self._keys:
            self._keys.add(key)

    def remove(self, record: Record, row: Row) -> None:
        """Make *record* no longer found by the values of *row*, unless they are another's too."""
        key = self.key(row)
        others = (other for other in self._owners(key) if other is not record)
        if None not in key and not any(self.key(version) == key for other in others for version in other.rows()):
            self._keys.discard(key)

    def walk(self, sought: Filter) -> Iterator[tuple[Any, Record]]:
        """Places in order, each with a record that has, or had, a version there; *sought* names the whole prefix."""
        prefix = tuple(sought.exact[name] for name in self.prefix)
        size = len(prefix)
        for key in self._keys.irange(prefix):
            if key[:size] != prefix:
                return
            for record in self._owners(key):
                yield key, record

    def _owners(self, key: Any) -> Any:
        return self._primary.buckets.get(self._owner(key), ())
