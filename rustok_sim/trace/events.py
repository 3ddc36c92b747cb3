"""What follows from the events that a request raised: the outbox, the relay, the indexers, on whatever node.

As the conventions for messaging have it, who hands an event on and who processes it are children of the span that made
or sent it, and asynchronous ones. A relay's pass takes many events at once, so it is a trace of its own, and linked.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from rustok_sim.trace.asking import Chunk, Row
from rustok_sim.trace.kinds import span_of
from rustok_sim.trace.nesting import nest, put_into
from rustok_sim.trace.runs import Facts
from rustok_sim.trace.spans import Span, Trace, span_id, trace_id

MARKING: Final = ("outbox.load", "outbox.mark")
"""The statements with which a relay marks a row: in the log they are the pass's, in traces they are the event's."""
MARKING_ALL: Final = "outbox.mark_batch"
"""The one with which it marks all rows of a batch: in traces, it is each event's."""
ENDS: Final = {"pending": "not_taken", "failed": "dead", "lease_lost": "lease_lost", None: "unfinished"}
"""What is wrong with an event that a relay has left like this."""


class Follower:
    """Completes the traces of one chunk with what follows from their events."""

    def __init__(self, chunk: Chunk, facts: Facts) -> None:
        self._chunk = chunk
        self._facts = facts
        self._marking: dict[tuple[int | None, str | None, float | None], list[Row]] = {}
        for row in (row for rows in chunk.work.values() for row in rows if row.detail in MARKING):
            self._marking.setdefault((row.correlation, row.detail, row.begin_s), []).append(row)
        self._marking_all = {
            (row.correlation, row.at_s): row
            for rows in chunk.work.values()
            for row in rows
            if row.detail == MARKING_ALL and row.outcome == "ok"
        }

    def follow(self, trace: Trace, rows: Sequence[Row]) -> None:
        """Add to *trace*, of the request with these records, all that came of its events."""
        made = {str(span.attributes["messaging.message.id"]): span for span in trace.spans() if _makes(span)}
        for row in rows:
            if row.kind == "event.recorded" and row.seq in self._chunk.jobs:
                # A forwarder has written it: the request itself had sent it to a bus.
                event = row.site or ""
                made[event] = made.get(event, trace.root).add(self._done(row), follows=True)
        sent = {event: [span] for event, span in made.items()}
        for event, span in made.items():
            for relayed in self._relayed(event):
                _waited(span.add(relayed, follows=True), span.end_s)
                sent[event].extend(child for child in relayed.children if _makes(child))
        for row in rows:
            if row.kind == "index.applied" and row.begin_s is not None:
                done = self._done(row)
                before = [span for span in sent.get(row.detail or "", []) if span.begin_s <= done.begin_s]
                origin = before[-1] if before else trace.root
                _waited(origin.add(done, follows=True), origin.end_s)

    def _done(self, row: Row) -> Span:
        """What a background job has done, with its statements."""
        span = span_of(row, self._facts)
        job = self._chunk.jobs.get(row.seq)
        work = [] if job is None else [one for one in self._chunk.work.get(job, ()) if one.seq < row.seq]
        if row.begin_s is None and work:
            span.begin_s = min(one.at_s if one.begin_s is None else one.begin_s for one in work)
        put_into(span, nest(work, self._facts), self._facts)
        return span

    def _relayed(self, event: str) -> Iterator[Span]:
        """What each pass that took the event has done with it: handed it on, marked it."""
        passes: dict[int | None, list[Row]] = {}
        for row in self._chunk.ways.get(event, ()):
            passes.setdefault(row.correlation, []).append(row)
        for number, rows in passes.items():
            yield self._relay(event, number or 0, rows)

    def _relay(self, event: str, number: int, rows: Sequence[Row]) -> Span:
        first, last = rows[0], rows[-1]
        begin_s = first.at_s if first.begin_s is None else first.begin_s
        span = Span("relay event", begin_s, last.at_s, "outbox", "consumer", first.node, rest="queue")
        outcome = last.outcome if last.kind == "outbox.marked" else None
        span.error = ENDS.get(outcome)
        span.attributes = {
            "messaging.system": "rustok",
            "messaging.operation.type": "process",
            "messaging.operation.name": "relay",
            "messaging.destination.name": "sys_events",
            "messaging.message.id": event,
            "rustok.worker": first.site or "",
            "rustok.outcome": outcome or "unfinished",
        }
        digest = self._facts.digest
        span.links.append((trace_id(digest, number), span_id(digest, number, 0)))
        for row in rows:
            if row.kind == "outbox.published":
                span.add(span_of(row, self._facts))
                self._mark(span, row)
        marked = self._marking_all.get((number, last.at_s)) if last.kind == "outbox.marked" else None
        if marked is not None:
            span.add(span_of(marked, self._facts))
        return span

    def _mark(self, span: Span, published: Row) -> None:
        """Add the statements that marked the row: each begins when what was before it ended."""
        now_s = published.at_s
        for label in MARKING:
            found = self._marking.get((published.correlation, label, now_s))
            if not found:
                return
            row = found.pop(0)
            now_s = row.at_s
            span.end_s = max(span.end_s, now_s)
            span.add(span_of(row, self._facts))


def _makes(span: Span) -> bool:
    """Whether it hands an event to others: it was made in it, or sent on."""
    return span.attributes.get("messaging.operation.type") in {"create", "send"}


def _waited(span: Span, since_s: float) -> None:
    """Write down how long the event had waited."""
    span.attributes["rustok.queue_wait_s"] = max(0.0, span.begin_s - since_s)
