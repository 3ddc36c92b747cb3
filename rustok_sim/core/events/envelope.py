"""The wrapper every event travels in."""

from typing import Literal

from rustok_sim.core.auth import SYSTEM, Actor
from rustok_sim.core.context import Context
from rustok_sim.core.events.event import Event
from rustok_sim.core.ports import Call
from rustok_sim.core.values import value


@value(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One event, whose it is, and what it belongs to."""

    id: str
    correlation_id: str
    causation_id: str | None
    """The event that led to this one."""
    tenant_id: str
    trace_id: str | None
    """The number of the call that raised it; RusToK has its tracing span's here."""
    timestamp: float
    """Seconds of simulated time at the publisher."""
    actor_id: str | None
    event: Event
    retry_count: int = 0
    """Stays 0, as in RusToK: its relay counts in the table's row."""

    @property
    def event_type(self) -> str:
        """The event's dotted name."""
        return self.event.type

    @property
    def schema_version(self) -> int:
        """The version of the event's payload."""
        return self.event.version

    def follow(self, call: Call, actor: Actor = SYSTEM) -> Context:
        """The context of work that this event leads to: same tenant and correlation, this as its cause."""
        return Context(
            call=call,
            tenant_id=self.tenant_id,
            actor=actor,
            causation_id=self.id,
            correlation=self.correlation_id,
        )


def wrap(
    event: Event, context: Context, event_id: str, at_s: float, correlation: Literal["as_built", "propagated"]
) -> Envelope:
    """The envelope of an event raised now."""
    propagated = correlation == "propagated"
    return Envelope(
        id=event_id,
        correlation_id=context.correlation_id if propagated else event_id,
        causation_id=context.causation_id if propagated else None,
        tenant_id=context.tenant_id,
        trace_id=str(context.call.id),
        timestamp=at_s,
        actor_id=context.actor.user_id,
        event=event,
    )
