"""INSERT ... ON CONFLICT (key) DO UPDATE, or DO NOTHING, for many rows in one statement."""

from collections.abc import Mapping

from rustok_sim.adapters.memory.conditions import Filter
from rustok_sim.adapters.memory.indexes import Index
from rustok_sim.adapters.memory.locks import lock_now
from rustok_sim.adapters.memory.records import Record
from rustok_sim.adapters.memory.references import put, refer
from rustok_sim.adapters.memory.rowlocks import hold
from rustok_sim.adapters.memory.rules import obey
from rustok_sim.adapters.memory.tables import Change, TableData
from rustok_sim.adapters.memory.transactions import Transaction
from rustok_sim.adapters.memory.uniqueness import must_see, rival
from rustok_sim.adapters.memory.writing import add, look_at_keys, mode_of
from rustok_sim.core.data import Result, Row, Upsert, Value, same
from rustok_sim.core.ports import Steps


def upsert(transaction: Transaction, home: TableData, statement: Upsert) -> Steps[Result]:
    """Write rows, or change those that are there. Raises ``ConstraintViolation``, ``SerializationFailure``.

    Row after row, as in PostgreSQL: who is about to write the same key is waited for, and a row that is there is
    locked and changed in its newest version, even if the statement's snapshot does not show it at READ COMMITTED
    (``ExecOnConflictUpdate`` in ``src/backend/executor/nodeModifyTable.c``).
    """
    if transaction.fixed:
        transaction.view()
    index, change = home.unique_on(statement.key), home.change(statement.changes)
    added: list[Row] = []
    changed: list[tuple[Row, Row]] = []
    for values in statement.rows:
        while True:
            there = yield from rival(transaction, index, values, None)
            if there is None:
                # Nothing comes between this look and the claim of the key, unless a rule before it has to wait.
                row = yield from add(transaction, home, values)
                if row is not None:
                    added.append(row)
                break
            must_see(transaction, there)
            if not statement.changes:
                break
            old = yield from _held(transaction, there, index, change, values)
            if old is None:
                continue  # gone while its lock was waited for
            if _mine(home, old, values):
                new = home.columns.changed(old, {name: values[name] for name in statement.changes})
                obey(home.table, change.rules, new)
                yield from put(transaction, there, old, new, change)
                changed.append((old, new))
            break
    for row in added:
        for link in home.parents:
            yield from refer(transaction, link, row)
    if change.parents or change.rekeys:
        yield from look_at_keys(transaction, home, change, changed)
    return Result(len(added) + len(changed))


def _held(
    transaction: Transaction, record: Record, index: Index, change: Change, values: Mapping[str, Value]
) -> Steps[Row | None]:
    """The row to change, locked; none if it has another key by now, or is gone."""
    if transaction.serial is not None:
        transaction.read(record.home, _keyed(record, index, values), (record,))
    seen = record.seen(transaction, transaction.view()) if transaction.fixed else record.settled(transaction)
    if seen is None:
        return None
    mode = mode_of(change, values, seen)
    if record.row is seen and lock_now(record, transaction, mode):
        return seen
    return (yield from hold(transaction, record, seen, mode, _keyed(record, index, values)))


def _keyed(record: Record, index: Index, values: Mapping[str, Value]) -> Filter:
    return record.home.filter(same(**{name: values[name] for name in index.columns}))


def _mine(home: TableData, old: Row, values: Mapping[str, Value]) -> bool:
    owner = home.table.owner
    return owner is None or old[owner] == values.get(owner)
