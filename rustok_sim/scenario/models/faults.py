"""Faults: what goes wrong, where and when.

``at_s`` strikes once, for ``duration_s`` or until the horizon. ``mtbf_s`` and ``mttr_s`` strike again and again:
exponential times up to each fault, counted from the end of the last one, and exponential repairs. ``at_step``
strikes when a node reaches a step of its code.
"""

from typing import Annotated, Literal, TypeAlias

from annotated_types import Ge, Interval, Len
from pydantic import Field

from rustok_sim.core.journal import STEPS
from rustok_sim.scenario.models.base import NotNegative, Positive, Ratio, Table

MeanTime: TypeAlias = Annotated[float, Ge(0.001)]
"""A mean time between strikes or repairs: below a millisecond a run would be nothing but faults."""

HERE = "here"
"""The target that is whichever node reaches the step."""


class _Struck(Table):
    target: str | None = None
    """Where it strikes; this or targets. With at_step, here is the node that reaches the step."""
    targets: Annotated[tuple[str, ...], Len(1)] | None = None
    """Several that are struck together, as a rack is; this or target."""
    at_s: NotNegative | None = None
    """When it strikes, once; this, mtbf_s or at_step. With at_step: from when on steps count."""
    mtbf_s: MeanTime | None = None
    """The mean time up to each strike; this, at_s or at_step."""
    at_step: Annotated[str, Field(json_schema_extra={"enum": list(STEPS)})] | None = None
    """It strikes when a node has just reached this step, told by the kind of the record that it writes then: before
    anything sent after that arrives anywhere. Where the target is a node, its own steps count, else those of all."""
    step_detail: str | None = None
    """With at_step: only steps with this detail count; of db.query it is the statement."""
    step_outcome: str | None = None
    """With at_step: only steps with this outcome count."""
    occurrence: Annotated[int, Ge(1)] | None = None
    """With at_step: the how-manieth such step it is, of all nodes that count together; absent: the first."""
    step_ratio: Ratio | None = None
    """With at_step, in place of occurrence: the share of such steps at which it strikes, again and again."""

    @property
    def struck(self) -> tuple[str, ...]:
        """All its targets."""
        return self.targets or ((self.target,) if self.target is not None else ())


class _Lasting(_Struck):
    duration_s: Positive | None = None
    """How long it lasts, with at_s or at_step; absent: to the horizon."""
    mttr_s: MeanTime | None = None
    """How long it lasts in the mean, with mtbf_s."""


class _Scoped(_Lasting):
    callers: Annotated[tuple[str, ...], Len(1)] | None = None
    """Only what these send: load classes, or background jobs (relay, consumer, index, forwarder, ...); absent: all."""
    commands: Annotated[tuple[str, ...], Len(1)] | None = None
    """Only these commands, as records name them, * stands for anything: statements (outbox.mark, orders.*, begin,
    commit), commands of Redis (GET, PUBLISH), of the log (append, fetch, commit), of the gateway (charge, refund,
    query), and connect; absent: all."""
    tenants: Annotated[tuple[str, ...], Len(1)] | None = None
    """Only what is asked for these tenants (tenant-0001, ...); absent: for all."""


class Outage(_Lasting):
    """The target refuses: connections break, new ones are turned away."""

    kind: Literal["outage"]


class Hang(_Lasting):
    """The target accepts and never answers; what was under way is lost."""

    kind: Literal["hang"]


class Slow(_Lasting):
    """The target takes longer: factor times the usual, and add_s on top.

    The database and stations: for each statement or visit. Other servers and links: for each round trip of a message,
    half of it on either way. A request makes many of them.
    """

    kind: Literal["slow"]
    factor: Annotated[float, Ge(1)] = 1.0
    """How many times the usual."""
    add_s: NotNegative = 0.0
    """How much on top of each."""


class Errors(_Scoped):
    """The target answers some calls with an error."""

    kind: Literal["errors"]
    ratio: Ratio
    """The share of calls that fail."""
    error: Literal["fault", "not_done", "reset", "serialization_failure", "deadlock"] = "fault"
    """fault: an error in place of the answer, after the work was done; not_done: an error in place of the work; reset:
    the work was done and the connection breaks before the answer, so that the caller knows nothing; the other two are
    the database's: the statement is not done and its transaction is over."""
    capacity_per_s: Positive | None = None
    """A brown-out: up to so many calls in the last second nothing fails; of those above it the ratio does."""
    text_chars: Annotated[int, Interval(ge=1, le=100_000)] | None = None
    """With error not_done: how long the text of the error is; absent: a line."""


class Partition(_Lasting):
    """Messages do not get through. Connections do not break: who waits for an answer waits until its own limit."""

    kind: Literal["partition"]
    direction: Literal["both", "request", "reply"] = "both"
    """Which messages: what nodes send, what they are answered, or both. After a lost answer the work is done."""
    form: Literal["dropped", "held"] = "dropped"
    """dropped: they are lost; held: they arrive together when it is over, as with a transport that sends again."""


class Loss(_Scoped):
    """Some messages are lost for good, and who waits for an answer waits until its own limit."""

    kind: Literal["loss"]
    ratio: Ratio
    """The share of messages that are lost."""
    lost: Literal["request", "reply", "either"] = "either"
    """request: the work is never done; reply: it is, and the caller does not know; either: each by its own luck."""


class Duplicate(_Scoped):
    """Some messages arrive twice, and what they ask for is done twice. Of a load class: the client sends it twice."""

    kind: Literal["duplicate"]
    ratio: Ratio
    """The share of messages that arrive twice."""
    after_s: NotNegative | None = None
    """Of a load class: how long after the first the client sends the second; absent: at once."""
    key: Literal["same", "new"] | None = None
    """Of a load class. same, or absent: the second is about the same number as the first; new: it has a number of its
    own, as a second order has."""


class Reorder(_Scoped):
    """Some messages are held up on their way, so that later ones overtake them."""

    kind: Literal["reorder"]
    ratio: Ratio
    """The share of messages that are held up."""
    spread_s: Positive
    """They are held up for up to so long, all lengths alike."""
    delayed: Literal["request", "reply", "either"] = "either"
    """Which messages: what nodes send, what they are answered, or each by its own luck."""


class Crash(_Struck):
    """A node loses its memory and all work in flight, and starts again empty."""

    kind: Literal["crash"]
    restart_s: NotNegative
    """Until it is ready for traffic again."""


class Deploy(_Struck):
    """The nodes are replaced one after the other: each takes no new requests, dies, and starts again empty.

    As RusToK's server does, a node that is stopped drops its background work where it stands.
    """

    kind: Literal["deploy"]
    drain_s: NotNegative = 0.0
    """How long a node has to end the requests it has."""
    restart_s: NotNegative
    """From the death of a node until it is ready for traffic."""
    between_s: NotNegative = 0.0
    """How long after that until the next node's turn."""

    def lasts_s(self, nodes: int) -> float:
        """From its strike until the last of so many nodes is ready."""
        return nodes * (self.drain_s + self.restart_s) + (nodes - 1) * self.between_s


class Pause(_Lasting):
    """A node stands still, as for a collection of garbage: nothing of it runs, its timers are late, then it goes on.

    What it has sent goes on its way; answers wait for it. Its clocks do not stand still, and nobody tells it.
    """

    kind: Literal["pause"]


class ClockSkew(_Lasting):
    """A node's clock is wrong: what it writes down and compares as time of day; how long it waits is not changed."""

    kind: Literal["clock_skew"]
    offset_s: float
    """How far its clock is ahead; below 0: behind."""


class Poison(_Lasting):
    """Some of the events that are raised while this lasts can never be taken by who is to take them, then or later."""

    kind: Literal["poison"]
    ratio: Ratio
    """The share of events."""


class Exhaust(_Lasting):
    """Somebody takes places of a node's pool of database connections, as soon as they are free, and keeps them."""

    kind: Literal["exhaust"]
    share: Ratio
    """The share of the pool's places, rounded up."""


class Flush(_Struck):
    """The target forgets what it has cached."""

    kind: Literal["flush"]


class Cancel(_Lasting):
    """Some clients of a load class walk away before the answer."""

    kind: Literal["cancel"]
    ratio: Ratio
    """The share of requests that are given up."""
    after_s: Positive = 0.05
    """The mean time until such a client walks away; exponential."""


Fault: TypeAlias = Annotated[
    Outage
    | Hang
    | Slow
    | Errors
    | Partition
    | Loss
    | Duplicate
    | Reorder
    | Crash
    | Deploy
    | Pause
    | ClockSkew
    | Poison
    | Exhaust
    | Flush
    | Cancel,
    Field(discriminator="kind"),
]
"""A fault, told by ``kind``."""
