"""One node of RusToK: what it makes of its outside at a start, and how it answers requests."""

from collections.abc import Mapping
from contextlib import suppress

from rustok_sim.adapters import Connections, Pool
from rustok_sim.adapters.gateway import GatewayClient
from rustok_sim.adapters.redis import Dialer, RedisChannel, RedisConnection, RedisCounters, RedisLimits
from rustok_sim.core.data import Store
from rustok_sim.core.errors import DomainError, RunError, TimedOut, WireError
from rustok_sim.core.events import Publisher
from rustok_sim.core.features import EnabledModules
from rustok_sim.core.ids import Ids
from rustok_sim.core.operations import NOTHING, Ask
from rustok_sim.core.ports import Call, Steps
from rustok_sim.core.resilience.limits import counting_for
from rustok_sim.core.shared import Shared
from rustok_sim.modules.tenants import CHANNEL, Resolver, StoredTenants, TenantContext, identify, open_resolver
from rustok_sim.platform.answers import OK, REQUEST_TIMEOUT, Answer
from rustok_sim.platform.backends import Backends
from rustok_sim.platform.eventing import Eventing
from rustok_sim.platform.indexing import start_indexing
from rustok_sim.platform.pipeline import Pipeline
from rustok_sim.platform.ports import Outside
from rustok_sim.platform.requests import headers_for
from rustok_sim.platform.services import module_handlers
from rustok_sim.platform.settings import Settings
from rustok_sim.platform.tenant_operations import TenantOperations


class Node:
    """A node with empty memory: caches, loads in flight, breakers, connections. It takes traffic once booted."""

    def __init__(
        self, outside: Outside, settings: Settings, *, acquire_timeout_s: float = 30.0, price_minor: int = 1999
    ) -> None:
        self._outside = outside
        self._settings = settings
        runtime = self._runtime = outside.runtime

        def store_on(pool: Pool) -> Store:
            connections = Connections(
                runtime,
                pool,
                outside.database_wire,
                outside.database,
                acquire_timeout_s=acquire_timeout_s,
                statement_timeout_s=settings.database.statement_timeout_s,
            )
            return Store(outside.watch(connections), isolation=settings.database.isolation)

        store = store_on(outside.pool)
        ids = Ids(runtime)
        eventing = self._eventing = Eventing(outside, settings, store, store_on)
        publisher = Publisher(
            runtime,
            ids,
            settings.events,
            eventing.plain,
            transport=eventing.transport,
            committed=eventing.committed,
        )
        shared = self._shared = Shared(runtime, store, publisher, ids)
        self._tenants = StoredTenants(runtime, store)
        self._enabled = EnabledModules(runtime, store, settings.features)
        self._tenant_operations = TenantOperations(shared, self._tenants, settings, self._enabled.switched)
        gateway = GatewayClient(runtime, outside.gateway_wire, outside.gateway, settings.payments)
        modules = module_handlers(shared, settings, gateway, price_minor=price_minor)
        handlers = {**self._tenant_operations.handlers(), **modules}
        self._pipeline = Pipeline(shared, settings, handlers, self._enabled)

    def boot(self) -> Steps[None]:
        """Open what the tenant cache needs. An unreachable Redis delays this, but does not stop it."""
        outside, settings, redis = self._outside, self._settings.tenant_cache, self._settings.redis
        yield from self._open_limits()
        dialer = Dialer(self._runtime, outside.redis_wire, redis)
        on_redis = settings.backend == "redis"
        counts = on_redis and settings.count_in_redis
        self._tenant_operations.resolver = yield from open_resolver(
            settings,
            runtime=self._runtime,
            store=self._tenants,
            open_backend=Backends(dialer, outside, settings, redis).open,
            count=RedisCounters(dialer, outside.redis).count if counts else None,
            channel=RedisChannel(dialer, outside.redis, CHANNEL) if on_redis else None,
            background=outside.background,
        )
        start_indexing(outside, self._shared, self._eventing, self._settings)
        self._eventing.start()

    def _open_limits(self) -> Steps[None]:
        """Where requests are counted. A Redis that cannot be reached is dialled again with each request."""
        limits = self._settings.rate_limit
        shared = None
        if limits.design != "none" and limits.store == "shared":
            outside = self._outside
            dialer = Dialer(self._runtime, outside.redis_wire, self._settings.redis)
            connection = RedisConnection(dialer, outside.background, name="limits")
            with suppress(WireError, TimedOut):
                yield from connection.open()
            shared = RedisLimits(self._runtime, connection, outside.redis, limits)
        self._pipeline.counting = counting_for(limits, self._runtime, shared)

    def flush(self) -> None:
        """Empty the caches in this node's memory. No tenant has been cached before the node has booted."""
        self._enabled.flush()
        if self._tenant_operations.resolver is not None:
            self._tenant_operations.resolver.flush()

    def handle(self, call: Call, operation: str, ask: Ask = NOTHING) -> Steps[Answer]:
        """Serve one request from the tenant middleware to the answer. Errors become statuses; nothing is raised."""
        steps = self._answer(call, operation, ask)
        limit_s = self._settings.request_timeout_s
        return steps if limit_s is None else self._within(limit_s, steps)

    def _within(self, limit_s: float, steps: Steps[Answer]) -> Steps[Answer]:
        try:
            return (yield from self._runtime.within(limit_s, steps))
        except TimedOut:
            return REQUEST_TIMEOUT

    def resolve(self, call: Call, headers: Mapping[str, str]) -> Steps[TenantContext]:
        """The tenant middleware: whom a request with these headers is for. Raises ``DomainError``."""
        return self._resolver.resolve(call, identify(self._settings.tenancy, headers))

    @property
    def _resolver(self) -> Resolver:
        if self._tenant_operations.resolver is None:
            raise RunError(f"{self._runtime.node} has not booted")
        return self._tenant_operations.resolver

    def _answer(self, call: Call, operation: str, ask: Ask) -> Steps[Answer]:
        if operation == "health.live" and self._settings.tenancy.unnamed == "refuse":
            return OK  # where a request must name its tenant, the probe stands before the middleware
        # The liveness probe names no tenant, so it needs the default one like any other request (D-30).
        headers = headers_for(self._settings.tenancy, "" if operation == "health.live" else call.tenant)
        try:
            tenant = yield from self.resolve(call, headers)
            return (yield from self._pipeline.serve(call, operation, tenant, ask))
        except DomainError as error:
            return Answer(error.status, error.code, retryable=error.retryable)
