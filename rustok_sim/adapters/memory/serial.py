"""Serializable snapshot isolation: which transaction must fail so that the rest fit some serial order.

A read-write conflict R -> W says that R did not see what W wrote, so R comes before W. Every cycle holds two of them
in a row, T0 -> T1 -> T2, with T2 the first of all to commit; where that may be so, one of the three fails (Cahill,
Röhm, Fekete, "Serializable Isolation for Snapshot Databases", 2008). Who and when follows PostgreSQL, function by
function of ``src/backend/storage/lmgr/predicate.c`` (Ports, Grittner, "Serializable Snapshot Isolation in
PostgreSQL", 2012), but for transactions declared READ ONLY, which do not exist here.
"""

from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rustok_sim.adapters.memory.conditions import Filter
from rustok_sim.adapters.memory.records import NEVER, Record, Writer
from rustok_sim.core.data import Row
from rustok_sim.core.errors import SerializationFailure

if TYPE_CHECKING:
    from rustok_sim.adapters.memory.tables import TableData


class Serial:
    """One serializable transaction, from its snapshot until no transaction that overlapped it is left.

    Its moments count the beginnings and ends of commits of serializable transactions, and are ``NEVER`` before.
    """

    def __init__(self, conflicts: "Conflicts") -> None:
        self._conflicts = conflicts
        self.began = conflicts.moment
        self.prepared = NEVER
        self.committed = NEVER
        self.first_out = NEVER
        """Once committed: when the first of those was prepared whose writes this missed, and who came before it."""
        self.wrote = False
        self.doomed = False
        self.ins: dict[Serial, None] = {}
        """Those who missed what this wrote."""
        self.outs: dict[Serial, None] = {}
        """Those whose writes this missed."""
        self.tables: dict[TableData, None] = {}
        """Where this has read."""

    @property
    def read_only(self) -> bool:
        """Known at the end alone: it has committed and had written nothing."""
        return self.committed < NEVER and not self.wrote

    def alive(self) -> None:
        """Nothing, or ``SerializationFailure`` if somebody else's step has decided that this must fail."""
        if self.doomed:
            raise SerializationFailure("could not serialize: this transaction is the pivot of a dangerous structure")

    def read(self, reader: Writer, number: int, home: "TableData", sought: Filter, records: Iterable[Record]) -> None:
        """*records* were looked through for *sought*, as of commit *number*. Raises ``SerializationFailure``."""
        self.alive()
        self.tables[home] = None
        home.predicates.add(self, sought)
        for record in records:
            if record.writer.number > number and record.writer is not reader:
                self._missed(reader, number, record, sought)

    def _missed(self, reader: Writer, number: int, record: Record, sought: Filter) -> None:
        """CheckForSerializableConflictOut, for each version that the snapshot hides and the read would have met."""
        below = record.seen(reader, number)
        met = below is not None and sought.holds(below)
        for row, writer in record.unseen(reader, number):
            other = writer.serial
            if (met or (row is not None and sought.holds(row))) and other is not None and not other.doomed:
                self._conflicts.flag(self, other, self)
            met = False

    def write(self, home: "TableData", old: Row | None, new: Row | None) -> None:
        """CheckForSerializableConflictIn: *old* becomes *new*, for all who have read the one or would the other."""
        self.alive()
        self.wrote = True
        for reader in home.predicates.readers(old, new):
            if reader is not self and not reader.doomed and reader.committed > self.began:
                self._conflicts.flag(reader, self, self)


class Conflicts:
    """All serializable transactions of one server that may still be part of a dangerous structure."""

    def __init__(self) -> None:
        self.moment = 0
        self._active: dict[Serial, None] = {}
        self._finished: deque[Serial] = deque()

    def begin(self) -> Serial:
        """A transaction takes its snapshot."""
        serial = Serial(self)
        self._active[serial] = None
        return serial

    def flag(self, reader: Serial, writer: Serial, acting: Serial) -> None:
        """FlagRWConflict: *reader* missed what *writer* wrote. Raises for *acting* if that must fail."""
        if writer in reader.outs:
            return
        if dangerous(reader, writer):
            if acting is writer or writer.prepared < NEVER:
                raise SerializationFailure("could not serialize access due to read/write dependencies")
            writer.doomed = True
        reader.outs[writer] = None
        writer.ins[reader] = None

    def prepare(self, serial: Serial) -> None:
        """PreCommit_CheckForSerializationFailure: dooms the pivots between this and those who missed their writes."""
        serial.alive()
        for pivot in serial.ins:
            if pivot.committed == NEVER and not pivot.doomed and _has_company(pivot, serial):
                if pivot.prepared < NEVER:
                    raise SerializationFailure("could not serialize: a pivot is about to commit")
                pivot.doomed = True
        self.moment += 1
        serial.prepared = self.moment

    def commit(self, serial: Serial) -> None:
        """ReleasePredicateLocks at a commit: what it read and wrote still counts for those that overlap it."""
        self.moment += 1
        serial.committed = self.moment
        for other in list(serial.outs):
            if other.committed < NEVER:
                if serial.wrote:
                    serial.first_out = min(serial.first_out, other.prepared)
                _release(serial, other)
        for other in list(serial.ins):
            if other.committed < NEVER:
                _release(other, serial)
        del self._active[serial]
        self._finished.append(serial)
        self._clear()

    def roll_back(self, serial: Serial) -> None:
        """What it read and wrote never was."""
        serial.doomed = True
        self._active.pop(serial, None)
        _forget(serial)
        self._clear()

    def _clear(self) -> None:
        """ClearOldPredicateLocks: forget who committed before the oldest snapshot that is left."""
        oldest = next(iter(self._active), None)
        finished = self._finished
        while finished and (oldest is None or finished[0].committed <= oldest.began):
            _forget(finished.popleft())


def dangerous(reader: Serial, writer: Serial) -> bool:
    """OnConflict_CheckForSerializationFailure: whether *reader* -> *writer* may complete T0 -> T1 -> T2, T2 first."""
    if writer.committed < NEVER and writer.first_out < NEVER:
        return True
    if any(_too_late(last, reader, writer) for last in writer.outs):
        return True
    if writer.prepared == NEVER or reader.read_only:
        return False
    return any(_too_early(first, writer) for first in reader.ins)


def _too_late(last: Serial, reader: Serial, writer: Serial) -> bool:
    """Whether *last*, which *writer* comes before, was the first of the three to commit."""
    if last.prepared == NEVER or last.prepared > min(reader.committed, writer.committed):
        return False
    return not reader.read_only or last.prepared <= reader.began


def _too_early(first: Serial, writer: Serial) -> bool:
    """Whether *first*, which the reader comes after, may yet find itself behind *writer*, which commits first."""
    if first.doomed or first.committed < writer.prepared:
        return False
    return not first.read_only or first.began >= writer.prepared


def _has_company(pivot: Serial, serial: Serial) -> bool:
    return any(first is serial or (first.committed == NEVER and not first.doomed) for first in pivot.ins)


def _release(reader: Serial, writer: Serial) -> None:
    reader.outs.pop(writer, None)
    writer.ins.pop(reader, None)


def _forget(serial: Serial) -> None:
    for table in serial.tables:
        table.predicates.drop(serial)
    for other in list(serial.outs):
        _release(serial, other)
    for other in list(serial.ins):
        _release(other, serial)
    serial.tables.clear()
