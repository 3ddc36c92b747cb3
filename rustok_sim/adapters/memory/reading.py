"""SELECT: what is seen, in order, and locked on request."""

from operator import itemgetter
from typing import Any, TypeAlias

from rustok_sim.adapters.memory.conditions import Filter
from rustok_sim.adapters.memory.locks import SHARE, UPDATE
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
    records = home.candidates(sought)
    if transaction.serial is not None:
        transaction.read(home, sought, records)
    rows = []
    for record in records:
        row = record.seen(transaction, number)
        if row is not None and sought.holds(row):
            rows.append(row)
    if query.counting and query.limit is None and not query.offset:
        return Result(len(rows))
    if len(rows) > 1:
        sort(home, rows, query.order_by)
    if query.limit is not None or query.offset:
        rows = rows[query.offset : None if query.limit is None else query.offset + query.limit]
    return Result(len(rows), [] if query.counting else [row.copy() for row in rows])


def select_for(transaction: Transaction, home: TableData, query: Select) -> Steps[Result]:
    """Read and lock, one row after the other and no more than are wanted.

    The order is that of the snapshot's rows, though a row may have changed by the time its lock was free.
    """
    mode = UPDATE if query.lock == "update" else SHARE
    sought = home.filter(query.where)
    targets = found(transaction, home, sought, query.order_by)
    wanted = len(targets) if query.limit is None else query.offset + query.limit
    rows: list[Row] = []
    for seen, record in targets:
        if len(rows) >= wanted:
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


def sort(home: TableData, rows: list[Row], order_by: tuple[str, ...]) -> None:
    """By primary key, then by what is asked for; nulls come last, and first where the order descends."""
    rows.sort(key=home.primary.key)
    for name in reversed(order_by):
        down = name.startswith("-")
        rows.sort(key=_null_last(name[down:]), reverse=down)


def _null_last(name: str) -> Any:
    value_of = itemgetter(name)
    return lambda row: ((value := value_of(row)) is None, value)
