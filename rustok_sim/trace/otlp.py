"""Traces as OTLP/JSON: what OpenTelemetry's protocol calls an ExportTraceServiceRequest.

The protocol's JSON is protobuf's own with two exceptions: ids are hexadecimal, and enumerations are numbers
(opentelemetry-proto, "JSON Protobuf Encoding"). The second 0 of a run is the first of the year 2026, since a time of 0
means none there.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from typing import Any, Final

from rustok_sim.trace.spans import Span, Trace, Value

EPOCH_NS: Final = 1_767_225_600 * 1_000_000_000
SPANS_A_REQUEST: Final = 2000
"""Spans in one export request, roughly: some 2 MB, well below what collectors take."""
KINDS: Final = {"internal": 1, "server": 2, "client": 3, "producer": 4, "consumer": 5}
ERROR: Final = 2


def exported(traces: Iterable[Trace], take: Callable[[str], object]) -> Iterator[Trace]:
    """Pass *traces* on, and hand them to *take* as export requests, each one line of JSON; no trace is split."""
    gathered: list[Trace] = []
    size = 0
    for trace in traces:
        gathered.append(trace)
        size += sum(1 for _ in trace.spans())
        if size >= SPANS_A_REQUEST:
            take(_line(gathered))
            gathered, size = [], 0
        yield trace
    if gathered:
        take(_line(gathered))


def nanoseconds(at_s: float) -> int:
    """A moment of the run in nanoseconds since 1970."""
    return EPOCH_NS + round(at_s * 1e9)


def service_of(span: Span) -> tuple[str, str | None]:
    """Whose span it is: the platform on a node, the clients, or a server outside."""
    if span.node is not None:
        return "rustok", span.node
    return ("clients" if span.component == "request" else span.component), None


def _line(traces: list[Trace]) -> str:
    owners: dict[tuple[str, str | None], list[dict[str, Any]]] = {}
    for trace in traces:
        _gather(trace.root, None, owners)
    scope = {"name": "rustok-sim", "version": version("rustok-sim")}
    document = {
        "resourceSpans": [
            {"resource": {"attributes": _resource(*owner)}, "scopeSpans": [{"scope": scope, "spans": spans}]}
            for owner, spans in owners.items()
        ]
    }
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _gather(span: Span, parent: Span | None, owners: dict[tuple[str, str | None], list[dict[str, Any]]]) -> None:
    owners.setdefault(service_of(span), []).append(_encoded(span, parent))
    for child in span.children:
        _gather(child, span, owners)


def _resource(service: str, node: str | None) -> list[dict[str, Any]]:
    named: dict[str, Value] = {"service.namespace": "rustok-sim", "service.name": service}
    return _attributes(named if node is None else {**named, "service.instance.id": node})


def _encoded(span: Span, parent: Span | None) -> dict[str, Any]:
    attributes: dict[str, Value] = {**span.attributes, "rustok.component": span.component}
    encoded: dict[str, Any] = {
        "traceId": span.trace_id,
        "spanId": span.span_id,
        "name": span.name,
        "kind": KINDS[span.kind],
        "startTimeUnixNano": str(nanoseconds(span.begin_s)),
        "endTimeUnixNano": str(nanoseconds(span.end_s)),
    }
    if parent is not None:
        encoded["parentSpanId"] = parent.span_id
        attributes["rustok.asynchronous"] = span.follows
    if span.error is not None:
        attributes["error.type"] = span.error
        encoded["status"] = {"code": ERROR, "message": span.error}
    encoded["attributes"] = _attributes(attributes)
    if span.events:
        encoded["events"] = [
            {"timeUnixNano": str(nanoseconds(at_s)), "name": name, "attributes": _attributes(more)}
            for at_s, name, more in span.events
        ]
    if span.links:
        encoded["links"] = [{"traceId": trace, "spanId": other} for trace, other in span.links]
    return encoded


def _attributes(named: dict[str, Value]) -> list[dict[str, Any]]:
    return [{"key": key, "value": _value(value)} for key, value in named.items()]


def _value(value: Value) -> dict[str, Any]:
    match value:
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue": str(value)}
        case float():
            return {"doubleValue": value}
    return {"stringValue": value}
