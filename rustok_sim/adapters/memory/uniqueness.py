"""Unique rules among transactions that may yet roll back."""

from collections.abc import Mapping

from rustok_sim.adapters.memory.indexes import Index
from rustok_sim.adapters.memory.records import NEVER, Record, Writer
from rustok_sim.adapters.memory.tables import TableData
from rustok_sim.adapters.memory.transactions import Transaction
from rustok_sim.adapters.memory.waiting import wait_for_end
from rustok_sim.core.data import Row, Value
from rustok_sim.core.errors import SerializationFailure, UniqueViolation
from rustok_sim.core.ports import Steps


def claim(transaction: Transaction, index: Index, row: Row, record: Record) -> Steps[None]:
    """Make sure that no record but *record* has the values of *row*. Raises ``UniqueViolation``.

    Whoever is about to write or to remove such a row is waited for first: only its end tells (``_bt_check_unique``
    in ``src/backend/access/nbtree/nbtinsert.c``).
    """
    other = yield from rival(transaction, index, row, record)
    if other is not None:
        if transaction.serial is not None:
            # Who must fail for what it has read shall hear of that, and try again, rather than of the key.
            transaction.serial.write(record.home, None, row)
        raise UniqueViolation(record.home.table.name, index.names)


def taken(transaction: Transaction, home: TableData, row: Row) -> Steps[bool]:
    """Whether a unique rule stands against *row*: then ON CONFLICT DO NOTHING does nothing.

    Raises ``SerializationFailure`` if the row in the way is hidden from a fixed snapshot
    (``ExecCheckTupleVisible`` in ``src/backend/executor/nodeModifyTable.c``).
    """
    indexes = list(home.unique)
    while indexes:
        other, undecided = _rival(transaction, indexes[0], row, None)
        if undecided is not None:
            yield from wait_for_end(undecided, transaction)
            indexes = list(home.unique)
        elif other is None:
            del indexes[0]
        else:
            must_see(transaction, other)
            return True
    return False


def must_see(transaction: Transaction, record: Record) -> None:
    """Nothing, or ``SerializationFailure`` if a fixed snapshot hides *record*, which is in the way."""
    if transaction.fixed and record.seen(transaction, transaction.view()) is None:
        raise SerializationFailure("could not serialize access due to concurrent update")


def rival(
    transaction: Transaction, index: Index, row: Mapping[str, Value], record: Record | None
) -> Steps[Record | None]:
    """The record other than *record* that has the values of *row*, when it is decided whether there is one."""
    while True:
        other, undecided = _rival(transaction, index, row, record)
        if undecided is None:
            return other
        yield from wait_for_end(undecided, transaction)


def _rival(
    transaction: Transaction, index: Index, row: Mapping[str, Value], record: Record | None
) -> tuple[Record | None, Transaction | None]:
    """Who but *record* has the values of *row*: a record, or the transaction on whose end that depends."""
    key = index.key(row)
    for other in index.buckets.get(key, ()):
        if other is record:
            continue
        writer: Writer = other.writer
        if isinstance(writer, Transaction) and writer is not transaction and writer.number == NEVER:
            if any(index.key(version) == key for version in _possible(other)):
                return None, writer
        elif other.row is not None and index.key(other.row) == key:
            return other, None
    return None, None


def _possible(record: Record) -> list[Row]:
    """The versions of which one will be the newest when the present writer has ended."""
    rows = [record.row]
    version = record.older
    while version is not None and version[1] is record.writer:
        version = version[2]
    if version is not None:
        rows.append(version[0])
    return [row for row in rows if row is not None]
