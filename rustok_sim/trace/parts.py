"""What time goes to: the parts, their names for people, and the parts of one trace up to its answer."""

from math import inf
from typing import Final, NamedTuple, get_args

from rustok_sim.trace.spans import Part, Span

PARTS: Final[tuple[Part, ...]] = get_args(Part)
TITLES: Final[dict[Part, str]] = {
    "connection": "wait for a connection",
    "lock": "wait for locks",
    "database": "database and way there",
    "network": "network",
    "redis": "Redis and way there",
    "gateway": "payment provider",
    "queue": "queues",
    "service": "stations",
    "log": "log",
    "backoff": "client's backoff",
    "pause": "node stands still",
    "unanswered": "no answer came",
    "other": "unexplained",
}
"""In the order in which they are shown."""
WAITS: Final[frozenset[Part]] = frozenset({"connection", "lock", "queue", "backoff", "pause", "unanswered"})
"""The parts in which nobody works for the request."""
DUST_S: Final = 1e-12
"""What subtracting times from each other may leave of nothing."""
GRAIN_S: Final = 1e-9
"""Moments nearer to each other are one: those late in a run have lost that much to rounding."""
NOTE: Final = (
    "A node's own code takes no time, by assumption. The log tells a database's work from the way there only where its "
    "servers are limited, and waits for locks within transactions only."
)


def parts_of(root: Span) -> dict[Part, float]:
    """The seconds of a request's life by what they went to; together they are its duration."""
    found: dict[Part, float] = dict.fromkeys(PARTS, 0.0)
    for span in root.walk(follow=False):
        left_s = span.own_s
        for part, seconds in span.parts.items():
            taken_s = max(0.0, min(seconds, left_s))
            found[part] += taken_s
            left_s -= taken_s
        if abs(left_s) > DUST_S:
            found[span.rest] += left_s
    return found


class Piece(NamedTuple):
    """A stretch of a span's own time, and what it went to."""

    part: Part
    begin_s: float
    end_s: float


def pieces(span: Span) -> list[Piece]:
    """The own time of *span* in order, cut where it went to something else.

    A connection, or a place in a station, is waited for first. A lock is waited for at the server after its work: from
    the end of the visit there, if the log has one. Otherwise that wait is put at the end of the statement, which is too
    late by the way back: the log has only how long it was.
    """
    gaps = _gaps(span)
    left_s = whole_s = sum(end_s - begin_s for begin_s, end_s in gaps)
    taken: dict[Part, float] = {}
    for part, seconds in span.parts.items():
        taken[part] = max(0.0, min(seconds, left_s))
        left_s -= taken[part]
    lock_s = taken.pop("lock", 0.0)
    visited_s = max((child.end_s for child in span.children if not child.follows), default=span.end_s)
    before_s = sum(end_s - begin_s for begin_s, end_s in gaps if begin_s < visited_s)
    work_s = min(before_s, whole_s - lock_s) - sum(taken.values())
    plan: list[tuple[Part, float]] = [*taken.items(), (span.rest, work_s), ("lock", lock_s)]
    return _laid([one for one in plan if one[1] > GRAIN_S], span.rest, gaps)


def _gaps(span: Span) -> list[tuple[float, float]]:
    """When no synchronous child was at work."""
    found: list[tuple[float, float]] = []
    now_s = span.begin_s
    for child in span.children:
        if not child.follows:
            if child.begin_s > now_s:
                found.append((now_s, min(child.begin_s, span.end_s)))
            now_s = max(now_s, child.end_s)
    return found if now_s >= span.end_s else [*found, (now_s, span.end_s)]


def _laid(plan: list[tuple[Part, float]], rest: Part, gaps: list[tuple[float, float]]) -> list[Piece]:
    """The parts of *plan* one after the other in *gaps*; what is left of them is for *rest*."""
    found: list[Piece] = []
    plan = [*plan, (rest, inf)]
    for begin_s, end_s in gaps:
        now_s = begin_s
        while now_s < end_s:
            part, left_s = plan.pop(0)
            until_s = now_s + left_s if now_s + left_s < end_s - GRAIN_S else end_s
            if until_s == end_s and left_s - (end_s - now_s) > GRAIN_S:
                plan.insert(0, (part, left_s - (end_s - now_s)))
            found.append(Piece(part, now_s, until_s))
            now_s = until_s
    return found
