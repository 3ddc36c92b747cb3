"""What each kind of record is as a span or a span event, in the words of OpenTelemetry's semantic conventions.

Names and attributes follow "Semantic conventions" 1.37 for HTTP, database and messaging spans; what has no word there
stands under ``rustok.``.
"""

from typing import Final

from rustok_sim.trace.asking import Row
from rustok_sim.trace.runs import Facts
from rustok_sim.trace.spans import Kind, Span, Value

HOLDS: Final[dict[str, tuple[str, ...]]] = {
    "db.query": ("station.",),
    "db.transaction": ("db.query",),
    "redis.command": (),
    "redis.reconnected": (),
    "payment.called": ("payment.",),
    "cache.load": ("db.",),
    "breaker.call": ("redis.", "cache.load"),
    "module.hook": (),
    "outbox.claimed": ("db.",),
    "outbox.published": (),
    "event.recorded": (),
    "event.sent": (),
    "index.applied": ("db.",),
    "station.served": (),
    "station.failed": (),
    "station.rejected": (),
    "station.abandoned": (),
    "station.in_system": (),
}
"""The kinds that have a begin and an end, and what they may begin with."""
FINE: Final = frozenset(
    {
        None,
        "absent",
        "applied",
        "committed",
        "duplicate",
        "found",
        "in_service",
        "ok",
        "removed",
        "rolled_back",
        "stale_ignored",
        "success",
        "waiting",
    }
)
"""Outcomes that are no error."""


def span_of(row: Row, facts: Facts) -> Span:
    """The span of a record of a kind in :data:`HOLDS`."""
    begin_s = row.at_s if row.begin_s is None else row.begin_s
    kind, _, what = row.kind.partition(".")
    span = Span(row.kind, begin_s, row.at_s, kind, node=row.node)
    if row.outcome not in FINE:
        span.error = row.outcome
    match kind:
        case "db":
            _database(span, row, facts)
        case "redis":
            _redis(span, row)
        case "station":
            _station(span, row)
        case "payment":
            span.name, span.component, span.kind, span.rest = f"payment {row.site}", "payments", "client", "gateway"
            _more(span, {"peer.service": "payment-provider", "rustok.order": row.detail})
        case "cache":
            span.name, span.component = f"{row.kind} {row.site}", "tenant"
            _more(
                span, {"rustok.cache.key": row.detail, "rustok.cache.found": row.outcome, "rustok.version": row.value}
            )
        case "event" | "outbox" | "index":
            _message(span, row, facts)
        case "breaker":
            span.name = f"breaker {row.site}"
            _more(span, {"rustok.breaker": row.site, "rustok.outcome": row.outcome})
        case _:
            span.name = f"{what} {row.site}"
            _more(span, {"rustok.site": row.site, "rustok.outcome": row.outcome, "rustok.value": row.value})
    return span


def _more(span: Span, attributes: dict[str, Value | None]) -> None:
    span.attributes.update({key: value for key, value in attributes.items() if value is not None})


def _database(span: Span, row: Row, facts: Facts) -> None:
    span.component, span.attributes["db.system.name"] = "database", facts.database
    if row.kind == "db.transaction":
        span.name = "transaction"
        _more(span, {"rustok.outcome": row.outcome})
        return
    span.name, span.kind, span.rest = row.detail or "statement", "client", "database"
    connection_s, lock_s = row.wait_s or 0.0, row.value or 0.0
    _more(
        span,
        {
            "db.query.summary": row.detail,
            "db.operation.name": (row.detail or "").rpartition(".")[2] or None,
            "rustok.connection_wait_s": row.wait_s,
            "rustok.lock_wait_s": row.value,
        },
    )
    span.parts = {"connection": connection_s, "lock": lock_s}


def _redis(span: Span, row: Row) -> None:
    span.kind, span.rest = "client", "redis"
    if row.kind == "redis.reconnected":
        span.name = f"reconnect {row.site}"
        _more(span, {"rustok.attempts": row.value})
    else:
        span.name = row.detail or "command"
        _more(span, {"db.operation.name": row.detail, "rustok.connection": row.site})
    span.attributes["db.system.name"] = "redis"


def _station(span: Span, row: Row) -> None:
    """At the database's station the service is the database's work."""
    span.name = span.component = row.site or "station"
    span.rest = "database" if row.site == "database" else "service"
    span.parts = {"queue": row.wait_s or 0.0}
    _more(span, {"rustok.queue_wait_s": row.wait_s, "rustok.service_s": row.value, "rustok.outcome": row.outcome})


def _message(span: Span, row: Row, facts: Facts) -> None:
    """An event on its way: made, handed on, received, processed."""
    span.component = "index" if row.kind == "index.applied" else "outbox"
    match row.kind:
        case "event.recorded":
            _named(span, "producer", "create", "sys_events", row.site)
            _more(span, {"rustok.event.type": row.detail})
        case "event.sent":
            _named(span, "producer", "send", "log" if facts.sends_to_log else "bus", row.detail)
            span.rest = "log"
        case "outbox.published":
            _named(span, "producer", "send", facts.target, row.detail)
            _more(span, {"rustok.attempt": row.value})
            span.rest = "log"
        case "outbox.claimed":
            _named(span, "consumer", "receive", "sys_events", None)
            _more(span, {"messaging.batch.message_count": int(row.value or 0)})
        case _:
            _named(span, "consumer", "process", row.site or "", row.detail)
            _more(span, {"rustok.since_raised_s": row.value, "rustok.outcome": row.outcome})


def _named(span: Span, kind: Kind, operation: str, destination: str, event: str | None) -> None:
    span.name, span.kind = f"{operation} {destination}", kind
    _more(
        span,
        {
            "messaging.system": "rustok",
            "messaging.operation.type": operation,
            "messaging.operation.name": operation,
            "messaging.destination.name": destination,
            "messaging.message.id": event,
        },
    )


def note(span: Span, row: Row) -> None:
    """Write a record of a moment as an event of *span*."""
    error = {"breaker.rejected": "circuit_open", "payment.uncertain": "uncertain", "payment.declined": "declined"}
    span.note(
        row.at_s,
        row.kind,
        **{
            "error.type": error.get(row.kind),
            "rustok.site": row.site,
            "rustok.outcome": row.outcome,
            "rustok.value": row.value,
            "rustok.detail": row.detail,
        },
    )
