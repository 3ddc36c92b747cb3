"""A tenant's switches in a database that takes 10 ms to answer, and nodes that read them."""

from itertools import count

import pytest

from rustok_sim.adapters.direct import DirectDatabase
from rustok_sim.adapters.memory import MemoryServer
from rustok_sim.core.auth import Actor, Role
from rustok_sim.core.context import Context
from rustok_sim.core.data import Store, same
from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.core.errors import DatabaseError, NotFound
from rustok_sim.core.features import (
    TENANT_FEATURES,
    TENANT_MODULES,
    EnabledModules,
    Feature,
    Features,
    FeatureSettings,
    Guard,
)
from rustok_sim.core.ports import Call
from rustok_sim.modules.tenants import TENANTS, made_up_tenant, row_of

ACME = made_up_tenant("acme").id
RIVAL = made_up_tenant("rival").id
BLOG_COMMENTS = Feature(name="blog.comments", needs=("blog",))
HALF = Feature(name="half", percent=50.0, by="user")
NEW_SEARCH = Feature(name="new_search", percent=0.0)


class SlowDatabase:
    """A database 10 ms away that counts its statements, and fails while ``failing``."""

    def __init__(self, runtime, database) -> None:
        self._runtime = runtime
        self._database = database
        self.statements = 0
        self.failing = False

    def begin(self, call, isolation):
        """Nobody who only reads begins a transaction."""
        raise AssertionError("a transaction")

    def run(self, call, statement, then=None):
        """One round trip."""
        self.statements += 1
        yield from self._runtime.sleep(0.005)
        if self.failing:
            raise DatabaseError("the database is down")
        result = yield from self._database.run(call, statement, then)
        yield from self._runtime.sleep(0.005)
        return result


class Bed:
    """Two tenants, and the switches of both."""

    def __init__(self, **settings) -> None:
        self.runtime = ManualRuntime()
        self.server = MemoryServer([TENANTS, TENANT_MODULES, TENANT_FEATURES])
        self.server.seed(TENANTS, [row_of(made_up_tenant(slug)) for slug in ("acme", "rival")])
        self.direct = DirectDatabase(self.runtime, self.server)
        self.database = SlowDatabase(self.runtime, self.direct)
        store = Store(self.database)
        chosen = FeatureSettings(guard="mounted", **settings)
        self.modules = EnabledModules(self.runtime, store, chosen)
        self.guard = Guard(self.modules, chosen)
        self.unmounted = Guard(self.modules, FeatureSettings())
        announced = [BLOG_COMMENTS, HALF, NEW_SEARCH]
        self.features = Features(self.runtime, store, self.modules, announced, chosen)
        self._ids = count(1)

    def context(self, tenant_id: str = ACME, user_id: str | None = None) -> Context:
        """A new request."""
        number = next(self._ids)
        return Context(call=Call(number, "test", number), tenant_id=tenant_id, actor=Actor(Role.CUSTOMER, user_id))

    def switch(self, slug: str, *, on: bool, tenant_id: str = ACME) -> None:
        """Write the row of a module, behind the backs of all nodes."""
        self._write(TENANT_MODULES, "module_slug", slug, tenant_id, on=on)

    def word(self, feature: str, *, on: bool, tenant_id: str = ACME) -> None:
        """Write a tenant's own word on a feature."""
        self._write(TENANT_FEATURES, "feature", feature, tenant_id, on=on)

    def _write(self, table, column, name, tenant_id, *, on) -> None:
        drive(self._written(Store(self.direct), table, column, name, tenant_id, on=on))

    def _written(self, store, table, column, name, tenant_id, *, on):
        with (yield from store.transaction(self.context().call, tenant_id)) as tx:
            if not (yield from tx.update(table, {"enabled": on}, same(**{column: name}))):
                row = {"id": f"{next(self._ids)}", column: name, "enabled": on, "created_at": 0.0, "updated_at": 0.0}
                yield from tx.insert(table, row | ({"settings": "{}"} if table is TENANT_MODULES else {}))
            yield from tx.commit()

    def passes(self, slug: str, *, tenant_id: str = ACME, guard: Guard | None = None) -> bool:
        """Whether the guard lets a request of this tenant pass to the module."""
        try:
            drive((guard or self.guard).check(self.context(tenant_id), slug))
        except NotFound:
            return False
        return True

    def has(self, feature: str, *, tenant_id: str = ACME, user_id: str | None = None) -> bool:
        """Whether a request may use the feature."""
        return drive(self.features.is_on(self.context(tenant_id, user_id), feature))


@pytest.fixture
def bed() -> type[Bed]:
    """Makes a bed with the given settings."""
    return Bed
