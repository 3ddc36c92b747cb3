"""A run as a story: who did what when, around one record that breaks a promise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rustok_sim.core.journal import COLUMNS, Record, Row
from rustok_sim.scenario import Scenario
from rustok_sim.search.trial import Violation, judged
from rustok_sim.study.facts import kinds_of

STAGE: Final = ("fault.began", "fault.ended", "node.crashed", "node.started")
"""What happens to all, and so belongs to every story."""
DULL: Final = frozenset({"redis.command", "db.query", "cache.hit", "event.about", "breaker.call", "outbox.claimed"})
"""Kinds left out unless everything is asked for."""
KEYS: Final = ("order", "event", "detail", "site")
"""The columns of an offending row that may name what it is about."""
LINES_MAX: Final = 200
_PLACE: Final = {name: place for place, name in enumerate(COLUMNS)}


@dataclass(frozen=True, slots=True)
class Timeline:
    """The records of one story, in order, with the violation that it leads to."""

    violation: Violation
    records: tuple[Record, ...]

    def lines(self) -> list[tuple[str, str, str, str]]:
        """When, where, who and what, for each record."""
        return [
            (f"{one.at_s:.3f}", one.node or "", str(one.correlation or ""), _words(one)) for one in self.records
        ]


def replay(scenario: Scenario, *, everything: bool = False) -> list[Timeline]:
    """Run *scenario* again, and tell the story of each thing it breaks.

    The story is told along the correlation id of the first offending record, and the order, event or variant that the
    record names; with *everything* the statements and commands are in it too.
    """
    log, violations = judged(scenario, kinds_of(scenario))
    return [_story(one, log.rows, everything=everything) for one in violations]


def _story(violation: Violation, rows: Sequence[Row], *, everything: bool) -> Timeline:
    subject, requests = _subject(violation.row), _requests(violation.row)
    about = [row for row in rows if subject & {row[_PLACE["site"]], row[_PLACE["detail"]]}]
    requests |= {row[_PLACE["correlation"]] for row in about if row[_PLACE["correlation"]] is not None}
    chosen = [
        Record(*row)
        for row in rows
        if row[1] in STAGE
        or ((everything or row[1] not in DULL) and _belongs(row, subject, requests))
        or row[_PLACE["correlation"]] in _requests(violation.row)
    ]
    return Timeline(violation, tuple(chosen[:LINES_MAX]))


def _belongs(row: Row, subject: set[Any], requests: set[Any]) -> bool:
    if subject & {row[_PLACE["site"]], row[_PLACE["detail"]]}:
        return True
    # A relay's pass is about many events: of its records only those of this one belong here.
    correlation = row[_PLACE["correlation"]]
    return correlation in requests and correlation is not None and correlation >= 0


def _subject(row: Mapping[str, Any]) -> set[Any]:
    """The ids that the row names: what has the form of one."""
    return {row[key] for key in KEYS if isinstance(row.get(key), str) and len(row[key]) == 36}


def _requests(row: Mapping[str, Any]) -> set[Any]:
    return {row["correlation"]} if row.get("correlation") is not None else set()


def _words(one: Record) -> str:
    """One record as a sentence."""
    of = f" {one.detail}" if one.detail else ""
    match one.kind:
        case "request.sent":
            again = "" if one.value == 1 else f", attempt {one.value:g}"
            return f"{one.site} of {one.tenant} asks for {one.detail}{again}"
        case "request.finished":
            return f"{one.site} is answered {one.status}{of} after {_after(one)}"
        case "request.in_flight":
            return f"{one.site} still waits at the end, since {one.begin_s:.3f}"
        case "fault.began" | "fault.ended":
            return f"*** {(one.detail or '').split(' ')[0]} at {one.site} {'begins' if one.kind.endswith('began') else 'ends'}"
        case "node.crashed":
            return "*** the node crashes"
        case "node.started":
            return "*** the node is ready"
        case "db.transaction":
            return f"transaction {one.outcome} after {_after(one)}"
        case "order.changed":
            return f"order {one.site or 'placed'} -> {one.outcome}"
        case "payment.charged":
            return f"the provider takes {one.value:g}"
        case "payment.refunded":
            return f"the provider sends {one.value:g} back"
        case "payment.uncertain":
            return "no answer of the provider: nobody here knows"
        case "event.recorded":
            return f"event {one.detail} goes into the outbox"
        case "tenant.crossed":
            return f"{one.outcome} in {one.site}: a row of tenant {one.detail}"
        case "stock.changed":
            return f"stock of {one.site} changes by {one.detail} to {one.value:g}"
        case "order.left":
            return f"at the end: order {one.outcome}, amount {one.value or 0:g}"
    what = [str(part) for part in (one.site, one.outcome, one.detail) if part]
    return " ".join([one.kind, *what])


def _after(one: Record) -> str:
    return f"{one.at_s - (one.begin_s or one.at_s):.3f} s"
