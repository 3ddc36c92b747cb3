"""A resolver on a manual clock: a table that takes its time to be read, and back ends whose latencies are chosen."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from rustok_sim.adapters import DirectDatabase, LocalBackend, MemoryServer
from rustok_sim.core.cache import BoundedCache
from rustok_sim.core.data import Store
from rustok_sim.core.drive import ManualRuntime, Task, drive
from rustok_sim.core.errors import CacheError, DatabaseError
from rustok_sim.core.journal import Record
from rustok_sim.core.ports import Call
from rustok_sim.modules.tenants import (
    TENANTS,
    Identifier,
    StoredTenants,
    TenantCacheSettings,
    default_tenant,
    made_up_tenant,
    open_resolver,
    row_of,
)

KNOWN = "acme"
UNKNOWN = "nobody"


class SlowStore:
    """The table, read in *query_s*; with *failing* the answer is an error after the same time."""

    def __init__(self, runtime: ManualRuntime) -> None:
        server = MemoryServer([TENANTS])
        rows = [default_tenant("00000000-0000-0000-0000-000000000001"), made_up_tenant(KNOWN)]
        server.seed(TENANTS, map(row_of, rows))
        self._stored = StoredTenants(runtime, Store(DirectDatabase(runtime, server)))
        self.query_s = 0.1
        self.failing = False
        self._runtime = runtime

    def find(self, call, identifier):
        """Read a row."""
        yield from self._runtime.sleep(self.query_s)
        if self.failing:
            raise DatabaseError("the database is down")
        return (yield from self._stored.find(call, identifier))

    def write(self, tenant_id: str, changes: dict[str, Any]) -> None:
        """Change the row behind everybody's back, at once."""
        drive(self._stored.update(Call(0, "test", 0), tenant_id, changes))


class SlowBackend(LocalBackend):
    """A back end whose gets and sets take effect after a time, and which may fail."""

    def __init__(self, runtime: ManualRuntime, ttl_s: float) -> None:
        super().__init__(runtime, BoundedCache(1_000, ttl_s=ttl_s), site="tenant")
        self.get_s = 0.0
        self.set_s = 0.0
        self.failing: set[str] = set()

    def _pass(self, command: str, duration_s: float):
        if duration_s:
            yield from self._runtime.sleep(duration_s)
        if command in self.failing:
            raise CacheError(f"no {command} today")

    def get(self, call, key):
        """Answer after ``get_s``."""
        yield from self._pass("get", self.get_s)
        return (yield from super().get(call, key))

    def set(self, call, key, value, *, ttl_s=None):
        """Keep it after ``set_s``."""
        yield from self._pass("set", self.set_s)
        yield from super().set(call, key, value, ttl_s=ttl_s)

    def delete(self, call, key):
        """Forget it at once."""
        yield from self._pass("delete", 0.0)
        yield from super().delete(call, key)


class Bench:
    """One node's resolver with everything it needs, on a clock moved by hand."""

    def __init__(self) -> None:
        self.runtime = ManualRuntime()
        self.store = SlowStore(self.runtime)
        self.backends: dict[str, SlowBackend] = {}
        self.counts: list[str] = []
        self.count_s = 0.0
        self._ids = count(1)
        self._ended: dict[Task[Any], float] = {}
        self.resolver: Any = None

    def open(self, design: str, *, channel: Any = None, counted: bool = False, **settings: Any) -> None:
        """Make the resolver of this design, at the present time."""
        steps = open_resolver(
            TenantCacheSettings(design=design, **settings),
            runtime=self.runtime,
            store=self.store,
            open_backend=self._open_backend,
            count=self._count if counted else None,
            channel=channel,
            background=lambda job: Call(next(self._ids), job, 0),
        )
        self.resolver = drive(steps)

    def _open_backend(self, name, ttl_s):
        yield from ()
        self.backends[name] = SlowBackend(self.runtime, ttl_s)
        return self.backends[name]

    def _count(self, call, name):
        yield from self.runtime.sleep(self.count_s)
        self.counts.append(name)

    def call(self) -> Call:
        """A new call."""
        number = next(self._ids)
        return Call(number, "test", number)

    def ask(self, slug: str = KNOWN) -> Task[Any]:
        """Start one request for this slug beside the others."""

        def timed():
            try:
                return (yield from self.resolver.resolve(self.call(), Identifier("slug", slug)))
            finally:
                self._ended[task] = self.runtime.now()

        task = self.runtime.start(timed())
        return task

    def ask_at_once(self, count: int, slug: str = KNOWN) -> list[Task[Any]]:
        """Start so many requests at the present time."""
        return [self.ask(slug) for _ in range(count)]

    def get(self, slug: str = KNOWN) -> Any:
        """One request alone, run to its end."""
        return drive(self.resolver.resolve(self.call(), Identifier("slug", slug)))

    def of(self, kind: str) -> list[Record]:
        """The records of this kind so far."""
        return [record for record in self.runtime.records if record.kind == kind]

    def ends(self, tasks: list[Task[Any]]) -> list[float]:
        """Run to the end: when each of the tasks ended, in order of ending, to the microsecond."""
        self.runtime.finish()
        return [round(at_s, 6) for task, at_s in self._ended.items() if task in tasks]


@pytest.fixture
def bench() -> Bench:
    """A bench with nothing opened yet."""
    return Bench()


@pytest.fixture(params=["none", "naive", "v1_as_wired", "moka", "moka_breaker"])
def design(request: pytest.FixtureRequest) -> str:
    """Each design of the tenant cache in turn."""
    return request.param


@pytest.fixture(params=["moka", "moka_breaker"])
def advised(request: pytest.FixtureRequest, bench: Bench) -> Callable[..., Bench]:
    """A bench with each of the designs that have none of T1 to T5."""

    def opened(**settings: Any) -> Bench:
        bench.open(request.param, **settings)
        return bench

    return opened
