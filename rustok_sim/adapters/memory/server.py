"""The server: the tables that all sessions share."""

from collections.abc import Iterable, Mapping, Sequence

from rustok_sim.adapters.memory.session import MemorySession
from rustok_sim.adapters.memory.tables import Rows, Undo
from rustok_sim.core.data import Row, Table, Value
from rustok_sim.core.ports import Runtime


class MemoryServer:
    """One database in memory. A first version: one version of each row, and no session waits for another."""

    def __init__(
        self, tables: Sequence[Table], *, commit_latency_s: float = 0.0, deadlock_timeout_s: float = 1.0
    ) -> None:
        self.commit_latency_s = commit_latency_s
        self.deadlock_timeout_s = deadlock_timeout_s
        self.rows_of: dict[str, Rows] = {}
        for table in tables:
            self.rows_of[table.name] = Rows(table, self.rows_of)
        self.sessions: dict[MemorySession, None] = {}

    def open(self, runtime: Runtime) -> MemorySession:
        """A new session."""
        session = MemorySession(self, runtime)
        self.sessions[session] = None
        return session

    def seed(self, table: Table, rows: Iterable[Mapping[str, Value]]) -> None:
        """Put *rows* there as if long committed. Raises ``ConstraintViolation``."""
        undo: Undo = []
        for row in rows:
            self.rows_of[table.name].insert(row, undo)

    def rows(self, table: Table) -> list[Row]:
        """The committed rows, in the order of the primary key."""
        return [dict(row) for row in self.rows_of[table.name].matching(())]

    def crash(self) -> None:
        """Lose every session, and all that is not committed."""
        sessions, self.sessions = list(reversed(self.sessions)), {}
        for session in sessions:
            session.lose()

    def close(self) -> None:
        """Nothing of it lies outside this process."""
