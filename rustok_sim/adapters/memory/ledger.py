"""The order of commits, the snapshots that are open, and the removal of versions that none of them sees."""

from collections import deque
from typing import TYPE_CHECKING

from rustok_sim.adapters.memory.indexes import forget
from rustok_sim.adapters.memory.records import FROZEN, Record, Version
from rustok_sim.adapters.memory.serial import Conflicts

if TYPE_CHECKING:
    from rustok_sim.adapters.memory.transactions import Transaction


class Ledger:
    """What all transactions of one server share."""

    def __init__(self, deadlock_timeout_s: float) -> None:
        self.deadlock_timeout_s = deadlock_timeout_s
        self.last = 0
        """The number of the latest commit."""
        self.open: dict[Transaction, None] = {}
        self.snapshots: dict[Transaction, int] = {}
        """Of the transactions that keep one, in the order in which they were taken."""
        self.conflicts = Conflicts()
        self._garbage: deque[tuple[int, Record]] = deque()

    def committed(self, records: list[Record]) -> None:
        """The latest commit wrote *records*: remove what nobody sees any more, or keep it in mind."""
        if self.snapshots:
            self._garbage.extend((self.last, record) for record in records)
            self.vacuum()
        else:
            for record in records:
                if record.older is None and record.row is not None:
                    record.writer = FROZEN
                else:
                    prune(record, self.last)

    def vacuum(self) -> None:
        """Remove what was only kept for snapshots that are gone by now (the manual, "Routine Vacuuming")."""
        horizon = next(iter(self.snapshots.values()), self.last)
        garbage = self._garbage
        while garbage and garbage[0][0] <= horizon:
            prune(garbage.popleft()[1], horizon)


def prune(record: Record, horizon: int) -> None:
    """Cut the versions older than the one that commit *horizon* sees; no snapshot is older than that."""
    newer: list[Version] = []
    version: Version = (record.row, record.writer, record.older)
    while version[1].number > horizon:
        newer.append(version)
        if version[2] is None:
            return
        version = version[2]
    row, _, older = version
    if newer:
        kept: Version = (row, FROZEN, None)
        for above_row, writer, _ in reversed(newer[1:]):
            kept = (above_row, writer, kept)
        record.older = kept
    else:
        record.writer, record.older = FROZEN, None
    if row is None or record.rekeyed:
        while older is not None:
            if older[0] is not None:
                forget(record, record.home.indexes, older[0])
            older = older[2]
        record.rekeyed = bool(newer)
