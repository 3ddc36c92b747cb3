"""INSERT, UPDATE and DELETE."""

from collections.abc import Mapping
from typing import Any

from rustok_sim.adapters.memory.conditions import value_of
from rustok_sim.adapters.memory.locks import NO_KEY_UPDATE, UPDATE, lock_now
from rustok_sim.adapters.memory.reading import found
from rustok_sim.adapters.memory.records import Record
from rustok_sim.adapters.memory.references import keep_children, put, refer, remove
from rustok_sim.adapters.memory.rowlocks import hold
from rustok_sim.adapters.memory.rules import obey
from rustok_sim.adapters.memory.tables import Change, TableData
from rustok_sim.adapters.memory.transactions import Transaction
from rustok_sim.adapters.memory.uniqueness import claim, taken
from rustok_sim.core.data import Delete, Expression, Insert, Result, Row, Update, Value
from rustok_sim.core.ports import Steps


def insert(transaction: Transaction, home: TableData, statement: Insert) -> Steps[Result]:
    """Write a row. Raises ``ConstraintViolation``."""
    row = yield from add(transaction, home, statement.row, or_skip=statement.or_skip)
    if row is None:
        return Result(0)
    for link in home.parents:
        yield from refer(transaction, link, row)
    return Result(1)


def add(
    transaction: Transaction, home: TableData, values: Mapping[str, Value], *, or_skip: bool = False
) -> Steps[Row | None]:
    """Write a row, and look for its parents later. Raises ``ConstraintViolation``."""
    if transaction.fixed:
        transaction.view()
    row = home.columns.row(values)
    if home.rules:
        obey(home.table, home.rules, row)
    if or_skip and (yield from taken(transaction, home, row)):
        return None
    record = Record(home, row, transaction)
    transaction.written.append(record)
    if transaction.serial is not None:
        transaction.serial.write(home, None, row)
    for index in home.unique:
        key = index.key(row)
        if key in index.buckets:
            yield from claim(transaction, index, row, record)
            index.add(record, row)
        elif index.whole(key):
            index.buckets[key] = (record,)
    for index in home.plain:
        index.add(record, row)
    for ordered in home.ordered:
        ordered.add(record, row)
    return row


def update(transaction: Transaction, home: TableData, statement: Update) -> Steps[Result]:
    """Change rows. Raises ``ConstraintViolation``."""
    change = home.change(tuple(statement.changes))
    sought = home.filter(statement.where)
    written: list[tuple[Row, Row]] = []
    values: Mapping[str, Any] = statement.changes
    # Most updates write the same on every row: what to look at is found once then.
    care = None if Expression in map(type, values.values()) else home.columns.care(values)
    for seen, record in found(transaction, home, sought):
        if care is None:
            values = _values(statement, seen)
        mode = mode_of(change, values, seen)
        old = seen
        if record.row is not seen or not lock_now(record, transaction, mode):
            now = yield from hold(transaction, record, seen, mode, sought)
            if now is None:
                continue
            if now is not seen:
                old = now
                if care is None:
                    values = _values(statement, old)
                # What the row has become may make it a change of keys.
                if mode_of(change, values, old) > mode:
                    yield from hold(transaction, record, old, UPDATE, sought)
        new = home.columns.changed(old, values) if care is None else home.columns.put(old, values, care)
        if change.rules:
            obey(home.table, change.rules, new)
        if change.indexes:
            yield from put(transaction, record, old, new, change)
        else:
            transaction.write(record, new)
        written.append((old, new))
    if change.parents or change.rekeys:
        yield from look_at_keys(transaction, home, change, written)
    return Result(len(written), [new.copy() for _, new in written] if statement.returning else [])


def delete(transaction: Transaction, home: TableData, statement: Delete) -> Steps[Result]:
    """Remove rows and what hangs on them. Raises ``ForeignKeyViolation``."""
    sought = home.filter(statement.where)
    return Result((yield from remove(transaction, home, found(transaction, home, sought), sought)))


def _values(statement: Update, row: Row) -> dict[str, Any]:
    return {
        name: value_of(operand, row) if type(operand) is Expression else operand
        for name, operand in statement.changes.items()
    }


def mode_of(change: Change, values: Mapping[str, Any], row: Row) -> int:
    """The lock that writing *values* on *row* needs: a change of keys needs the strongest."""
    for index in change.unique:
        for name in index.columns:
            if name in values and values[name] != row[name]:
                return UPDATE
    return NO_KEY_UPDATE


def look_at_keys(
    transaction: Transaction, home: TableData, change: Change, written: list[tuple[Row, Row]]
) -> Steps[None]:
    """What is looked at when all rows are written. Raises ``ForeignKeyViolation``."""
    for old, new in written:
        for link in change.parents:
            if link.key.key(old) != link.key.key(new):
                yield from refer(transaction, link, new)
        if change.rekeys and home.primary.key(old) != home.primary.key(new):
            yield from keep_children(transaction, home, old)
