"""Spans: pieces of work with a begin and an end, in a tree for each trace."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from rustok_sim.report.tables import Table

Kind: TypeAlias = Literal["internal", "server", "client", "producer", "consumer"]
Value: TypeAlias = str | int | float | bool
Part: TypeAlias = Literal[
    "backoff",
    "connection",
    "database",
    "gateway",
    "lock",
    "log",
    "network",
    "other",
    "pause",
    "queue",
    "redis",
    "service",
    "unanswered",
]
"""What the time that a span has to itself was spent on."""


@dataclass(slots=True, eq=False)
class Span:
    """One piece of work. Synchronous children lie within it; asynchronous ones end when they end."""

    name: str
    begin_s: float
    end_s: float
    component: str
    """What of the platform it belongs to: request, tenant, database, redis, payments, outbox, index, a station."""
    kind: Kind = "internal"
    node: str | None = None
    parts: dict[Part, float] = field(default_factory=dict)
    """Seconds of its own time by what they went to; what is left of it went to ``rest``."""
    rest: Part = "other"
    attributes: dict[str, Value] = field(default_factory=dict)
    events: list[tuple[float, str, dict[str, Value]]] = field(default_factory=list)
    """What happened at a moment within it: when, what, and more about it."""
    links: list[tuple[str, str]] = field(default_factory=list)
    """Spans of other traces that it has to do with, by their two ids."""
    children: list["Span"] = field(default_factory=list)
    """In the order of their begin."""
    follows: bool = False
    """Whether it is an asynchronous child: its parent did not wait for it."""
    error: str | None = None
    """Why it failed, if it did."""
    trace_id: str = ""
    span_id: str = ""
    """Sixteen and eight bytes as hexadecimal digits, set when the trace is whole."""

    @property
    def duration_s(self) -> float:
        """How long it lasted."""
        return self.end_s - self.begin_s

    @property
    def own_s(self) -> float:
        """The time in which no synchronous child was at work."""
        return self.duration_s - sum(child.duration_s for child in self.children if not child.follows)

    def walk(self, *, follow: bool = True) -> Iterator["Span"]:
        """This span and all below it, parents first; without *follow* the synchronous ones alone."""
        yield self
        for child in self.children:
            if follow or not child.follows:
                yield from child.walk(follow=follow)

    def add(self, child: "Span", *, follows: bool = False) -> "Span":
        """Put *child* below this one; returns it."""
        child.follows = follows
        self.children.append(child)
        return child

    def note(self, at_s: float, what: str, **more: Value | None) -> None:
        """Write down that something happened at a moment."""
        self.events.append((at_s, what, {key: value for key, value in more.items() if value is not None}))


@dataclass(slots=True, eq=False)
class Trace:
    """All spans of one request, with what follows from it on any node, or of one background job."""

    correlation: int
    """The number of the request; below zero for a background job."""
    tenant: str | None
    root: Span

    def spans(self) -> Iterator[Span]:
        """All of them, parents first."""
        return self.root.walk()

    def table(self) -> "Table":
        """A row for each span, in milliseconds since the root began."""
        from rustok_sim.report.tables import Table

        begin_s = self.root.begin_s
        rows = tuple(
            (
                f"{'… ' if span.follows else ''}{span.name}",
                span.component,
                span.node or "",
                f"{(span.begin_s - begin_s) * 1000:.2f}",
                f"{span.duration_s * 1000:.2f}",
                span.error or "",
            )
            for span in self.spans()
        )
        columns = ("span", "component", "node", "after, ms", "for, ms", "error")
        return Table(f"Trace of {self.correlation}", columns, rows, "…: asynchronous, nobody waited for it.")

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()

    @property
    def end_s(self) -> float:
        """When the last of its spans has ended, which may be long after the root."""
        return max(span.end_s for span in self.spans())

    def number(self, digest: str) -> "Trace":
        """Give every span its ids: they follow from the run's *digest*, the correlation, and the order of the spans."""
        trace = trace_id(digest, self.correlation)
        for place, span in enumerate(self.spans()):
            span.trace_id = trace
            span.span_id = span_id(digest, self.correlation, place)
        return self


def trace_id(digest: str, correlation: int) -> str:
    """The id of a request's or a job's trace: sixteen bytes of a hash."""
    return sha256(f"{digest}|{correlation}".encode()).hexdigest()[:32]


def span_id(digest: str, correlation: int, place: int) -> str:
    """The id of the span at a place in its trace, the root's being 0: eight bytes of a hash."""
    return sha256(f"{digest}|{correlation}|{place}".encode()).hexdigest()[:16]
