"""One transaction: its snapshot, what it wrote and locked, and its end."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from rustok_sim.adapters.memory.conditions import Filter
from rustok_sim.adapters.memory.indexes import forget
from rustok_sim.adapters.memory.ledger import Ledger
from rustok_sim.adapters.memory.locks import unlock
from rustok_sim.adapters.memory.records import FROZEN, Record, Writer
from rustok_sim.adapters.memory.waiting import Waiter
from rustok_sim.core.data import Isolation, Row
from rustok_sim.core.ports import Runtime

if TYPE_CHECKING:
    from rustok_sim.adapters.memory.tables import TableData


class Transaction(Writer):
    """One transaction. ``fixed``: it keeps the snapshot of its first statement, and may not overwrite what is newer."""

    waiter: Waiter | None = None
    lost = False
    over = False
    _snapshot: int | None = None

    def __init__(self, ledger: Ledger, runtime: Runtime | None, isolation: Isolation) -> None:
        self.ledger = ledger
        self.runtime = runtime
        self.fixed = isolation != "read_committed"
        self._serializable = isolation == "serializable"
        self.written: list[Record] = []
        """In order; a record once for each version."""
        self.locked: list[Record] = []
        self.followers: list[Waiter] = []
        """Those who wait for the end of this."""
        ledger.open[self] = None

    def view(self) -> int:
        """The commit as of which the present statement reads."""
        if not self.fixed:
            return self.ledger.last
        if self._snapshot is None:
            # Not at BEGIN: "as of the start of the first non-transaction-control statement" (the manual, 13.2.2).
            self._snapshot = self.ledger.snapshots[self] = self.ledger.last
            if self._serializable:
                self.serial = self.ledger.conflicts.begin()
        return self._snapshot

    def read(self, home: "TableData", sought: Filter, records: Collection[Record]) -> None:
        """Take note of a read, for who must be serializable. Raises ``SerializationFailure``."""
        if self.serial is not None:
            self.serial.read(self, self.view(), home, sought, records)

    def write(self, record: Record, row: Row | None) -> None:
        """Put a new version on *record*, whose lock is ours. Raises ``SerializationFailure``."""
        if self.serial is not None:
            self.serial.write(record.home, record.row, row)
        record.older = (record.row, record.writer, record.older)
        record.row = row
        record.writer = self
        self.written.append(record)

    def prepare(self) -> None:
        """The last moment at which the commit may be refused: rolls back and raises ``SerializationFailure``."""
        if self.serial is not None:
            try:
                self.ledger.conflicts.prepare(self.serial)
            except BaseException:
                self.roll_back()
                raise

    def commit(self) -> None:
        """All that it wrote is there for the statements to come."""
        ledger = self.ledger
        if self.serial is not None:
            ledger.conflicts.commit(self.serial)
        if self.fixed:
            self._close_snapshot()
        if self.written:
            ledger.last = self.number = ledger.last + 1
            ledger.committed(self.written)
        self._end()

    def roll_back(self) -> None:
        """Nothing of it was ever there."""
        for record in reversed(self.written):
            _undo(record)
        if self.serial is not None:
            self.ledger.conflicts.roll_back(self.serial)
        if self.fixed:
            self._close_snapshot()
        self._end()

    def lose(self) -> None:
        """The server has crashed: nothing of it was ever there, and if it waits, it shall hear of it."""
        waiter, self.lost = self.waiter, True
        self.roll_back()
        if waiter is not None:
            waiter.over()

    def _close_snapshot(self) -> None:
        self.ledger.snapshots.pop(self, None)
        self.ledger.vacuum()

    def _end(self) -> None:
        self.over = True
        self.ledger.open.pop(self, None)
        if self.waiter is not None:
            self.waiter.leave()
        for record in self.locked:
            unlock(record, self)
        for waiter in self.followers:
            waiter.over()
        self.written, self.locked, self.followers = [], [], []


def _undo(record: Record) -> None:
    row, older = record.row, record.older
    if older is None:
        record.row, record.writer = None, FROZEN
    else:
        record.row, record.writer, record.older = older
    if row is not None and (older is None or record.rekeyed):
        forget(record, record.home.indexes, row)


class Reader(Transaction):
    """Whoever reads a single statement outside any transaction: one for all of them, since it leaves nothing behind."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger, None, "read_committed")
        del ledger.open[self]
