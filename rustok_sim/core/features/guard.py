"""The guard before the handlers of a module, and what it asks."""

from collections.abc import Mapping, Sequence

from rustok_sim.core.context import Context
from rustok_sim.core.data import Store, same
from rustok_sim.core.errors import NotFound
from rustok_sim.core.features.remembered import Remembered
from rustok_sim.core.features.rollout import Feature
from rustok_sim.core.features.settings import FeatureSettings
from rustok_sim.core.features.tables import TENANT_FEATURES, TENANT_MODULES
from rustok_sim.core.ports import Runtime, Steps

_ENABLED = same(enabled=True)


class EnabledModules:
    """The slugs of the modules that a tenant has switched on, as this node knows them."""

    def __init__(self, runtime: Runtime, store: Store, settings: FeatureSettings) -> None:
        self._store = store
        self._remembered = Remembered(runtime, self._read, ttl_s=settings.cache_ttl_s, capacity=settings.cache_capacity)
        self._told = settings.invalidation == "own_node"
        self.forget = self._remembered.forget
        self.flush = self._remembered.flush

    def switched(self, tenant_id: str) -> None:
        """Take note that this node has switched a module of the tenant's: it forgets, if the settings say so."""
        if self._told:
            self.forget(tenant_id)

    def of(self, context: Context) -> Steps[frozenset[str]]:
        """Those of the context's tenant: nothing to wait for, or one statement. Raises ``DatabaseError``."""
        return self._remembered.of(context)

    def _read(self, context: Context) -> Steps[frozenset[str]]:
        rows = yield from self._store.select(
            context.call, context.tenant_id, TENANT_MODULES, _ENABLED, label="tenant_modules.enabled"
        )
        return frozenset(str(row["module_slug"]) for row in rows)


class Guard:
    """Answers 404 for a module that the tenant has switched off, where it is mounted."""

    def __init__(self, modules: EnabledModules, settings: FeatureSettings) -> None:
        self._modules = modules
        self._mounted = settings.guard == "mounted"

    def check(self, context: Context, slug: str) -> Steps[None]:
        """Let the request pass to the module. Raises ``NotFound``; ``DatabaseError`` if nobody could tell."""
        if self._mounted and slug not in (yield from self._modules.of(context)):
            raise NotFound(f"the module {slug} is switched off", code="module_disabled")


class Features:
    """Which features a request may use: a tenant's own word first, then the roll-out, and the modules it needs."""

    def __init__(
        self,
        runtime: Runtime,
        store: Store,
        modules: EnabledModules,
        announced: Sequence[Feature],
        settings: FeatureSettings,
    ) -> None:
        self._store = store
        self._modules = modules
        self._announced = {feature.name: feature for feature in announced}
        self._words = Remembered(runtime, self._read, ttl_s=settings.cache_ttl_s, capacity=settings.cache_capacity)
        self.forget = self._words.forget
        self.flush = self._words.flush

    def is_on(self, context: Context, name: str) -> Steps[bool]:
        """Whether this request may use the feature. Raises ``KeyError`` for one that nobody has announced."""
        feature = self._announced[name]
        words = yield from self._words.of(context)
        word = words.get(name)
        if not (feature.includes(context) if word is None else word):
            return False
        return not feature.needs or (yield from self._modules.of(context)).issuperset(feature.needs)

    def _read(self, context: Context) -> Steps[Mapping[str, bool]]:
        rows = yield from self._store.select(context.call, context.tenant_id, TENANT_FEATURES)
        return {str(row["feature"]): row["enabled"] is True for row in rows}
