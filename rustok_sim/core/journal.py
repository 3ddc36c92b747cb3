"""The event log as the domain sees it: the columns of a record, and every kind there is."""

from typing import Final, NamedTuple, Protocol, TypeAlias

Row: TypeAlias = tuple[
    float,  # at_s
    str,  # kind
    str | None,  # node
    str | None,  # tenant
    int | None,  # correlation
    int | None,  # causation
    str | None,  # site
    str | None,  # outcome
    int | None,  # status
    float | None,  # begin_s
    float | None,  # wait_s
    float | None,  # value
    str | None,  # detail
]


class Record(NamedTuple):
    """One record of the event log, by the names of its columns."""

    at_s: float
    kind: str
    node: str | None
    tenant: str | None
    correlation: int | None
    causation: int | None
    site: str | None
    outcome: str | None
    status: int | None
    begin_s: float | None
    wait_s: float | None
    value: float | None
    detail: str | None


COLUMNS = Record._fields
"""The columns of one record, in order. ``seq`` (its place in the run) and ``run`` are added when it is stored."""

KINDS = {
    "request.finished": "a client got its answer or gave up; site: load class, begin_s: arrival, outcome: ok, rejected, failed or timed_out, detail: error code",
    "request.retried": "a client asks again; site: load class, outcome, status and detail: of the answer it does not take, value: attempts so far",
    "request.in_flight": "at the horizon a client still waits; begin_s: arrival",
    "station.served": "a visit ended well; begin_s: arrival at the station, wait_s: time in the queue, value: time in service",
    "station.failed": "a visit was broken by a fault; as station.served",
    "station.rejected": "a full queue or an outage turned a visit away; outcome: queue_full or outage",
    "station.abandoned": "a client gave up and its visit was cancelled where it stood; as station.served",
    "station.in_system": "at the horizon a visit is waiting or in service; as station.served",
    "db.query": "a statement ended; begin_s: when a connection was asked for, wait_s: wait for it, value: within a transaction, wait for others (if there was one), outcome: ok, refused (a rule of the schema), conflict (with another transaction), error, no_connection or dropped, detail: statement",
    "db.transaction": "a transaction ended; begin_s: when it asked for a connection, outcome: committed, rolled_back, aborted (for a conflict), unknown (its commit went wrong on its way, with or without effect) or dropped",
    "redis.command": "a command ended; site: connection (data, negative, counters, channel or limits), begin_s: start, outcome: ok, lost, refused, timeout, error or dropped, detail: command",
    "redis.reconnected": "a rebuild of a connection ended; begin_s: start, outcome: ok or failed, value: connection attempts",
    "cache.hit": "a tenant was found; site: cache, detail: key, value: version of the row served, outcome: expired if past its life",
    "cache.miss": "nothing was found; site: cache, detail: key",
    "cache.negative_hit": "the cache remembered that there is no such tenant; as cache.hit",
    "cache.coalesced": "a request waited for the load another one had begun",
    "cache.load": "the loader ended; begin_s: start, outcome: found, absent, error or dropped, value: version of the row",
    "cache.evicted": "an entry was dropped for want of room; detail: key",
    "cache.invalidated": "an entry was deleted on purpose; detail: key",
    "breaker.call": "a guarded call ended; site: breaker, outcome: success, failure or dropped, begin_s: start",
    "breaker.rejected": "a breaker refused a call",
    "breaker.changed": "a breaker changed state; outcome: the new state, detail: the old one",
    "stock.seeded": "what a variant has when the run begins, or when it is made later; site: variant, value: units",
    "stock.changed": "a committed transaction changed a variant's stock; site: variant, outcome: the location, where there are several, value: its new level, detail: the change, signed",
    "stock.sold": "units of a variant left for money: its order was paid, or a till wrote them off; site: variant, value: units",
    "order.changed": "an order took a step, in a transaction that committed; site: the state it was read in (none: it is new), outcome: its new state, value: its new version, detail: order",
    "payment.called": "a call to the payment provider ended, connection and all; site: charge, refund or query, begin_s: start, outcome: ok (it answered, if only by declining), unavailable (it could not be asked), uncertain or dropped, detail: order",
    "payment.charged": "the payment provider took money, whether or not anybody hears of it; site: its reference, value: amount in minor units, detail: order",
    "payment.declined": "the payment provider refused a charge; as payment.charged",
    "payment.refunded": "the payment provider sent money back; value: amount in minor units, detail: order",
    "payment.uncertain": "no answer of the payment provider came in time, so nobody here knows what it did; value: amount asked for, detail: order",
    "module.toggled": "a tenant's flag of a module was written; site: module, outcome: enabled or disabled, detail: hook_failed if it was put back",
    "module.hook": "what a module does when it is switched ended; site: module, begin_s: start, outcome: ok, failed or dropped",
    "tenant.updated": "a tenant's row was written; tenant: slug, value: its new version",
    "event.recorded": "an event went into the outbox, within a transaction that has still to commit; site: event, detail: type, value: version of its schema",
    "event.sent": "an event went to the bus; site: before_commit or after_commit (of what it tells), outcome: ok, or refused when nobody listens, detail: event",
    "outbox.claimed": "a relay's pass looked for rows; site: worker, begin_s: start, outcome: ok, or why it ended, value: rows claimed",
    "outbox.taken": "a relay claimed a row; site: worker, detail: event",
    "outbox.published": "a relay handed an event to its target; site: worker, begin_s: start, outcome: ok, failed or dropped, value: number of the attempt, detail: event",
    "outbox.marked": "a row of the outbox got its new state; site: worker, outcome: dispatched, pending (it waits for its next attempt), failed (dead) or lease_lost (nothing was written), value: failures so far, detail: event",
    "index.applied": "an indexer was done with an event; site: indexer, begin_s: start, outcome: applied, removed (there was nothing to show), duplicate (seen before), stale_ignored (what it had built was older than what somebody else had written, so it builds anew), failed or dropped, value: seconds since the event was raised, detail: event; correlation: of the request that raised it",
    "index.read": "a list or a search was answered from the read model; site: read table, value: rows found",
    "index.wrong": "at the end of the run an entity's row of the read model was not as the write model has it; site: read table, outcome: missing, extra or different, detail: entity and locale",
    "outbox.left": "at the end of the run a row was not dispatched; site: worker that has claimed it, outcome: pending or failed (dead), begin_s: when it was claimed, value: failures so far, detail: event",
    "message.struck": "a fault befell a message; node: that sent it, site: its server, outcome: request_lost, reply_lost, late, twice, not_done, conflict or reset, value: seconds it was held up, detail: the fault's kind and place in the scenario and the command",
    "event.spoilt": "an event was found spoilt by a poison fault, for the first time at this place; site: outbox, log or bus, detail: event",
    "fault.began": "a fault struck; site: target, detail: its kind and place in the scenario",
    "fault.ended": "a fault is over; as fault.began",
    "node.crashed": "a node lost its memory and all work in flight",
    "node.started": "a node is ready for traffic again",
    # What follows is told only where the scenario asks for promises to be checked.
    "request.sent": "a request went to a node; site: load class, detail: operation, value: number of the attempt",
    "event.about": "what an event in the outbox is about; site: event, outcome: its correlation, detail: the entity whose events belong in order",
    "tenant.standing": "a committed transaction wrote whether a tenant is served; outcome: active or suspended",
    "tenant.crossed": "a statement for one tenant met the row of another; site: table, outcome: read or written, detail: the other tenant",
    "content.changed": "a node was written in a transaction that committed; site: node, status: the version that was read, value: the one written",
    "limit.counted": "a limiter counted a request; site: key, outcome: admitted or refused",
    "order.left": "an order at the end of the run; site: order, outcome: its state, value: amount in minor units, detail: payment",
    "stock.left": "a variant's stock at the end of the run; site: variant, outcome: location, where there are several, value: units, status: of these reserved",
    "reservation.left": "units kept for an order at the end of the run; site: variant, outcome: reserved, released or consumed, value: units, detail: order",
    "payment.left": "an entry of the platform's books at the end of the run; site: payment, refund or operation, outcome: its state, value: amount where known, detail: order",
    "module.left": "a module's flag at the end of the run; site: module, outcome: enabled or disabled",
    "pool.left": "a pool when all work has ended; site: pool, value: places that nobody gave back, wait_s: the most that were in use at once, status: places in all",
    "rows.alike": "at the end of the run rows share what should be one row's alone; site: table, value: how many, detail: what they share",
}
"""Every kind of record, with what its columns mean. ``node``, ``tenant`` and ``correlation`` are set wherever known."""

_BY_THE_ENGINE: Final = (
    "request.",
    "station.",
    "fault.",
    "node.",
    "message.",
    "event.spoilt",
    "stock.seeded",
    "outbox.left",
    "index.wrong",
)

STEPS: Final = tuple(kind for kind in KINDS if not kind.startswith(_BY_THE_ENGINE))
"""The kinds that a node writes as its code goes on: by these faults name a step of it."""

WATCHED: Final = frozenset(list(KINDS)[list(KINDS).index("request.sent") :])
"""The kinds that cost more than every run should pay: captured where the scenario has a table ``verify``."""


class Journal(Protocol):
    """Where records go."""

    def wants(self, kind: str) -> bool:
        """Whether records of *kind* are captured in this run; fixed for its whole length."""
        ...

    def append(self, row: Row, /) -> None:
        """Take one record. Rows arrive in order of time."""
        ...

    def drain(self) -> None:
        """Called now and then by whoever drives the run, between steps: the moment to put records away."""
        ...
