"""The way of a request from its tenant to its handler, and of an error to its status."""

from collections.abc import Mapping

from rustok_sim.core.auth import Actor, Claims, Role, Token, actor_of, authorise, lookups_of
from rustok_sim.core.context import Context
from rustok_sim.core.errors import DomainError, RateLimited, status_of
from rustok_sim.core.features import EnabledModules, Guard
from rustok_sim.core.ids import named_id
from rustok_sim.core.operations import COMMERCE, Ask
from rustok_sim.core.ports import Call, Steps
from rustok_sim.core.resilience.limits import Counting, client_key
from rustok_sim.core.shared import Shared
from rustok_sim.modules.tenants import TenantContext, check_standing
from rustok_sim.platform.accounts import LOOKUP_TABLES
from rustok_sim.platform.answers import OK, Answer, Handler, Request
from rustok_sim.platform.requests import user_of
from rustok_sim.platform.settings import Settings

MODULES: Mapping[str, str] = {
    **dict.fromkeys(COMMERCE, "commerce"),
    "node": "content",
    "blog": "blog",
    "forum": "forum",
}
"""The module behind the first word of an operation; tenants and the modules themselves cannot be switched off."""


class Pipeline:
    """What stands between the tenant middleware and the handlers: standing, limits, token, permission, module."""

    def __init__(
        self, shared: Shared, settings: Settings, handlers: Mapping[str, Handler], modules: EnabledModules
    ) -> None:
        self._shared = shared
        self._settings = settings
        self._handlers = handlers
        self._limits = settings.rate_limit.design != "none"
        self._guard = Guard(modules, settings.features)
        self._guarded = settings.features.guard == "mounted"
        self.counting: Counting | None = None
        """Where requests are counted, once the node has booted; only asked if a limiter is mounted."""

    def serve(self, call: Call, operation: str, tenant: TenantContext, ask: Ask) -> Steps[Answer]:
        """Serve one request of a known tenant. Raises ``DomainError`` for one that its handler never sees.

        What the handler raises is answered as the settings map it; what stops a request before has one status.
        """
        context = yield from self._admit(call, operation, tenant, ask)
        try:
            yield from self._handlers[operation](Request(context, tenant, ask))
        except DomainError as error:
            return Answer(status_of(error, operation, self._settings.errors), error.code, retryable=error.retryable)
        return OK

    def _admit(self, call: Call, operation: str, tenant: TenantContext, ask: Ask) -> Steps[Context]:
        settings = self._settings
        check_standing(settings.tenancy, tenant)
        user_id = user_of(operation, tenant.id, ask)
        claims = self._claims(tenant.id, user_id, ask.role)
        for table in lookups_of(claims, operation, settings.auth):
            yield from self._shared.store.select(call, tenant.id, LOOKUP_TABLES[table], limit=1, label=f"auth.{table}")
        actor = actor_of(claims, operation, self._shared.runtime.clock(), settings.auth)
        if self._limits:
            # A client that forges the header it is counted by has a new name for every request.
            yield from self._count(call, tenant.id, actor, named_id("forged", call.id) if ask.forged else user_id)
        scope = authorise(actor, operation, settings.auth)
        context = Context(call=call, tenant_id=tenant.id, actor=actor, scope=scope)
        module = MODULES.get(operation.partition(".")[0])
        if self._guarded and module is not None:
            yield from self._guard.check(context, module)
        return context

    def _claims(self, tenant_id: str, user_id: str, role: str) -> Claims:
        if role == "guest":
            return Claims(tenant_id, None)
        expires_at_s = self._shared.runtime.clock() + self._settings.auth.access_token_s
        return Claims(tenant_id, user_id, Token(tenant_id, Actor(Role(role), user_id), expires_at_s))

    def _count(self, call: Call, tenant_id: str, actor: Actor, user: str) -> Steps[None]:
        """Count the request. Raises ``RateLimited``."""
        assert self.counting is not None  # noqa: S101 -- a node counts from its boot on
        key = client_key(self._settings.rate_limit, {"x-user-id": user}, tenant_id=tenant_id, actor=actor)
        decision = yield from self.counting.admit(call, key)
        outcome = "admitted" if decision.allowed else "refused"
        self._shared.runtime.record("limit.counted", call, site=key, outcome=outcome)
        if not decision.allowed:
            raise RateLimited(f"too many requests; again in {decision.retry_after_s:g} s")
