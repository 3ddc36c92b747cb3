"""Operations on tenants and their modules, and what they make caches forget."""

import json
from collections.abc import Iterable

from rustok_sim.core.errors import NotFound
from rustok_sim.core.ports import Call, Steps
from rustok_sim.modules.tenants import Identifier, Resolver, StoredTenants, Tenant, TenantCacheSettings
from rustok_sim.platform.answers import Handler, Request


class TenantOperations:
    """What administrators do to tenants; *resolver* is the tenant cache, once the node has booted."""

    def __init__(self, tenants: StoredTenants, cache: TenantCacheSettings) -> None:
        self._tenants = tenants
        self._cache = cache
        self.resolver: Resolver | None = None

    def handlers(self) -> dict[str, Handler]:
        """By operation."""
        return {"tenant.resolve": _nothing, "health.live": _nothing, "tenant.update": self._update}

    def _update(self, request: Request) -> Steps[None]:
        """Write the tenant's settings in one statement."""
        call, tenant = request.context.call, request.tenant
        settings = json.dumps({**tenant.settings, "revision": call.id}, sort_keys=True)
        row = yield from self._tenants.update(call, tenant.id, {"settings": settings})
        if row is None:
            raise NotFound(f"no tenant {tenant.id}")
        yield from self.forget(call, [row])

    def forget(self, call: Call, rows: Iterable[Tenant]) -> Steps[None]:
        """Invalidate what caches know of these rows, as far as the settings say."""
        for row in rows:
            for identifier in self._names_to_forget(row):
                if self.resolver is not None:
                    yield from self.resolver.invalidate(call, identifier)

    def _names_to_forget(self, row: Tenant) -> list[Identifier]:
        if self._cache.invalidation == "none":
            return []
        slug = Identifier("slug", row.slug)
        if self._cache.invalidation == "one_key":
            return [slug]
        host = [] if row.domain is None else [Identifier("host", row.domain)]
        return [Identifier("uuid", row.id), slug, *host]


def _nothing(_request: Request) -> Steps[None]:
    yield from ()
