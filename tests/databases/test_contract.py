"""Every database server passes one contract."""

import pytest

from rustok_sim.adapters.memory import MemoryServer
from rustok_sim.adapters.sql import SqlServer
from rustok_sim.core.data import Delete
from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.testing import DatabaseContract
from rustok_sim.testing.contract import LIBRARY


class TestMemory(DatabaseContract):
    """The reference."""

    make = staticmethod(MemoryServer)


class TestSqliteInMemory(DatabaseContract):
    """SQLite without a file, where nobody reads while one writes."""

    make = staticmethod(SqlServer.sqlite)


class TestSqliteInFile(DatabaseContract):
    """SQLite with a write-ahead log, where readers see what was committed."""

    @pytest.fixture(autouse=True)
    def _place(self, tmp_path):
        self.path = tmp_path / "contract.db"

    def make(self, tables):
        """In a file of its own."""
        return SqlServer.sqlite(tables, self.path)


class Kept(SqlServer):
    """A server for many tests, emptied after each: to make its tables would take longer than a test."""

    def close(self):
        """Lose every session and every row."""
        self.crash()
        session = self.open(ManualRuntime())
        for table in reversed(LIBRARY):
            drive(session.run(Delete(table)))
        session.close()

    def drop(self):
        """Close it for good."""
        super().close()


@pytest.fixture(scope="module")
def kept(postgresql):
    """In a schema of its own."""
    server = Kept.postgresql(LIBRARY, postgresql)
    yield server
    server.drop()


class TestPostgresql(DatabaseContract):
    """A real PostgreSQL, its sessions in one thread as under the engine."""

    @pytest.fixture(autouse=True)
    def _place(self, kept):
        self.kept = kept

    def make(self, tables):
        """The one that is there, empty."""
        assert tables is LIBRARY
        return self.kept
