"""The way of a request from its tenant to its handler, and of an error to its status."""

from collections.abc import Mapping

from rustok_sim.core.context import Context
from rustok_sim.core.errors import DomainError
from rustok_sim.core.operations import Ask
from rustok_sim.core.ports import Call, Steps
from rustok_sim.core.shared import Shared
from rustok_sim.modules.tenants import TenantContext, check_standing
from rustok_sim.platform.answers import Answer, Handler, Request
from rustok_sim.platform.settings import Settings


class Pipeline:
    """What stands between the tenant middleware and the handlers."""

    def __init__(self, shared: Shared, settings: Settings, handlers: Mapping[str, Handler]) -> None:
        self._shared = shared
        self._settings = settings
        self._handlers = handlers

    def serve(self, call: Call, operation: str, tenant: TenantContext, ask: Ask) -> Steps[None]:
        """Serve one request of a known tenant. Raises ``DomainError``."""
        check_standing(self._settings.tenancy, tenant)
        context = Context(call=call, tenant_id=tenant.id)
        yield from self._handlers[operation](Request(context, tenant, ask))

    def answer(self, error: DomainError, operation: str) -> Answer:
        """What a client reads of *error*."""
        return Answer(error.status, error.code, retryable=error.retryable)
