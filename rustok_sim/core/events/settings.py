"""The settings of domain events, as a scenario writes them."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from annotated_types import Interval

from rustok_sim.core.events.backpressure import BackpressureSettings
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
    transport: Literal["outbox", "memory", "log", "iggy_stub"] = "outbox"
    """outbox: events of a transaction are written with it; the others have them before it commits, whether or not it
    does (D17, D-18). memory: a bus within the process; log: the partitioned log; iggy_stub: RusToK's connector, which
    reports success and does nothing."""
    forwarder: Literal["none", "as_built", "go_on"] = "as_built"
    """What brings events that are sent after the commit to the transport. as_built: a loop that ends for good once
    the bus of its process has lapped it (D-16); go_on: it passes over the gap; none: nobody listens there."""
    no_receiver: Literal["error", "lost"] = "error"
    """What the bus makes of an event nobody listens to: an error to the sender, or nothing, as before 2026-02-14."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BusSettings:
    """The bus of a node: as long as RusToK's, with no count of slots before it, as RusToK's server makes it."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    capacity: Annotated[int, Interval(ge=1, le=1_000_000)] = 128
    """Envelopes, rounded up to a power of two. Who is further behind has lost the oldest (D-19)."""
    backpressure: BackpressureSettings | None = None
    """What refuses events while too many are unfinished. None: nothing does."""
    dispatchers: Annotated[int, Interval(ge=1, le=10)] = 1
    """How many dispatchers listen, each with all handlers; each of them finishes every event (D-21)."""
