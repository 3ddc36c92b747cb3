"""References between rows: the parent that must be there, and the children of one that goes.

As PostgreSQL's triggers do it (``src/backend/utils/adt/ri_triggers.c``): at the end of the statement; the parent of
a new row is locked FOR KEY SHARE, so that it can change but not go; children are looked for among the newest
committed rows, whatever the snapshot, and a fixed snapshot fails at one that it does not see.
"""

from collections.abc import Sequence

from rustok_sim.adapters.memory.conditions import Filter
from rustok_sim.adapters.memory.indexes import Index
from rustok_sim.adapters.memory.locks import KEY_SHARE, NO_KEY_UPDATE, UPDATE, lock_now
from rustok_sim.adapters.memory.reading import Target
from rustok_sim.adapters.memory.records import Record
from rustok_sim.adapters.memory.rowlocks import hold
from rustok_sim.adapters.memory.rules import obey
from rustok_sim.adapters.memory.tables import Change, Link, TableData
from rustok_sim.adapters.memory.transactions import Transaction
from rustok_sim.adapters.memory.uniqueness import claim
from rustok_sim.core.data import Row
from rustok_sim.core.errors import ForeignKeyViolation, SerializationFailure
from rustok_sim.core.ports import Steps


def refer(transaction: Transaction, link: Link, row: Row) -> Steps[None]:
    """Lock the parent of *row*. Raises ``ForeignKeyViolation`` if there is none."""
    key = link.key.key(row)
    if not link.key.whole(key):
        return
    number = transaction.view()
    parents = link.parent.primary.buckets.get(key, ())
    if transaction.serial is not None:
        transaction.read(link.parent, _by_key(link, key), parents)
    for record in parents:
        seen = record.seen(transaction, number)
        if seen is None or link.parent.primary.key(seen) != key:
            continue
        if record.row is seen and lock_now(record, transaction, KEY_SHARE):
            return
        if (yield from hold(transaction, record, seen, KEY_SHARE, _by_key(link, key))) is not None:
            return
    raise ForeignKeyViolation(link.child.table.name, link.key.names)


def remove(transaction: Transaction, home: TableData, targets: Sequence[Target], sought: Filter) -> Steps[int]:
    """Delete *targets* that still are what was *sought*, and see to their children; how many they were."""
    gone = []
    for seen, record in targets:
        row: Row | None = seen
        if record.row is not seen or not lock_now(record, transaction, UPDATE):
            row = yield from hold(transaction, record, seen, UPDATE, sought)
        if row is not None:
            transaction.write(record, None)
            gone.append(row)
    if home.children:
        for row in gone:
            for link in home.children:
                yield from _bereave(transaction, link, row)
    return len(gone)


def put(transaction: Transaction, record: Record, old: Row, new: Row, change: Change) -> Steps[None]:
    """Write *new* over *old*, and find it by what it is now. Raises ``UniqueViolation``."""
    transaction.write(record, new)
    for index in change.indexes:
        if index.key(new) != index.key(old):
            if isinstance(index, Index) and index.unique:
                yield from claim(transaction, index, new, record)
            record.rekeyed = record.home.rekeyed = True
            index.add(record, new)


def keep_children(transaction: Transaction, home: TableData, old: Row) -> Steps[None]:
    """The primary key of *old* is no longer: nobody may refer to it. Raises ``ForeignKeyViolation``."""
    for link in home.children:
        yield from _refuse(transaction, link, _children(transaction, link, old))


def _bereave(transaction: Transaction, link: Link, parent: Row) -> Steps[None]:
    targets = _children(transaction, link, parent)
    if not targets:
        return
    if link.reference.on_delete == "refuse":
        yield from _refuse(transaction, link, targets)
        return
    if transaction.fixed:
        number = transaction.view()
        if any(record.seen(transaction, number) is not row for row, record in targets):
            raise SerializationFailure("could not serialize access due to concurrent update")
    sought = _by_columns(link, parent)
    if link.reference.on_delete == "cascade":
        yield from remove(transaction, link.child, targets, sought)
    else:
        yield from _set_null(transaction, link, targets, sought)


def _refuse(transaction: Transaction, link: Link, targets: Sequence[Target]) -> Steps[None]:
    for row, record in targets:
        if (yield from hold(transaction, record, row, KEY_SHARE, Filter({}))) is not None:
            raise ForeignKeyViolation(link.child.table.name, link.key.names)


def _set_null(transaction: Transaction, link: Link, targets: Sequence[Target], sought: Filter) -> Steps[None]:
    child, columns = link.child, link.reference.columns
    change = child.change(columns)
    mode = UPDATE if change.unique else NO_KEY_UPDATE
    for seen, record in targets:
        old = yield from hold(transaction, record, seen, mode, sought)
        if old is not None:
            new = child.columns.changed(old, dict.fromkeys(columns))
            obey(child.table, change.rules, new)
            yield from put(transaction, record, old, new, change)


def _children(transaction: Transaction, link: Link, parent: Row) -> list[Target]:
    sought = _by_columns(link, parent)
    records = link.child.candidates(sought)
    if transaction.serial is not None:
        transaction.read(link.child, sought, records)
    targets = []
    for record in records:
        row = record.settled(transaction)
        if row is not None and sought.holds(row):
            targets.append((row, record))
    key = link.child.primary.key
    targets.sort(key=lambda target: key(target[0]))
    return targets


def _by_columns(link: Link, parent: Row) -> Filter:
    return Filter({child: parent[name] for child, name in zip(link.key.columns, link.parent.table.key, strict=True)})


def _by_key(link: Link, key: object) -> Filter:
    columns = link.parent.table.key
    values = key if isinstance(key, tuple) else (key,)
    return Filter(dict(zip(columns, values, strict=True)))
