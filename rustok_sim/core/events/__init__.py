"""Domain events: what happened, in envelopes that keep correlation and causation, and their way into the outbox.

Knows no transport and no module; modules raise the events that are listed here.
"""

from rustok_sim.core.events.publisher import SYS_EVENTS, Event, Publisher

__all__ = ["SYS_EVENTS", "Event", "Publisher"]
