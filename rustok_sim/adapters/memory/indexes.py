"""Indexes: from the values of some columns to the records that have, or had, a version with them."""

from collections.abc import Collection
from itertools import product
from operator import itemgetter
from typing import Any, Protocol

from rustok_sim.adapters.memory.conditions import Filter
from rustok_sim.adapters.memory.records import Record
from rustok_sim.core.data import Row


class Index:
    """A hash index. Rows with a null among the columns are not in it: no equality finds them, no rule compares them.

    A unique index keeps tuples, since more than one record of the same values is a rare and passing thing; others
    keep dictionaries, where a record is taken out at once and the order is that of arrival.
    """

    __slots__ = ("_single", "buckets", "columns", "kept", "key", "names", "unique")

    def __init__(self, columns: tuple[str, ...], *, unique: bool) -> None:
        self.columns = columns
        self.names = ",".join(columns)
        self.unique = unique
        self.kept = unique
        """Whether writes keep it up to date: a rule always, others once somebody looks by them."""
        self.key: Any = itemgetter(*columns)
        self._single = len(columns) == 1
        self.buckets: dict[Any, Collection[Record]] = {}

    def whole(self, key: Any) -> bool:
        """Whether no value in *key* is null."""
        return key is not None if self._single else None not in key

    def add(self, record: Record, row: Row) -> None:
        """Make *record* found by the values of *row*."""
        key = self.key(row)
        bucket = self.buckets.get(key)
        if bucket is None:
            if self.whole(key):
                self.buckets[key] = (record,) if self.unique else {record: None}
        elif isinstance(bucket, dict):
            bucket[record] = None
        elif record not in bucket:
            self.buckets[key] = (*bucket, record)

    def remove(self, record: Record, row: Row) -> None:
        """Make *record* no longer found by the values of *row*, if it was."""
        key = self.key(row)
        bucket = self.buckets.get(key)
        if bucket is None or record not in bucket:
            return
        if len(bucket) == 1:
            del self.buckets[key]
        elif isinstance(bucket, dict):
            del bucket[record]
        else:
            self.buckets[key] = tuple(other for other in bucket if other is not record)

    def found(self, sought: Filter) -> Collection[Record]:
        """The records that may pass *sought*, which names all columns of this index."""
        if sought.choices is None:
            return self.buckets.get(self.key(sought.exact), ())
        exact, choices = sought.exact, sought.choices
        values = [(exact[name],) if name in exact else choices[name] for name in self.columns]
        records: dict[Record, None] = {}
        for key in product(*values):
            for record in self.buckets.get(key[0] if self._single else key, ()):
                records[record] = None
        return records


class Places(Protocol):
    """What every index keeps: by which values each record is found."""

    key: Any

    def remove(self, record: Record, row: Row) -> None:
        """Make *record* no longer found by the values of *row*."""
        ...


def forget(record: Record, indexes: Collection[Places], row: Row) -> None:
    """Take *record* out where only *row*, which is no longer a version of it, had put it."""
    others = record.rows()
    for index in indexes:
        key = index.key(row)
        for other in others:
            if index.key(other) == key:
                break
        else:
            index.remove(record, row)
