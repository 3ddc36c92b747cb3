"""A database in memory with three rows, 1 → 10, 2 → 20 and 3 → 30, and sessions that work side by side."""

import pytest

from rustok_sim.adapters.memory import MemoryServer
from rustok_sim.core.data import Select
from rustok_sim.core.drive import drive
from rustok_sim.testing import TABLES, TEST
from rustok_sim.testing.contract.rig import Rig

ROWS = [{"id": 1, "value": 10}, {"id": 2, "value": 20}, {"id": 3, "value": 30}]


class Bench(Rig):
    """A server, and the few things that a test does with it over and over."""

    def work(self, *statements, isolation="read_committed", pause_s=0.0):
        """A task: one transaction of these statements, so long after each other, as far as it comes now."""
        session = self.session(isolation)

        def steps():
            for number, statement in enumerate(statements):
                if number and pause_s:
                    yield from self.runtime.sleep(pause_s)
                yield from session.run(statement)
            yield from session.commit()
            return self.runtime.now()

        task = self.runtime.start(steps())
        self.runtime.advance(0.0)
        return task

    def holding(self, *statements, isolation="read_committed"):
        """A session in a transaction that has run these statements."""
        session = self.session(isolation)
        for statement in statements:
            drive(session.run(statement))
        return session

    def values(self, session=None):
        """The values by id: those that are committed, or those that a session sees."""
        rows = self.server.rows(TEST) if session is None else drive(session.run(Select(TEST))).rows
        return {row["id"]: row["value"] for row in rows}


@pytest.fixture
def bench():
    """The three rows, on a disk that takes no time."""
    return filled()


@pytest.fixture
def slow_disk():
    """The three rows, where a commit takes a quarter of a second to reach the disk."""
    return filled(commit_latency_s=0.25)


def filled(**settings):
    """A bench with the tables of the schedules and the three rows."""
    bench = Bench(MemoryServer(TABLES, **settings))
    bench.server.seed(TEST, ROWS)
    return bench


@pytest.fixture
def bench_of():
    """A bench with tables of one's own, all empty."""
    return lambda *tables, **settings: Bench(MemoryServer(tables, **settings))
