"""Time of an attempt in which nothing of it was at work: its node stood still, or no answer came."""

from collections.abc import Iterator

from rustok_sim.trace.runs import Facts
from rustok_sim.trace.spans import Part, Span


def explain_gaps(attempt: Span, facts: Facts, *, unanswered: bool) -> None:
    """Fill the gaps between the children of *attempt* that have an explanation.

    *unanswered*: its client lost patience. What stood still then is known; for the rest of the last gap the answer,
    or the request, was lost.
    """
    found: list[Span] = []
    now_s = attempt.begin_s
    for child in attempt.children:
        found += _of(attempt, "node stands still", "pause", facts.stood_still(attempt.node, now_s, child.begin_s))
        now_s = max(now_s, child.end_s)
    still = list(facts.stood_still(attempt.node, now_s, attempt.end_s))
    found += _of(attempt, "node stands still", "pause", still)
    if unanswered:
        for begin_s, end_s in [*still, (attempt.end_s, attempt.end_s)]:
            found += _of(attempt, "no answer", "unanswered", [(now_s, begin_s)] if begin_s > now_s else [])
            now_s = end_s
    if found:
        attempt.children = sorted([*attempt.children, *found], key=lambda span: (span.begin_s, span.end_s))


def _of(attempt: Span, name: str, rest: Part, gaps: list[tuple[float, float]]) -> Iterator[Span]:
    for begin_s, end_s in gaps:
        yield Span(name, begin_s, end_s, "request", node=attempt.node, rest=rest)
