"""Nodes of the platform on the engine's wires, without load and faults of a scenario: both are done by hand."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import rustok_sim as rs
from rustok_sim.adapters import DirectDatabase, MemoryServer
from rustok_sim.adapters.gateway import GatewayServer
from rustok_sim.adapters.redis import RedisServer
from rustok_sim.adapters.transports import LogServer
from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.core.journal import Record
from rustok_sim.core.ports import Call
from rustok_sim.engine import Draws, NodeRuntime, World
from rustok_sim.engine.condition import Condition
from rustok_sim.engine.network import EngineWire
from rustok_sim.engine.pool import Pool
from rustok_sim.engine.server import Server
from rustok_sim.modules.outbox import CommitNews
from rustok_sim.modules.tenants import (
    TENANTS,
    TenancySettings,
    TenantCacheSettings,
    default_tenant,
    made_up_tenant,
    row_of,
)
from rustok_sim.platform import Node, Outside, Settings, tables_of
from rustok_sim.testing import ListJournal, always

NAMES = ("acme", "globex")


class Job:
    """A request on its way."""

    def __init__(self) -> None:
        self.done = False
        self.at_s: float | None = None
        self.value: Any = None
        self.task: Any = None


class Cluster:
    """Nodes, a Redis 1 ms away from each and a database 10 ms away; two tenants and the default one."""

    def __init__(self, tenancy: TenancySettings | None = None, **settings: Any) -> None:
        self.tenancy = tenancy or TenancySettings()
        self.settings = Settings(tenancy=self.tenancy, tenant_cache=TenantCacheSettings(**settings))
        self.world = World()
        self.journal = ListJournal()
        self.redis = Server(self.world, "redis", always(0.001))
        self.database = Server(self.world, "database", always(0.010))
        self.gateway = Server(self.world, "gateway", always(0.050))
        self.log = Server(self.world, "log", always(0.001))
        self.log_state = LogServer(self.settings.log)
        self._redis_state = RedisServer()
        rows = [default_tenant(self.tenancy.default_id), *map(made_up_tenant, NAMES)]
        self.server = MemoryServer(tables_of(self.settings))
        self.server.seed(TENANTS, map(row_of, rows))
        self._ids = count(1)
        self.runtimes: list[NodeRuntime] = []

    def node(self) -> Node:
        """A node that has not booted."""
        runtime = NodeRuntime(self.world, f"node-{len(self.runtimes) + 1}", Draws(1), self.journal)
        self.runtimes.append(runtime)
        outside = Outside(
            runtime=runtime,
            redis_wire=EngineWire(self.redis, Condition()),
            database_wire=EngineWire(self.database, Condition()),
            pool=Pool(self.world, "pool", 10, 30.0),
            gateway_wire=EngineWire(self.gateway, Condition()),
            log_wire=EngineWire(self.log, Condition()),
            redis=self._redis_state,
            gateway=GatewayServer(self.settings.payments),
            database=self.server,
            log=self.log_state,
            outbox_news=CommitNews(),
            member=(0, 1),
            new_pool=lambda places: Pool(self.world, "pool", places, 30.0),
            background=self.call,
        )
        return Node(outside, self.settings)

    def booted(self) -> Node:
        """A node ready for traffic."""
        node = self.node()
        self.finish(node.boot())
        return node

    def call(self, job: str = "test", tenant: str = "") -> Call:
        """A new call."""
        number = next(self._ids)
        return Call(number, job, number, tenant)

    def start(self, steps: Any) -> Job:
        """Start a service beside the others."""
        job = Job()

        def end(value: Any, error: BaseException | None) -> None:
            if error is not None:
                raise error
            job.done, job.at_s, job.value = True, self.world.now, value

        job.task = self.runtimes[-1].task(steps, end)
        job.task.start()
        return job

    def drop(self, job: Job) -> None:
        """The client leaves."""
        for runtime in self.runtimes:
            if not job.done:
                runtime.drop(job.task)

    def finish(self, steps: Any, limit_s: float = 60.0) -> Any:
        """Run one service to its end and return what it returns."""
        job = self.start(steps)
        until_s = self.world.now + limit_s
        while not job.done and self.world.agenda and self.world.now < until_s:
            self.world.step()
        assert job.done, "the service has not ended"
        return job.value

    def ask(self, node: Node, tenant: str = "acme", operation: str = "tenant.resolve") -> Any:
        """One request, run to its end: status and code."""
        return self.finish(node.handle(self.call(tenant=tenant), operation))[:2]

    def run_to(self, at_s: float) -> None:
        """Let time pass."""
        self.world.run_to(at_s)

    def of(self, kind: str) -> list[Record]:
        """The records of this kind so far."""
        return [Record(*row) for row in self.journal.rows if row[1] == kind]

    def write(self, statement: Any) -> None:
        """Run one statement behind the platform's back."""
        drive(DirectDatabase(ManualRuntime(), self.server).run(self.call(), statement))

    def close(self) -> None:
        """Drop what still runs."""
        for runtime in self.runtimes:
            runtime.kill()


@pytest.fixture(scope="session")
def clusters() -> type[Cluster]:
    """For tests that make and close their own clusters."""
    return Cluster


@pytest.fixture
def cluster() -> Iterator[Any]:
    """Makes clusters, and closes them at the end."""
    made: list[Cluster] = []

    def make(**settings: Any) -> Cluster:
        made.append(Cluster(**settings))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def wired(root: Path, tmp_path: Path) -> Callable[..., rs.Run]:
    """A run of the scenario about wiring, with these settings of the platform and changes of the rest."""

    def run(settings: dict[str, Any], **changes: Any) -> rs.Run:
        changes |= {f"platform.{path}": value for path, value in settings.items()}
        return rs.run(root / "scenarios" / "what_the_wiring_loses.toml", set=changes, data=tmp_path)

    return run
