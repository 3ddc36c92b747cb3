"""What became of the events in the outbox."""

from typing import Any, Final

from rustok_sim.capture import Connection
from rustok_sim.verify.facts import Facts, rows

KINDS: Final = (
    "event.recorded",
    "db.transaction",
    "outbox.claimed",
    "outbox.taken",
    "outbox.published",
    "outbox.marked",
)

KEPT: Final = """
with written as (
    select seq, at_s, site as event, correlation, node from events where kind = 'event.recorded'
), ends as (
    select seq, correlation, node, outcome from events where kind = 'db.transaction'
), kept as (
    -- A call has one transaction open at a time, so the one that ends next after the write is the write's.
    select written.event, written.at_s, ends.outcome
    from written asof left join ends
        on written.correlation = ends.correlation and written.node = ends.node and written.seq < ends.seq
)
"""
"""Defines ``kept``: each event that was written to the outbox, when, and how the transaction of that ended."""

EVENTS: Final = f"""
{KEPT}, takes as (
    select detail as event, arg_max(node, seq) as node, max(seq) as seq
    from events where kind = 'outbox.taken' group by all
), sends as (
    select detail as event, count(*) as times
    from events where kind = 'outbox.published' and outcome = 'ok' group by all
), marks as (
    select detail as event, max(at_s) as at_s
    from events where kind = 'outbox.marked' and outcome = 'dispatched' group by all
), over as (
    select node, max(seq) as seq from events where kind in ('outbox.claimed', 'node.crashed') group by all
), leftover as (
    select detail as event, outcome as status, site is not null as claimed from events where kind = 'outbox.left'
), fates as (
    select kept.at_s as recorded_s, marks.at_s as marked_s, coalesce(sends.times, 0) as times,
        case
            when leftover.event is null then 'dispatched'
            when leftover.status = 'failed' then 'dead'
            when leftover.claimed and coalesce(takes.seq < over.seq, true) then 'stranded'
            else 'pending'
        end as fate
    from kept
    left join takes using (event)
    left join sends using (event)
    left join marks using (event)
    left join leftover using (event)
    left join over on takes.node = over.node
    where kept.outcome = 'committed' or takes.seq is not null or leftover.event is not null
)
select count(*) as recorded,
    count(*) filter (fate = 'dispatched') as dispatched,
    coalesce(sum(greatest(times - 1, 0)), 0)::bigint as duplicated,
    count(*) filter (fate = 'dead') as dead,
    count(*) filter (fate = 'stranded') as stranded,
    count(*) filter (fate = 'pending') as pending,
    quantile_cont(marked_s - recorded_s, 0.50) filter (fate = 'dispatched') as p50,
    quantile_cont(marked_s - recorded_s, 0.95) filter (fate = 'dispatched') as p95,
    quantile_cont(marked_s - recorded_s, 0.99) filter (fate = 'dispatched') as p99,
    max(marked_s - recorded_s) filter (fate = 'dispatched') as max
from fates
"""  # noqa: S608  # all ours


def outbox(connection: Connection, facts: Facts) -> dict[str, Any] | None:
    """Events of the whole run over all nodes; ``None`` if no relay runs, or it was not captured.

    - ``recorded``: events that were committed to the outbox. One whose node never heard how its commit ended counts
      if it was found there.
    - ``dispatched``, ``dead``: those whose row says so at the end. ``stranded``: claimed then, by a pass that is over;
      without a lease they stay so for ever. ``pending``: the others.
    - ``duplicated``: successful publications beyond the first of an event.
    - ``age_s``: from the write to the mark as dispatched, over those whose mark was answered.
    """
    if not facts.outbox or not facts.captured(*KINDS):
        return None
    (row,) = rows(connection, EVENTS)
    age_s = {name: row.pop(name) for name in ("p50", "p95", "p99", "max")}
    return {**row, "age_s": age_s}
