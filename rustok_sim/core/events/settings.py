"""The settings of domain events, as a scenario writes them."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias

from rustok_sim.core.strict import STRICT

Contradictions: TypeAlias = Literal["as_built", "repaired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSettings:
    """How events are checked, tied together and sent."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    contradictions: Contradictions = "as_built"
    """as_built: stock events may not go below zero (S2), and the low-stock event excludes its own threshold (S3), so
    that what the stock service raises is refused; repaired: they may, and it does not. Under both they must name a
    location, which the stock's design frozen_as_built cannot (S1)."""
    correlation: Literal["as_built", "propagated"] = "as_built"
    """as_built: each event is its own correlation and has no cause; propagated: both come from the request."""
    transport: Literal["outbox", "memory"] = "outbox"
    """outbox: events of a transaction are written with it; memory: they are sent before it commits (D17)."""
    no_receiver: Literal["error", "lost"] = "error"
    """What the bus makes of an event nobody listens to: an error to the sender, or nothing, as before 2026-02-14."""
