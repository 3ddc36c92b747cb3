"""One node of RusToK: what it makes of its outside at a start, and how it answers requests."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from rustok_sim.adapters import Database, MemoryTenants, RedisSettings
from rustok_sim.adapters.redis import Dialer, RedisChannel, RedisCounters
from rustok_sim.core.errors import DomainError, NotFound, RunError, TimedOut
from rustok_sim.core.operations import NOTHING, Ask
from rustok_sim.core.ports import Call, Steps
from rustok_sim.modules.tenants import (
    CHANNEL,
    Identifier,
    Resolver,
    TenancySettings,
    Tenant,
    TenantCacheSettings,
    TenantContext,
    identify,
    open_resolver,
)
from rustok_sim.platform.backends import Backends
from rustok_sim.platform.ports import Outside
from rustok_sim.platform.requests import headers_for


class Answer(NamedTuple):
    """What a client reads: an HTTP status and, for errors, the error's code and whether it says a retry may help."""

    status: int
    code: str | None = None
    retryable: bool = False


OK: Final = Answer(200)
REQUEST_TIMEOUT: Final = 408
"""What Loco's timeout layer answers."""


class Node:
    """A node with empty memory: caches, loads in flight, breakers, connections. It takes traffic once booted."""

    def __init__(
        self,
        outside: Outside,
        *,
        tenancy: TenancySettings,
        tenant_cache: TenantCacheSettings,
        redis: RedisSettings,
        request_timeout_s: float | None = None,
        acquire_timeout_s: float = 30.0,
    ) -> None:
        self._outside = outside
        self._runtime = outside.runtime
        self._tenancy = tenancy
        self._tenant_cache = tenant_cache
        self._redis = redis
        self._request_timeout_s = request_timeout_s
        database = Database(outside.runtime, outside.pool, outside.database_wire, acquire_timeout_s=acquire_timeout_s)
        self._tenants = MemoryTenants(outside.runtime, database, outside.tenants)
        self._booted: Resolver | None = None
        self._handlers: dict[str, Callable[[Call, TenantContext], Steps[None]]] = {
            "tenant.resolve": _nothing,
            "health.live": _nothing,
            "tenant.update": self._update_tenant,
        }

    def boot(self) -> Steps[None]:
        """Open what the tenant cache needs. An unreachable Redis delays this, but does not stop it."""
        outside, settings = self._outside, self._tenant_cache
        dialer = Dialer(self._runtime, outside.redis_wire, self._redis)
        on_redis = settings.backend == "redis"
        counts = on_redis and settings.count_in_redis
        self._booted = yield from open_resolver(
            settings,
            runtime=self._runtime,
            store=self._tenants,
            open_backend=Backends(dialer, outside, settings, self._redis).open,
            count=RedisCounters(dialer, outside.redis).count if counts else None,
            channel=RedisChannel(dialer, outside.redis, CHANNEL) if on_redis else None,
            background=outside.background,
        )

    def flush(self) -> None:
        """Empty the caches in this node's memory. Nothing has been cached before the node has booted."""
        if self._booted is not None:
            self._booted.flush()

    def handle(self, call: Call, operation: str, ask: Ask = NOTHING) -> Steps[Answer]:
        """Serve one request from the tenant middleware to the answer. Errors become statuses; nothing is raised."""
        steps = self._answer(call, operation)
        if self._request_timeout_s is None:
            return (yield from steps)
        try:
            return (yield from self._runtime.within(self._request_timeout_s, steps))
        except TimedOut:
            return Answer(REQUEST_TIMEOUT, "request_timeout", retryable=True)

    def resolve(self, call: Call, headers: Mapping[str, str]) -> Steps[TenantContext]:
        """The tenant middleware: whom a request with these headers is for. Raises ``DomainError``."""
        return (yield from self._resolver.resolve(call, identify(self._tenancy, headers)))

    @property
    def _resolver(self) -> Resolver:
        if self._booted is None:
            raise RunError(f"{self._runtime.node} has not booted")
        return self._booted

    def _answer(self, call: Call, operation: str) -> Steps[Answer]:
        # The liveness probe names no tenant, so it needs the default one like any other request (D-30).
        headers = headers_for(self._tenancy, "" if operation == "health.live" else call.tenant)
        try:
            context = yield from self.resolve(call, headers)
            yield from self._handlers[operation](call, context)
        except DomainError as error:
            return Answer(error.status, error.code, retryable=error.retryable)
        return OK

    def _update_tenant(self, call: Call, context: TenantContext) -> Steps[None]:
        row = yield from self._tenants.update(call, context.id, _revised)
        if row is None:
            raise NotFound(f"no tenant {context.id}")
        for identifier in self._names_to_forget(row):
            yield from self._resolver.invalidate(call, identifier)

    def _names_to_forget(self, row: Tenant) -> list[Identifier]:
        if self._tenant_cache.invalidation == "none":
            return []
        slug = Identifier("slug", row.slug)
        if self._tenant_cache.invalidation == "one_key":
            return [slug]
        host = [] if row.domain is None else [Identifier("host", row.domain)]
        return [Identifier("uuid", row.id), slug, *host]


def _nothing(_call: Call, _context: TenantContext) -> Steps[None]:
    yield from ()


def _revised(row: Tenant) -> Tenant:
    return replace(row, settings={**row.settings, "revision": row.version})
