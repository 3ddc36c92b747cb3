"""Administrators who switch modules of one tenant, at a database that takes 10 ms for each round trip."""

from itertools import count

import pytest

from rustok_sim.adapters.direct import DirectDatabase
from rustok_sim.adapters.memory import MemoryServer
from rustok_sim.core.context import Context
from rustok_sim.core.data import Store
from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.core.errors import DomainError, Internal
from rustok_sim.core.events import Publisher
from rustok_sim.core.features import TENANT_FEATURES, TENANT_MODULES, FeatureSet
from rustok_sim.core.ids import Ids
from rustok_sim.core.ports import Call
from rustok_sim.core.shared import Shared
from rustok_sim.modules.tenants import TENANTS, made_up_tenant, row_of
from rustok_sim.modules.toggles import ModuleToggles, ToggleSettings, needs_for

ACME = made_up_tenant("acme").id
RIVAL = made_up_tenant("rival").id
ROUND_TRIP_S = 0.01


class SlowSession:
    """A transaction each of whose steps is a round trip."""

    def __init__(self, database, session) -> None:
        self._database = database
        self._session = session

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self._session.__exit__(kind, error, trace)

    def run(self, statement):
        """One statement."""
        return self._database.travel(self._session.run(statement))

    def commit(self, then=None):
        """The commit."""
        return self._database.travel(self._session.commit(then))


class SlowDatabase:
    """A database 5 ms there and 5 ms back, which counts its round trips."""

    def __init__(self, runtime, database) -> None:
        self._runtime = runtime
        self._database = database
        self.round_trips = 0

    def travel(self, work):
        """There, the work, and back; an error travels back as any answer does."""
        self.round_trips += 1
        yield from self._runtime.sleep(ROUND_TRIP_S / 2)
        try:
            result = yield from work
        except DomainError:
            yield from self._runtime.sleep(ROUND_TRIP_S / 2)
            raise
        yield from self._runtime.sleep(ROUND_TRIP_S / 2)
        return result

    def begin(self, call, isolation):
        """Begin a transaction."""
        session = yield from self.travel(self._database.begin(call, isolation))
        return SlowSession(self, session)

    def run(self, call, statement, then=None):
        """A statement of its own."""
        return self.travel(self._database.run(call, statement, then))


class Hooks:
    """The hooks of all modules: each takes ``hook_s``, and the next ``failing`` ones fail; ``ran`` says which ended."""

    def __init__(self, runtime) -> None:
        self._runtime = runtime
        self.hook_s = 0.0
        self.failing = 0
        self.ran: list[tuple[str, bool]] = []

    def __call__(self, context, slug, *, enabled):
        """Run one."""
        yield from self._runtime.sleep(self.hook_s)
        if self.failing:
            self.failing -= 1
            raise Internal("out of order")
        self.ran.append((slug, enabled))


class Office:
    """The service of one node, and the table of all."""

    def __init__(self, *, hooks: bool = True, **settings) -> None:
        self.settings = ToggleSettings(**settings)
        self.runtime = ManualRuntime()
        self.server = MemoryServer([TENANTS, TENANT_MODULES, TENANT_FEATURES])
        self.server.seed(TENANTS, [row_of(made_up_tenant(slug)) for slug in ("acme", "rival")])
        self.database = SlowDatabase(self.runtime, DirectDatabase(self.runtime, self.server))
        ids = Ids(self.runtime)
        self.shared = Shared(self.runtime, Store(self.database), Publisher(self.runtime, ids), ids)
        self.hooks = Hooks(self.runtime)
        self.toggles = ModuleToggles(self.shared, self.settings, hook=self.hooks if hooks else None)
        self._calls = count(1)

    def context(self, tenant_id: str = ACME) -> Context:
        """A new request of an administrator."""
        number = next(self._calls)
        return Context(call=Call(number, "admin", number), tenant_id=tenant_id)

    def steps(self, slug: str, *, on: bool, tenant_id: str = ACME):
        """One switch, still to be run."""
        switch = self.toggles.enable if on else self.toggles.disable
        return switch(self.context(tenant_id), slug)

    def switch(self, slug: str, *, on: bool, tenant_id: str = ACME) -> bool:
        """One switch, run to its end."""
        return drive(self.steps(slug, on=on, tenant_id=tenant_id))

    def given(self, **flags: bool) -> "Office":
        """The rows of the tenant's modules, as if long committed."""
        self.server.seed(
            TENANT_MODULES,
            [
                {
                    "id": f"{slug}-row",
                    "tenant_id": ACME,
                    "module_slug": slug,
                    "enabled": on,
                    "settings": "{}",
                    "created_at": 0.0,
                    "updated_at": 0.0,
                }
                for slug, on in flags.items()
            ],
        )
        return self

    def at_once(self, *switches: tuple[str, bool], apart_s: float = 0.0) -> list[object]:
        """Switches of as many administrators, begun *apart_s* after each other: what each returned or raised."""
        tasks = []
        for slug, on in switches:
            tasks.append(self.runtime.start(self.steps(slug, on=on)))
            self.runtime.advance(apart_s)
        self.runtime.finish()
        return [outcome_of(task) for task in tasks]

    def flags(self, tenant_id: str = ACME) -> dict[str, bool]:
        """The committed rows."""
        rows = self.server.rows(TENANT_MODULES)
        return {row["module_slug"]: row["enabled"] for row in rows if row["tenant_id"] == tenant_id}

    def unmet(self) -> tuple[tuple[str, str], ...]:
        """Modules that are on without one they need, by the repaired declarations."""
        on = frozenset(slug for slug, enabled in self.flags().items() if enabled)
        return FeatureSet(needs_for(ToggleSettings(dependencies="declared")), on).unmet()

    def records(self, kind: str) -> list[tuple[str, str]]:
        """Module and outcome of the records of this kind."""
        return [(record.site, record.outcome) for record in self.runtime.records if record.kind == kind]


def outcome_of(task):
    """What a task returned, or its error's code."""
    try:
        return task.result()
    except DomainError as error:
        return error.code


@pytest.fixture
def office() -> type[Office]:
    """Makes an office with the given settings."""
    return Office


@pytest.fixture
def rival() -> str:
    """Another tenant."""
    return RIVAL
