"""Adapters on the engine's own wires: constant latencies, and faults switched by hand."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from rustok_sim.adapters import Connections, MemoryServer, RedisSettings
from rustok_sim.adapters.redis import Dialer, RedisChannel, RedisConnection, RedisCounters, RedisServer
from rustok_sim.core.data import Store
from rustok_sim.core.journal import Record
from rustok_sim.core.ports import Call
from rustok_sim.engine import Draws, NodeRuntime, World
from rustok_sim.engine.condition import Condition
from rustok_sim.engine.network import EngineWire
from rustok_sim.engine.pool import Pool
from rustok_sim.engine.server import Server
from rustok_sim.modules.tenants import TENANTS, StoredTenants, made_up_tenant, row_of
from rustok_sim.testing import ListJournal, always

REDIS_S = 0.001
DATABASE_S = 0.010


class Job:
    """A service on its way: its result once ``done``, and when it ended."""

    def __init__(self) -> None:
        self.done = False
        self.at_s: float | None = None
        self.error: BaseException | None = None
        self.value: Any = None
        self.task: Any = None


class Lab:
    """One node, a Redis 1 ms away and a database 10 ms away."""

    def __init__(self) -> None:
        self.world = World()
        self.journal = ListJournal()
        self.runtime = NodeRuntime(self.world, "node-1", Draws(1), self.journal)
        self.redis = Server(self.world, "redis", always(REDIS_S))
        self.database = Server(self.world, "database", always(DATABASE_S))
        self.state = RedisServer()
        self.settings = RedisSettings()
        self.server = MemoryServer([TENANTS])
        self.server.seed(TENANTS, [row_of(made_up_tenant("acme"))])
        self._ids = count(1)

    def call(self, job: str = "test") -> Call:
        """A new call."""
        number = next(self._ids)
        return Call(number, job, number)

    def dialer(self) -> Dialer:
        """A client of the Redis."""
        return Dialer(self.runtime, EngineWire(self.redis, Condition()), self.settings)

    def connection(self, name: str = "data") -> RedisConnection:
        """A shared connection, opened."""
        connection = RedisConnection(self.dialer(), self.call, name=name)
        self.finish(connection.open())
        return connection

    def channel(self) -> RedisChannel:
        """A publish/subscribe channel."""
        return RedisChannel(self.dialer(), self.state, "news")

    def counters(self) -> RedisCounters:
        """Counters in Redis."""
        return RedisCounters(self.dialer(), self.state)

    def tenants(self, *, places: int = 10, acquire_timeout_s: float = 30.0) -> StoredTenants:
        """The tenant store over the database."""
        pool = Pool(self.world, "node-1", places, acquire_timeout_s)
        wire = EngineWire(self.database, Condition())
        connections = Connections(self.runtime, pool, wire, self.server, acquire_timeout_s=acquire_timeout_s)
        return StoredTenants(self.runtime, Store(connections))

    def start(self, steps: Any) -> Job:
        """Start a service beside the others."""
        job = Job()

        def end(value: Any, error: BaseException | None) -> None:
            job.done, job.at_s, job.value, job.error = True, self.world.now, value, error

        job.task = self.runtime.task(steps, end)
        job.task.start()
        return job

    def finish(self, steps: Any, limit_s: float = 60.0) -> Any:
        """Run one service to its end and return what it returns."""
        job = self.start(steps)
        until_s = self.world.now + limit_s
        while not job.done and self.world.agenda and self.world.now < until_s:
            self.world.step()
        assert job.done, "the service has not ended"
        if job.error is not None:
            raise job.error
        return job.value

    def run_to(self, at_s: float) -> None:
        """Let time pass."""
        self.world.run_to(at_s)

    def of(self, kind: str) -> list[Record]:
        """The records of this kind so far."""
        return [Record(*row) for row in self.journal.rows if row[1] == kind]


@pytest.fixture
def lab() -> Iterator[Lab]:
    """A lab; what still runs at its end is dropped."""
    lab = Lab()
    yield lab
    lab.runtime.kill()
