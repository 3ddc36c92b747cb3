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
            # All that happened in it happened in its first statement.
            span.children, span.events, failed.children, failed.events = failed.children, failed.events, [span], []
            continue
        first = _first_within(items, row, span.begin_s, holds)
        put_into(span, items[first:], facts)
        del items[first:]
        items.append((row, span))
    return items


def _first_within(items: Sequence[Item], row: Row, begin_s: float, holds: tuple[str, ...]) -> int:
    """From which of *items* on they lie within the work of *row*, which has just ended.

    What began later is within it. What began at the same moment may as well have ended then: the kind decides.
    """
    first = len(items)
    while first:
        inner, span = items[first - 1]
        inner_s = inner.at_s if span is None else span.begin_s
        if inner_s < begin_s or (inner_s == begin_s and not _opens(inner, row, holds)):
            break
        first -= 1
    return first


def _opens(inner: Row, row: Row, holds: tuple[str, ...]) -> bool:
    """Whether *inner*, which began when *row* did, is the beginning of it."""
    if row.kind == "db.transaction":
        return inner.kind == "db.query" and inner.detail == "begin"
    return bool(holds) and inner.kind.startswith(holds)


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
        # A fault befalls a message while that is on its way.
        now_s = now_s if row.kind == "message.struck" else row.at_s
