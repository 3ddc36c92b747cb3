"""What a service knows of the request it serves."""

from rustok_sim.core.auth import SYSTEM, Actor, Scope
from rustok_sim.core.ids import named_id
from rustok_sim.core.ports import Call
from rustok_sim.core.values import value


@value(frozen=True, slots=True, kw_only=True)
class Context:
    """One request of one tenant: who acts, in which language, and what it belongs to."""

    call: Call
    tenant_id: str
    actor: Actor = SYSTEM
    scope: Scope = Scope.ALL
    """How far the actor may carry this, as was asked before the handler; who keeps things with owners holds to it."""
    locale: str = "en"
    causation_id: str | None = None
    """The event that led to this, if one did."""
    correlation: str | None = None
    """Given when this goes on with what an earlier request began."""

    @property
    def correlation_id(self) -> str:
        """What all events of one request have in common, across nodes and retries."""
        return self.correlation or named_id("request", self.call.id)
