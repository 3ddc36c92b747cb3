"""The server: the tables that all sessions share."""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from rustok_sim.adapters.memory.ledger import Ledger
from rustok_sim.adapters.memory.records import FROZEN
from rustok_sim.adapters.memory.references import refer
from rustok_sim.adapters.memory.session import MemorySession
from rustok_sim.adapters.memory.tables import tables_of
from rustok_sim.adapters.memory.transactions import Reader, Transaction
from rustok_sim.adapters.memory.writing import add
from rustok_sim.core.data import Row, Table, Value
from rustok_sim.core.ports import Runtime, Steps, T


class MemoryServer:
    """A database in memory; a :class:`rustok_sim.adapters.ports.DatabaseServer`.

    *commit_latency_s* is the time in which a commit reaches the disk. Raises ``ValueError`` for tables that name
    columns or tables which are not there.
    """

    def __init__(
        self, tables: Sequence[Table], *, commit_latency_s: float = 0.0, deadlock_timeout_s: float = 1.0
    ) -> None:
        self.commit_latency_s = commit_latency_s
        self.tables = tables_of(tables)
        self.ledger = Ledger(deadlock_timeout_s)
        self.reader = Reader(self.ledger)
        self.crashes = 0

    def open(self, runtime: Runtime) -> MemorySession:
        """A new session, which waits by *runtime*."""
        return MemorySession(self, runtime)

    def seed(self, table: Table, rows: Iterable[Mapping[str, Value]]) -> None:
        """Put *rows* there as if long committed; they may refer to each other in any order.

        Raises ``ConstraintViolation``, and then none is there; ``RuntimeError`` if an open transaction is in the way.
        """
        home, transaction = self.tables[table.name], Transaction(self.ledger, None, "read_committed")
        try:
            added = [row for values in rows if (row := _at_once(add(transaction, home, values))) is not None]
            for row in added:
                for link in home.parents:
                    _at_once(refer(transaction, link, row))
        except BaseException:
            transaction.roll_back()
            raise
        transaction.commit()

    def close(self) -> None:
        """Nothing of it lies outside this process."""

    def rows(self, table: Table) -> list[Row]:
        """The committed rows, in the order of the primary key."""
        home, last = self.tables[table.name], self.ledger.last
        rows = [row for record in home.everything() if (row := record.seen(FROZEN, last)) is not None]
        return [row.copy() for row in sorted(rows, key=home.primary.key)]

    def crash(self) -> None:
        """Lose every session and all that is not committed; who waits in one is told when it goes on."""
        self.crashes += 1
        for transaction in list(self.ledger.open):
            transaction.lose()


def _at_once(steps: Steps[T]) -> T:
    # What would have to wait has raised already, for want of a runtime.
    try:
        next(steps)
    except StopIteration as end:
        return cast(T, end.value)
    raise AssertionError("a wait without a runtime")
