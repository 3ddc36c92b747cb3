"""Envelopes as JSON: the payload is tagged beside its data, ``{"type": "NodeCreated", "data": {...}}``.

The tag is the name of the class, as RusToK's is the name of the variant. What cannot be read is refused with a reason;
members nobody knows are passed over.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from rustok_sim.core.errors import Validation
from rustok_sim.core.events.catalogue import BY_VARIANT
from rustok_sim.core.events.envelope import Envelope
from rustok_sim.core.events.event import Event
from rustok_sim.core.events.fields import PayloadField
from rustok_sim.core.events.schema import SCHEMAS
from rustok_sim.core.events.upcasting import UPCASTERS, Payload, Upcasters, upcast

DOCUMENTS: Final = json.JSONEncoder(sort_keys=True)
HEADER: Final[Mapping[str, type | tuple[type, ...]]] = {
    "id": str,
    "schema_version": int,
    "correlation_id": str,
    "causation_id": (str, type(None)),
    "tenant_id": str,
    "trace_id": (str, type(None)),
    "timestamp": (int, float),
    "actor_id": (str, type(None)),
    "event": dict,
    "retry_count": int,
}
CANONICAL: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Undecodable(Validation):
    """A stored or received envelope that this version of the platform cannot read."""

    code = "undecodable"


def encode(envelope: Envelope) -> str:
    """The envelope as one line of JSON, the same for the same envelope everywhere."""
    event = envelope.event
    document = {
        "id": envelope.id,
        "event_type": event.type,
        "schema_version": event.version,
        "correlation_id": envelope.correlation_id,
        "causation_id": envelope.causation_id,
        "tenant_id": envelope.tenant_id,
        "trace_id": envelope.trace_id,
        "timestamp": envelope.timestamp,
        "actor_id": envelope.actor_id,
        "event": {
            "type": type(event).__name__,
            "data": {field.name: getattr(event, field.name) for field in SCHEMAS[event.type].fields},
        },
        "retry_count": envelope.retry_count,
    }
    return DOCUMENTS.encode(document)


def decode(text: str, upcasters: Upcasters = UPCASTERS) -> Envelope:
    """The envelope that was written as *text*, its payload raised to the present version. Raises ``Undecodable``."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise Undecodable(f"this is no JSON: {error}", code="invalid_json") from error
    header = _header(document)
    version = header.pop("schema_version")
    return Envelope(**{**header, "event": _event(header["event"], version, upcasters)})


def _header(document: object) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise Undecodable("an envelope is an object", code="invalid_value")
    for name, kinds in HEADER.items():
        if not isinstance(document.get(name), kinds):
            raise _wrong("envelope", name, present=name in document)
    return {name: document[name] for name in HEADER}


def _event(tagged: dict[str, Any], version: int, upcasters: Upcasters) -> Event:
    variant, data = tagged.get("type"), tagged.get("data")
    event = BY_VARIANT.get(variant) if isinstance(variant, str) else None
    if event is None:
        raise Undecodable(f"there is no event {variant!r}", code="unknown_event")
    if not isinstance(data, dict):
        raise _wrong(event.type, "data", present="data" in tagged)
    if version > event.version:
        known = f"this platform knows up to {event.version}"
        raise Undecodable(f"{event.type} of version {version}: {known}", code="newer_version")
    return event(**_payload(event, _raised(event, version, data, upcasters)))


def _raised(event: type[Event], version: int, data: Payload, upcasters: Upcasters) -> Payload:
    try:
        return upcast(event.type, version, event.version, data, upcasters)
    except KeyError as error:
        raise Undecodable(f"{event.type}: nothing leads on from version {version}", code="unknown_version") from error


def _payload(event: type[Event], data: Payload) -> Payload:
    fields = SCHEMAS[event.type].fields
    for field in fields:
        value = data.get(field.name)
        if not (field.optional if value is None else _fits(field, value)):
            raise _wrong(event.type, field.name, present=value is not None)
    return {field.name: data.get(field.name) for field in fields}


def _fits(field: PayloadField, value: object) -> bool:
    if field.data_type == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, str) and (field.data_type == "string" or CANONICAL.fullmatch(value) is not None)


def _wrong(event_type: str, name: str, *, present: bool) -> Undecodable:
    fault, message = ("invalid_value", "is not what it should be") if present else ("missing_field", "is missing")
    return Undecodable(f"{event_type}: {name} {message}", code=fault, fields={name: message})
