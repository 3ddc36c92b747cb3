"""What clients read, and what handlers are told."""

from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

from rustok_sim.core.context import Context
from rustok_sim.core.operations import Ask
from rustok_sim.core.ports import Steps
from rustok_sim.core.values import value
from rustok_sim.modules.tenants import TenantContext


class Answer(NamedTuple):
    """What a client reads: an HTTP status and, for errors, the error's code and whether it says a retry may help."""

    status: int
    code: str | None = None
    retryable: bool = False


OK: Final = Answer(200)
REQUEST_TIMEOUT: Final = Answer(408, "request_timeout", retryable=True)
"""What Loco's timeout layer answers."""


@value(frozen=True, slots=True)
class Request:
    """A request that has passed the middleware: whose it is, who asks, and for what."""

    context: Context
    tenant: TenantContext
    ask: Ask


Handler: TypeAlias = Callable[[Request], Steps[object]]
"""Does what an operation asks for. Raises ``DomainError``."""
