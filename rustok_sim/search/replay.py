"""A run as a story: who did what when, around one record that breaks a promise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rustok_sim.core.journal import Record, Row
from rustok_sim.scenario import Scenario
from rustok_sim.search.trial import Violation, judged
from rustok_sim.studies.facts import kinds_of

STAGE: Final = ("fault.began", "fault.ended", "node.crashed", "node.started")
"""What happens to all, and so belongs to every story."""
STANDING: Final = frozenset({"tenant.standing", "tenant.updated"})
"""What befalls a tenant, and belongs to every story about one of its requests."""
DULL: Final = frozenset({"redis.command", "db.query", "cache.hit", "event.about", "breaker.call", "outbox.claimed"})
"""Kinds left out unless everything is asked for."""
KEYS: Final = ("order", "event", "detail", "site")
"""The columns of an offending row that may name what it is about."""
LINES_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Timeline:
    """The records of one story, in order, with the violation that it leads to."""

    violation: Violation
    records: tuple[Record, ...]

    def lines(self) -> list[tuple[str, str, str, str]]:
        """When, where, who and what, for each record."""
        return [(f"{one.at_s:.3f}", one.node or "", str(one.correlation or ""), _words(one)) for one in self.records]


def replay(scenario: Scenario, *, everything: bool = False) -> list[Timeline]:
    """Run *scenario* again, and tell the story of each thing it breaks.

    The story is told along the correlation id of the first offending record, and the order, event or variant that the
    record names; with *everything* the statements and commands are in it too.
    """
    log, violations = judged(scenario, kinds_of(scenario))
    return [story_of(one, log.rows, everything=everything) for one in violations]


def story_of(violation: Violation, rows: Sequence[Row], *, everything: bool = False) -> Timeline:
    """What of the log *rows* belongs to the story of *violation*."""
    records = [Record(*row) for row in rows]
    subject = _subject(violation.row)
    requests = {one.correlation for one in records if subject & {one.site, one.detail}} | _requests(violation.row)
    tenant = violation.row.get("tenant")
    chosen = [
        one
        for one in records
        if one.kind in STAGE or _belongs(one, subject, requests) or (one.kind in STANDING and one.tenant == tenant)
    ]
    if not everything:
        chosen = [one for one in chosen if one.kind not in DULL]
    return Timeline(violation, tuple(chosen[:LINES_MAX]))


def _belongs(one: Record, subject: set[str], requests: set[int | None]) -> bool:
    """A relay's pass is about many events: of its records only those of this subject belong here."""
    if subject & {one.site, one.detail}:
        return True
    return one.correlation is not None and one.correlation >= 0 and one.correlation in requests


def _subject(row: Mapping[str, Any]) -> set[str]:
    """The ids that the row names: what has the form of one."""
    return {row[key] for key in KEYS if isinstance(row.get(key), str) and len(row[key]) == 36}


def _requests(row: Mapping[str, Any]) -> set[int | None]:
    return {row["correlation"]} if row.get("correlation") is not None else set()


_SENTENCES: Final[Mapping[str, str]] = {
    "request.sent": "{site} of {tenant} asks for {detail}, attempt {value:g}",
    "request.finished": "{site} is answered {status} {detail} after {long_s:.3f} s",
    "request.in_flight": "{site} still waits at the end, since {begin_s:.3f}",
    "fault.began": "*** {detail} begins at {site}",
    "fault.ended": "*** {detail} ends at {site}",
    "node.crashed": "*** the node crashes",
    "node.started": "*** the node is ready",
    "db.transaction": "transaction {outcome} after {long_s:.3f} s",
    "order.changed": "order {site} -> {outcome}",
    "payment.charged": "the provider takes {value:g}",
    "payment.refunded": "the provider sends {value:g} back",
    "payment.uncertain": "no answer of the provider: nobody here knows",
    "event.recorded": "event {detail} goes into the outbox",
    "tenant.standing": "*** tenant {tenant} is {outcome} from now on",
    "tenant.updated": "the row of tenant {tenant} has version {value:g}",
    "tenant.crossed": "a row of {site} of tenant {detail} is {outcome}",
    "stock.changed": "stock of {site} changes by {detail} to {value:g}",
    "order.left": "at the end: the order is {outcome}, amount {value:g}",
}
"""What a record says, by its kind; others are told by their columns."""


def _words(one: Record) -> str:
    """One record as a sentence."""
    sentence = _SENTENCES.get(one.kind)
    if sentence is None:
        return " ".join([one.kind, *(part for part in (one.site, one.outcome, one.detail) if part)])
    numbers = {"value": one.value or 0.0, "begin_s": one.begin_s or 0.0}
    texts = {name: getattr(one, name) or "" for name in ("site", "tenant", "detail", "outcome", "status")}
    told = sentence.format(**texts, **numbers, long_s=one.at_s - (one.begin_s or one.at_s))
    return " ".join(told.split())  # a column may be empty
