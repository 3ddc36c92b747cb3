"""Designs ``read_modify_write`` and ``row_lock``: read the number, reckon, write the number."""

from typing import ClassVar, Literal

from rustok_sim.core.data import Row, Transaction
from rustok_sim.core.ports import Runtime, Steps
from rustok_sim.modules.commerce.stock.ledgers import Ledger
from rustok_sim.modules.commerce.stock.levels import Change, Level, Written, changed


class ReadModifyWrite:
    """RusToK's way: at READ COMMITTED, whoever reads between another's read and write undoes that write (D8)."""

    guards_set: bool = False
    lock: ClassVar[Literal["update"] | None] = None

    def __init__(self, runtime: Runtime, ledger: Ledger) -> None:
        self._runtime = runtime
        self._ledger = ledger

    def change(self, tx: Transaction, change: Change) -> Steps[Written]:
        """Write absolute numbers."""
        level = yield from self._ledger.read(tx, change, self.lock)
        new = changed(level, change)
        numbers = numbers_of(self._ledger, change, new) | {"updated_at": self._runtime.clock()}
        yield from tx.update(self._ledger.table, numbers, self._ledger.where(change, level))
        return Written(level.stocked, new)


class RowLock(ReadModifyWrite):
    """The same on a row that is held from the read to the end: whoever comes second waits, and reads what is new."""

    guards_set: bool = True
    lock: ClassVar[Literal["update"] | None] = "update"


def numbers_of(ledger: Ledger, change: Change, level: Level) -> Row:
    """The columns that the change is about, as *level* has them."""
    numbers: Row = {"reserved_quantity": level.reserved} if change.reserved else {}
    if change.stocked or not change.reserved:
        numbers[ledger.stocked] = level.stocked
    return numbers
