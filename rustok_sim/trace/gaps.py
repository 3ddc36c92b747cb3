"""Time of an attempt in which nothing that it has finished was at work.

Its node stood still, a message was under way for work that outlived it, or no answer came.
"""

from collections.abc import Iterator, Sequence

from rustok_sim.trace.runs import Facts
from rustok_sim.trace.spans import Part, Span

Gap = tuple[float, float]


def explain_gaps(attempt: Span, facts: Facts, *, outlived_by: Sequence[Span], unanswered: bool) -> None:
    """Fill the gaps between the children of *attempt* that have an explanation.

    *outlived_by*: the calls that it had begun and its node went on with when nobody waited any more. *unanswered*: its
    client lost patience. What stood still then is known; for the rest of the last gap the answer, or the request, was
    lost.
    """
    found: list[Span] = []
    now_s = attempt.begin_s
    for child in attempt.children:
        still = facts.stood_still(attempt.node, now_s, child.begin_s)
        found += _of(attempt, "node stands still", "pause", still)
        for gap in _around(still, now_s, child.begin_s):
            found += _under_way(attempt, gap, child, outlived_by)
        now_s = max(now_s, child.end_s)
    still = facts.stood_still(attempt.node, now_s, attempt.end_s)
    found += _of(attempt, "node stands still", "pause", still)
    if unanswered:
        found += _of(attempt, "no answer", "unanswered", _around(still, now_s, attempt.end_s))
    if found:
        attempt.children = sorted([*attempt.children, *found], key=lambda span: (span.begin_s, span.end_s))


def _around(still: Sequence[Gap], begin_s: float, end_s: float) -> list[Gap]:
    """What is left of the time between two moments without those in *still*."""
    edges = [begin_s, *(edge_s for gap in still for edge_s in gap), end_s]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    return [(since_s, until_s) for since_s, until_s in gaps if until_s > since_s]


def _under_way(attempt: Span, gap: Gap, after: Span, outlived_by: Sequence[Span]) -> Iterator[Span]:
    """The call in whose course *gap* lies; if that is one of the database, and *after* its visit there, the way."""
    begin_s, end_s = gap
    calls = [call for call in outlived_by if call.begin_s <= begin_s]
    for call in calls[-1:]:
        visits = call.component == "database" and after.component == "database"
        span = Span(call.name, begin_s, end_s, call.component, call.kind, attempt.node)
        span.rest = "network" if visits else call.rest
        # It waits for a connection before anything else.
        span.parts = dict(call.parts) if call.begin_s == begin_s else {}
        span.error, span.attributes = "unfinished", dict(call.attributes)
        yield span
    if not calls and after.component == "database":
        # Its node stood still to the end of the run, so that only the database itself tells of the statement.
        yield Span("statement", begin_s, end_s, "database", "client", attempt.node, rest="database", error="unfinished")


def _of(attempt: Span, name: str, rest: Part, gaps: Sequence[Gap]) -> Iterator[Span]:
    for begin_s, end_s in gaps:
        yield Span(name, begin_s, end_s, "request", node=attempt.node, rest=rest)
