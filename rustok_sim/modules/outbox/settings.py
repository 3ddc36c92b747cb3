"""The settings of a relay, as a scenario writes them."""

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from annotated_types import Ge, Gt, Interval

from rustok_sim.core.strict import STRICT

Seconds: TypeAlias = Annotated[float, Gt(0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RelaySettings:
    """How a relay works: each default is RusToK's, and each other value the repair of one defect by itself."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    batch_rows: Annotated[int, Interval(ge=1, le=100_000)] = 100
    max_attempts: Annotated[int, Ge(1)] = 5
    backoff_base_s: Annotated[float, Ge(0)] = 1.0
    backoff_max_s: Annotated[float, Ge(0)] = 60.0
    interval_s: Annotated[float, Ge(0)] = 1.0
    """The sleep after each pass. 0, where the settings leave the events block out, polls without a pause (D-43)."""
    worker_ids: Literal["own", "shared"] = "own"
    """shared: all relays call themselves the same, as a copied configuration makes them (D-07)."""
    claim: Literal["plain", "skip_locked"] = "plain"
    """plain: rows are read without locks and then claimed, in a race with other relays (D-06, D-08); skip_locked:
    rows are locked as they are read, and those that another relay is about to claim are passed over."""
    recheck_status: bool = False
    """Whether the claim asks again that a row is pending: it may have been finished since it was read (D-06)."""
    lease_s: Seconds | None = None
    """How long a claim lasts: then others may take the row, and who has lost it leaves its mark undone. None: for
    ever, so that whatever a crash, an abort or an error leaves claimed is stranded (D-03, D-04, D-05)."""
    clock: Literal["node", "database"] = "node"
    """Which clock says when a row was claimed, when its lease is over and when its next attempt is due.

    node: the relay's own, so that one which is ahead takes rows that another still holds; database: the one that all
    relays share."""
    row_errors: Literal["end_pass", "isolated"] = "end_pass"
    """end_pass: a row that cannot be read or marked ends the pass, and strands itself and all after it (D-03, D-05);
    isolated: what cannot be read is dead at once, what cannot be marked is left, and the next row has its turn."""
    publish_timeout_s: Seconds | None = None
    """How long the target may take. None: a hung publish stops the relay (D-11)."""
    order: Literal["as_is", "created_at", "per_aggregate"] = "as_is"
    """In which order a batch is published. as_is: as the database gives it back, here in an order that has nothing
    to do with the events' (D-10); created_at: by the time they were written; per_aggregate: so too, and while an event
    waits for its next attempt, later ones of the same entity wait with it. That is known to this relay alone: of
    several relays, each keeps the order of what it has claimed itself."""
    jitter: bool = False
    """Whether the wait before the next attempt is drawn from the upper half of what it would be, so that the rows of
    a failed batch do not come back in lock-step (D-15)."""
    after_full_batch: Literal["sleep", "go_on"] = "sleep"
    """sleep: as after any pass, which bounds the throughput by batch and interval (D-09); go_on: the next pass
    follows at once, since there is more."""
    concurrency: Annotated[int, Interval(ge=1, le=1_000)] = 1
    """How many rows of a batch are published at once."""
    publishing: Literal["each", "batch"] = "each"
    """each: a message to the target for every row, as RusToK; batch: one for all rows of a batch, which the target
    takes or refuses together."""
    marking: Literal["each", "batch"] = "each"
    """each: a published row is looked up and marked before the next one is sent, two round trips a row, as RusToK;
    batch: what the target has taken is marked in one statement at the end, so that a crash before it repeats up to a
    batch. What was not taken is marked by itself either way."""
    wake: Literal["poll", "notify"] = "poll"
    """What ends the sleep after a pass. poll: its time; notify: a commit to the outbox does, too."""
    retention_s: Seconds | None = None
    """How long dispatched rows are kept. None: for ever (D-12)."""
    redrive_after_s: Seconds | None = None
    """How long a dead row rests before all its attempts begin anew. None: it stays dead (D-13, D-14)."""

    def __post_init__(self) -> None:
        if self.order == "per_aggregate" and self.concurrency > 1:
            raise ValueError("order per_aggregate needs concurrency 1: side by side, rows overtake each other")
        if self.publishing == "batch" and self.concurrency > 1:
            raise ValueError("publishing batch needs concurrency 1: there is one message, and nothing beside it")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxSettings:
    """Whether anybody empties the outbox, and how."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    relays: Literal["none", "every_node"] = "none"
    """none: what is written to the outbox stays there, as with RusToK's plain server start, which never calls the hook
    that spawns its relay; every_node: each node runs one, all of them on the same table."""
    target: Literal["private", "bus", "log"] = "private"
    """private: a bus that the relay has made for itself and to which nobody can listen: every attempt fails, or is lost
    unseen where ``events.no_receiver`` says so (D-01); bus: the one of its node, where handlers can listen; log: the
    partitioned log."""
    pool: Literal["shared", "own"] = "shared"
    """Where a relay's connections come from. shared: the pool that requests wait for, too (D-42); own: one connection
    for each of its lanes, kept for it."""
    relay: RelaySettings = field(default_factory=RelaySettings)
    """Its relay."""
