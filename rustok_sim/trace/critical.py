"""The critical path: what a change had to pass through, one thing after the other, until all that follows was done."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rustok_sim.report.tables import Table
from rustok_sim.studies import Run
from rustok_sim.trace.builder import trace_of
from rustok_sim.trace.parts import TITLES, WAITS, Piece, pieces
from rustok_sim.trace.spans import Span, Trace


class Segment(NamedTuple):
    """A stretch of the path: a span at its own work, or a wait.

    A span waits for a connection, for locks or in line (see :func:`rustok_sim.trace.parts.pieces`); and the path waits
    for spans that have not begun.
    """

    what: str
    span: Span
    begin_s: float
    end_s: float
    waiting: bool = False


class CriticalPath:
    """From the arrival of a request to the end of the last span of its trace, without a gap."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.segments = [segment for segment in _path(trace) if segment.end_s > segment.begin_s]

    @property
    def duration_s(self) -> float:
        """From end to end."""
        return self.trace.end_s - self.trace.root.begin_s

    def table(self) -> Table:
        """A row for each stretch, in order."""
        begin_s, whole_s = self.trace.root.begin_s, self.duration_s or 1.0
        rows = tuple(
            (
                one.what,
                one.span.node or "",
                f"{(one.begin_s - begin_s) * 1000:.2f}",
                f"{(one.end_s - one.begin_s) * 1000:.2f}",
                f"{(one.end_s - one.begin_s) / whole_s * 100:.1f}",
            )
            for one in self.segments
        )
        title = f"Critical path of request {self.trace.correlation}: {self.duration_s * 1000:.2f} ms"
        return Table(title, ("what", "node", "after, ms", "for, ms", "share, %"), rows)

    def __repr__(self) -> str:
        return f"<CriticalPath of {self.trace.correlation}: {len(self.segments)} stretches, {self.duration_s:.6f} s>"

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def critical_path(run: Run, *, correlation: int) -> CriticalPath:
    """The critical path of one request of *run*. Raises ``RunError`` if there is no such request."""
    return CriticalPath(trace_of(run, correlation))


def _path(trace: Trace) -> Iterator[Segment]:
    above = {id(child): span for span in trace.spans() for child in span.children}
    last = max(trace.spans(), key=lambda span: span.end_s)
    hops = [last]
    while (parent := above.get(id(hops[-1]))) is not None:
        hops.append(parent)
    # The root, and every span on the way to the last one that nobody waited for.
    pieces = [span for span in reversed(hops) if span.follows or span is trace.root]
    for piece, following in zip(pieces, [*pieces[1:], None], strict=True):
        if following is None:
            yield from _within(piece, piece.begin_s, piece.end_s)
        else:
            handed_s = min(_handed_over(above[id(following)], above), following.begin_s)
            yield from _within(piece, piece.begin_s, handed_s)
            yield Segment(f"wait for: {following.name}", following, handed_s, following.begin_s, waiting=True)


def _handed_over(span: Span, above: dict[int, Span]) -> float:
    """When others could take what *span* has made: at its end, or at that of its transaction."""
    end_s = span.end_s
    while not span.follows and (parent := above.get(id(span))) is not None:
        span = parent
        if span.name == "transaction":
            return span.end_s
    return end_s


def _within(span: Span, begin_s: float, end_s: float) -> Iterator[Segment]:
    """The innermost spans at work from *begin_s* to *end_s*, in order."""
    own, now_s = pieces(span), begin_s
    for child in span.children:
        if not child.follows and child.end_s > now_s and child.begin_s < end_s:
            yield from _own(span, own, now_s, child.begin_s)
            yield from _within(child, child.begin_s, min(child.end_s, end_s))
            now_s = child.end_s
    yield from _own(span, own, now_s, end_s)


def _own(span: Span, own: Sequence[Piece], begin_s: float, end_s: float) -> Iterator[Segment]:
    """What a span did, or waited for, when nothing within it was at work."""
    for part, since_s, until_s in own:
        waiting = part in WAITS
        # Some spans are nothing but a wait, and are called after it.
        also = waiting and (part != span.rest or span.children)
        what = f"{span.name}: {TITLES[part]}" if also else span.name
        yield Segment(what, span, max(since_s, begin_s), min(until_s, end_s), waiting)
