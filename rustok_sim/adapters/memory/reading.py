"""SELECT: what is seen, in order, and locked on request."""

from collections.abc import Iterable, Iterator
from itertools import islice
from operator import itemgetter
from typing import Any, TypeAlias

from rustok_sim.adapters.memory.conditions import Filter
from rustok_sim.adapters.memory.locks import SHARE, UPDATE
from rustok_sim.adapters.memory.ordered import Ordered
from rustok_sim.adapters.memory.records import Record
from rustok_sim.adapters.memory.rowlocks import hold
from rustok_sim.adapters.memory.tables import TableData
from rustok_sim.adapters.memory.transactions import Transaction
from rustok_sim.core.data import Result, Row, Select
from rustok_sim.core.ports import Steps

Target: TypeAlias = tuple[Row, Record]
"""A row that a statement has found, and where."""


def select(transaction: Transaction, home: TableData, query: Select) -> Result:
    """Read or count without locking anything."""
    sought = home.filter(query.where)
    number = transaction.view()
    stop = None if query.limit is None else query.offset + query.limit
    index = _in_order(transaction, home, query, sought)
    if index is not None:
        rows = [row for row, _ in islice(_walk(transaction, number, index, sought), query.offset, stop)]
        return Result(len(rows), [] if query.counting else [row.copy() for row in rows])
    records = home.candidates(sought)
    if transaction.serial is not None:
        transaction.read(home, sought, records)
    rows = []
    for record in records:
        row = record.seen(transaction, number)
        if row is not None and sought.holds(row):
            rows.append(row)
    if query.counting and stop is None and not query.offset:
        return Result(len(rows))
    if len(rows) > 1:
        sort(home, rows, query.order_by)
    if stop is not None or query.offset:
        rows = rows[query.offset : stop]
    return Result(len(rows), [] if query.counting else [row.copy() for row in rows])


def select_for(transaction: Transaction, home: TableData, query: Select) -> Steps[Result]:
    """Read and lock, one row after the other and no more than are wanted.

    The order is that of the snapshot's rows, though a row may have changed by the time its lock was free.
    """
    mode = UPDATE if query.lock == "update" else SHARE
    sought = home.filter(query.where)
    number = transaction.view()
    stop = None if query.limit is None else query.offset + query.limit
    targets: Iterable[Target]
    index = _in_order(transaction, home, query, sought)
    if index is None:
        targets = found(transaction, home, sought, query.order_by)
    else:
        targets = _walk(transaction, number, index, sought)
    rows: list[Row] = []
    for seen, record in targets:
        if stop is not None and len(rows) >= stop:
            break
        row = yield from hold(transaction, record, seen, mode, sought, skip=query.skip_locked)
        if row is not None:
            rows.append(row)
    rows = rows[query.offset :]
    return Result(len(rows), [] if query.counting else [row.copy() for row in rows])


def found(transaction: Transaction, home: TableData, sought: Filter, order_by: tuple[str, ...] = ()) -> list[Target]:
    """The rows in the transaction's snapshot that pass *sought*."""
    number = transaction.view()
    records = home.candidates(sought)
    if transaction.serial is not None:
        transaction.read(home, sought, records)
    targets = []
    for record in records:
        row = record.seen(transaction, number)
        if row is not None and sought.holds(row):
            targets.append((row, record))
    if len(targets) > 1:
        places = {id(row): record for row, record in targets}
        rows = [row for row, _ in targets]
        sort(home, rows, order_by)
        return [(row, places[id(row)]) for row in rows]
    return targets


def _in_order(transaction: Transaction, home: TableData, query: Select, sought: Filter) -> Ordered | None:
    # Who must be serializable takes note of all that could have been read. Who waits for locks finds all rows before
    # the first wait: versions that no snapshot keeps may be gone after it.
    if transaction.serial is not None or (query.lock is not None and not query.skip_locked):
        return None
    return home.in_order(query, sought)


def _walk(transaction: Transaction, number: int, index: Ordered, sought: Filter) -> Iterator[Target]:
    for key, record in index.walk(sought):
        row = record.seen(transaction, number)
        if row is not None and index.key(row) == key and sought.holds(row):
            yield row, record


def sort(home: TableData, rows: list[Row], order_by: tuple[str, ...]) -> None:
    """By primary key, then by what is asked for; nulls come last, and first where the order descends."""
    rows.sort(key=home.primary.key)
    for name in reversed(order_by):
        down = name.startswith("-")
        rows.sort(key=_null_last(name[down:]), reverse=down)


def _null_last(name: str) -> Any:
    value_of = itemgetter(name)
    return lambda row: ((value := value_of(row)) is None, value)
