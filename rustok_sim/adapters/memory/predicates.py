"""What serializable transactions have read of one table: conditions, not rows, so that a row to come counts too.

PostgreSQL keeps SIREAD locks on rows, index pages and whole tables, whichever its plan went by, and so may refuse
what a condition would let pass. Conditions are what those stand for (Eswaran, Gray, Lorie, Traiger, "The Notions of
Consistency and Predicate Locks in a Database System", 1976).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from rustok_sim.adapters.memory.conditions import Filter
from rustok_sim.core.data import Row, Value

if TYPE_CHECKING:
    from rustok_sim.adapters.memory.serial import Serial

Exact: TypeAlias = tuple[tuple[str, ...], tuple[Value, ...]]


class Predicates:
    """Who has read what. Reads by equality alone are found by the values; all others are asked one by one."""

    __slots__ = ("_exact", "_reads")

    def __init__(self) -> None:
        self._exact: dict[tuple[str, ...], dict[tuple[Value, ...], dict[Serial, None]]] = {}
        self._reads: dict[Serial, tuple[dict[Exact, None], list[Filter]]] = {}

    def add(self, reader: "Serial", read: Filter) -> None:
        """*reader* has read whatever passes *read*."""
        exact, others = self._reads.setdefault(reader, ({}, []))
        if read.tests or not read.exact:
            others.append(read)
        else:
            names, values = tuple(read.exact), tuple(read.exact.values())
            exact[names, values] = None
            self._exact.setdefault(names, {}).setdefault(values, {})[reader] = None

    def drop(self, reader: "Serial") -> None:
        """Forget all that *reader* has read."""
        exact, _ = self._reads.pop(reader, ({}, []))
        for names, values in exact:
            by_values = self._exact[names]
            readers = by_values[values]
            del readers[reader]
            if not readers:
                del by_values[values]

    def readers(self, *rows: Row | None) -> list["Serial"]:
        """Those whose reads any of *rows* would have been in, each once."""
        found: dict[Serial, None] = {}
        for row in rows:
            if row is not None:
                found.update(dict.fromkeys(self._readers(row)))
        return list(found)

    def _readers(self, row: Row) -> Iterator["Serial"]:
        for names, by_values in self._exact.items():
            yield from by_values.get(tuple(row[name] for name in names), ())
        for reader, (_, others) in self._reads.items():
            if any(read.holds(row) for read in others):
                yield reader
