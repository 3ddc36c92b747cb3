"""From the records of one sequential piece of work to a tree.

A record is written when its work ends, so what was done within it stands before it. A node's own code takes no time:
whatever time passes between two records is a wait.
"""

from collections.abc import Sequence
from typing import TypeAlias

from rustok_sim.trace.asking import Row
from rustok_sim.trace.kinds import HOLDS, note, span_of
from rustok_sim.trace.runs import Facts
from rustok_sim.trace.spans import Span

Item: TypeAlias = tuple[Row, Span | None]
"""A record, and its span if it is one of work."""


def nest(rows: Sequence[Row], facts: Facts) -> list[Item]:
    """The outermost of *rows*, in order, each span with its children and events; moments outside them are without."""
    items: list[Item] = []
    for row in rows:
        holds = HOLDS.get(row.kind)
        if holds is None or (row.kind == "index.applied" and row.begin_s is None):
            items.append((row, None))
            continue
        span = span_of(row, facts)
        if row.kind == "db.query" and row.detail == "begin" and (failed := _never_begun(items, row)) is not None:
            failed.add(span)
            continue
        first = _first_within(items, row, holds)
        put_into(span, items[first:], facts)
        del items[first:]
        items.append((row, span))
    return items


def _first_within(items: Sequence[Item], row: Row, holds: tuple[str, ...]) -> int:
    """From which of *items* on they lie within the work of *row*, which has just ended."""
    first = len(items)
    begin_s = row.at_s if row.begin_s is None else row.begin_s
    begins = row.kind == "db.transaction"
    while first:
        inner, span = items[first - 1]
        if (inner.at_s if span is None else span.begin_s) < begin_s or not inner.kind.startswith(holds or ("-",)):
            break
        first -= 1
        if begins and inner.kind == "db.query" and inner.detail == "begin":
            return first
    return len(items) if begins else first


def _never_begun(items: Sequence[Item], row: Row) -> Span | None:
    """The transaction that *row* was to begin, if that went wrong: then its record stands before the statement's."""
    if items and items[-1][0].kind == "db.transaction" and items[-1][0].begin_s == row.begin_s:
        return items[-1][1]
    return None


def put_into(span: Span, items: Sequence[Item], facts: Facts) -> None:
    """Make *items* the children and the events of *span*.

    What is sent over the log is on its way since the record before: that is when it was handed over.
    """
    now_s = max([span.begin_s, *(child.end_s for child in span.children)])
    for row, inner in items:
        if inner is None:
            note(span, row)
        else:
            if row.kind == "event.sent" and facts.sends_to_log:
                inner.begin_s = min(now_s, inner.end_s)
            span.add(inner)
            if span.component == "database" and inner.component == "database" and inner.name == "database":
                span.rest = "network"  # the station has told the server's time
        now_s = row.at_s
