"""The schema registry: what each type of event carries, read off its class."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rustok_sim.core.events.catalogue import EVENTS
from rustok_sim.core.events.event import Event
from rustok_sim.core.events.fields import PayloadField, fields_of


@dataclass(frozen=True, slots=True)
class Schema:
    """One type of event: its name in payloads (*variant*), its present version, its fields."""

    event_type: str
    variant: str
    version: int
    fields: tuple[PayloadField, ...]


def schema_of(event: type[Event]) -> Schema:
    """The schema of one class of events."""
    return Schema(event.type, event.__name__, event.version, fields_of(event))


SCHEMAS: Final[Mapping[str, Schema]] = {event.type: schema_of(event) for event in EVENTS}
"""By dotted type."""
