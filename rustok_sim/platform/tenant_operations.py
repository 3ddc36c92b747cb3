"""Operations on tenants, their languages and modules, and what they make caches forget."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from rustok_sim.core.errors import NotFound
from rustok_sim.core.ports import Call, Steps
from rustok_sim.core.shared import Shared
from rustok_sim.modules.tenants import (
    Changed,
    Identifier,
    Resolver,
    StoredTenants,
    Tenant,
    TenantAdmin,
    TenantCacheSettings,
    TenantLocales,
)
from rustok_sim.modules.toggles import ModuleToggles
from rustok_sim.platform.answers import Handler, Request
from rustok_sim.platform.settings import Settings

LOCALES: Final = ("de", "fr", "es", "it", "pl", "nl")
"""Languages that are switched on and off, in turn."""


class TenantOperations:
    """What administrators do to tenants; *resolver* is the tenant cache, once the node has booted."""

    def __init__(
        self, shared: Shared, tenants: StoredTenants, settings: Settings, switched: Callable[[str], None]
    ) -> None:
        self._tenants = tenants
        self._cache: TenantCacheSettings = settings.tenant_cache
        self._admin = TenantAdmin(shared, settings.tenant_admin)
        self._locales = TenantLocales(shared, settings.tenant_admin)
        self._modules = ModuleToggles(shared, settings.modules, switched=switched)
        self.resolver: Resolver | None = None

    def handlers(self) -> dict[str, Handler]:
        """By operation."""
        admin, locales = self._admin, self._locales
        return {
            "tenant.resolve": _nothing,
            "health.live": _nothing,
            "tenant.update": self._update,
            "tenant.create": self._create,
            "tenant.suspend": lambda request: self._change(request, admin.suspend(request.context, request.tenant.id)),
            "tenant.reactivate": lambda request: self._change(
                request, admin.reactivate(request.context, request.tenant.id)
            ),
            "module.enable": lambda request: self._modules.enable(request.context, request.ask.module),
            "module.disable": lambda request: self._modules.disable(request.context, request.ask.module),
            "tenant.enable_locale": lambda request: locales.enable(request.context, _locale(request)),
            "tenant.disable_locale": lambda request: locales.disable(request.context, _locale(request)),
        }

    def _update(self, request: Request) -> Steps[None]:
        """Write the tenant's settings in one statement."""
        call, tenant = request.context.call, request.tenant
        settings = json.dumps({**tenant.settings, "revision": call.id}, sort_keys=True)
        row = yield from self._tenants.update(call, tenant.id, {"settings": settings})
        if row is None:
            raise NotFound(f"no tenant {tenant.id}")
        yield from self._forget(call, [row])

    def _create(self, request: Request) -> Steps[None]:
        call = request.context.call
        slug = f"{call.source.replace('_', '-')}-{call.entity}"
        tenant = yield from self._admin.create(request.context, slug=slug, name=slug)
        yield from self._modules.install_defaults(replace(request.context, tenant_id=tenant.id))
        yield from self._forget(call, [tenant])

    def _change(self, request: Request, steps: Steps[Changed]) -> Steps[None]:
        yield from self._forget(request.context.call, (yield from steps))

    def _forget(self, call: Call, rows: Iterable[Tenant]) -> Steps[None]:
        """Invalidate what caches know of these rows, as far as the settings say."""
        for identifier in dict.fromkeys(name for row in rows for name in self._names_to_forget(row)):
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


def _locale(request: Request) -> str:
    return LOCALES[request.ask.number % len(LOCALES)]
