"""Promises about events: from the transaction that raises them to the consumer that applies them."""

from typing import Final

from rustok_sim.verify.facts import Facts
from rustok_sim.verify.invariants.ask import Question

RECORDED: Final = """
with ends as (
    select seq, correlation, node, outcome from events where kind = 'db.transaction'
), recorded as (
    select written.seq, written.at_s, written.node, written.tenant, written.correlation, written.site as event,
        written.detail as type, ends.outcome as fate
    from (select * from events where kind = 'event.recorded') as written asof left join ends
        on written.correlation = ends.correlation and written.node = ends.node and written.seq < ends.seq
)
"""
"""Defines ``recorded``: each event that went into the outbox, with how its transaction ended: the next one to end of
the same request on the same node; missing where the node never heard."""


SOUND: Final = """
and split_part(detail, ' ', 1) not in (
    select about.detail from events as about join events as spoilt on spoilt.detail = about.site
    where about.kind = 'event.about' and spoilt.kind = 'event.spoilt')
"""
"""Whether every event about the entity of an ``index.wrong`` could be read."""


def events_not_lost(facts: Facts) -> Question:
    """No event is lost (I04): each that was committed to the outbox is published at least once, or dead.

    One that still waits is lost only if nobody will ever come for it: when no relay runs, or when it is claimed, its
    claim lasts for ever, and the pass that claimed it is over. After healing, whatever was committed before it and is
    neither published nor dead is lost too, unless a fault has spoilt it; and so is, at any time, what is marked as
    sent and never was.
    """
    return Question(
        """
        , spoilt as (
            select detail as event from events where kind = 'event.spoilt'
        ), sent as (
            select distinct detail as event from events where kind = 'outbox.published' and outcome = 'ok'
        ), passes as (
            select node, max(seq) as seq from events where kind in ('outbox.claimed', 'node.crashed') group by node
        ), taken as (
            select detail as event, max(seq) as seq, arg_max(node, seq) as node
            from events where kind = 'outbox.taken' group by detail
        ), waiting as (
            select seq, detail as event, site as worker from events where kind = 'outbox.left' and outcome = 'pending'
        )
        select recorded.seq, recorded.at_s, recorded.node, recorded.tenant, recorded.correlation, event, type,
            case
                when not $relays then 'no relay runs'
                when worker is not null and not $leases then 'claimed for ever by nobody alive'
                else 'not published after healing'
            end as problem
        from recorded join waiting using (event)
            left join taken using (event) left join passes on passes.node = taken.node
        where event not in (select event from sent) and recorded.fate = 'committed' and (
            not $relays
            or (worker is not null and not $leases and coalesce(taken.seq < passes.seq, true))
            or (recorded.at_s < $heal_s and event not in (select event from spoilt))
        )
        union all
        select marks.seq, marks.at_s, marks.node, null, marks.correlation, marks.detail, null, 'marked, never published'
        from events as marks
        where kind = 'outbox.marked' and outcome = 'dispatched' and detail not in (select event from sent)
        """,
        {
            "relays": facts.relay.runs,
            "leases": facts.relay.lease_s is not None,
            "heal_s": -1.0 if facts.heal_s is None else facts.heal_s,
        },
        context=RECORDED,
    )


def only_committed_events_published(_facts: Facts) -> Question:
    """No event of an uncommitted transaction is told (I03), by a relay or straight to a bus before the commit.

    - No ``outbox.published`` is of an event whose transaction was rolled back or aborted.
    - No ``event.sent`` with site before_commit is followed by such an end of its request's transaction.

    Of a transaction that was dropped, as by a crash, nobody knows whether its commit had reached the database.
    """
    return Question(
        """
        select sent.seq, sent.at_s, sent.node, recorded.correlation, event, fate as problem
        from events as sent join recorded on sent.detail = recorded.event
        where sent.kind = 'outbox.published' and sent.outcome = 'ok' and fate in ('rolled_back', 'aborted')
        union all
        select told.seq, told.at_s, told.node, told.correlation, told.detail, ends.outcome
        from (select * from events where kind = 'event.sent' and site = 'before_commit' and outcome = 'ok') as told
        asof join ends on told.correlation = ends.correlation and told.node = ends.node and told.seq < ends.seq
        where ends.outcome in ('rolled_back', 'aborted')
        """,
        context=RECORDED,
    )


def duplicates_bounded(_facts: Facts) -> Question:
    """Duplicates are bounded (I05): an event is published with success no more often than it was claimed.

    The n-th ``outbox.published`` of an event that is ok comes after its n-th ``outbox.taken``: a relay publishes what
    it has claimed once. How often a row may be claimed is the affair of ``rows_claimed_by_one_relay``.
    """
    return Question(
        """
        with sends as (
            select seq, at_s, node, correlation, detail as event,
                count(*) over (partition by detail order by seq) as nth
            from events where kind = 'outbox.published' and outcome = 'ok'
        ), takes as (
            select seq, detail as event, count(*) over (partition by detail order by seq) as nth
            from events where kind = 'outbox.taken'
        )
        select sends.seq, at_s, node, correlation, event, nth, 'twice under one claim' as problem
        from sends left join takes using (event, nth) where coalesce(takes.seq > sends.seq, true)
        """
    )


def rows_claimed_by_one_relay(facts: Facts) -> Question:
    """A row is claimed by one relay at a time: between two ``outbox.taken`` of an event its first claim has ended.

    It ends with an ``outbox.marked`` of the event, with the crash of the node that held it, with its lease, or, where
    there are no leases, never. A pass that ended without a mark keeps its claims. A lease counts from the claim at the
    database, which is no earlier than the begin of the pass; the relay may hear of it much later. An
    ``outbox.published`` that failed ends it too: the row is marked as waiting then, and if the answer to that is lost,
    no record tells of it.
    """
    return Question(
        """
        with passes as (
            select correlation, min(begin_s) as begin_s from events where kind = 'outbox.claimed' group by correlation
        ), takes as (
            select seq, at_s, node, correlation, detail as event,
                lag(seq) over each_event as before, lag(passes.begin_s) over each_event as before_s,
                lag(node) over each_event as holder
            from events left join passes using (correlation) where kind = 'outbox.taken'
            window each_event as (partition by detail order by seq)
        )
        select seq, at_s, node, correlation, event, holder, 'two claims at once' as problem
        from takes
        where before is not null and at_s - before_s < $lease_s and not exists (
            select 1 from events as ends
            where ends.seq between before and takes.seq and (
                (ends.kind = 'outbox.marked' and ends.detail = event)
                or (ends.kind = 'outbox.published' and ends.detail = event and ends.outcome = 'failed')
                or (ends.kind = 'node.crashed' and ends.node = holder)
            )
        )
        """,
        {"lease_s": float("inf") if facts.relay.lease_s is None else facts.relay.lease_s},
    )


def events_in_order(facts: Facts) -> Question | None:
    """Events of one entity are first published in the order in which they were recorded (I06).

    Asked where one relay keeps that order: ``order = "per_aggregate"`` on one node. Several relays do not promise it.
    """
    if not facts.relay.ordered:
        return None
    return Question(
        """
        , about as (
            select site as event, detail as entity from events where kind = 'event.about' and detail is not null
        ), first as (
            select detail as event, min(seq) as sent, arg_min(at_s, seq) as at_s
            from events where kind = 'outbox.published' and outcome = 'ok' group by detail
        ), lines as (
            select recorded.* exclude (at_s), entity, sent, first.at_s, max(sent) over (
                partition by entity order by recorded.at_s, recorded.seq
                rows between unbounded preceding and 1 preceding
            ) as before
            from recorded join about using (event) join first using (event) where fate = 'committed'
        )
        select sent as seq, at_s, node, correlation, event, entity, 'overtaken' as problem
        from lines where sent < before
        """,
        context=RECORDED,
    )


def events_applied_in_order(facts: Facts) -> Question | None:
    """A consumer meets the events of one entity in the order in which they were recorded (I08).

    By the first time that each indexer was done with each of them. Asked where that order is kept all the way: by one
    relay with ``order = "per_aggregate"``, and by a log. What was given up is a gap, and told by ``events_not_lost``.
    """
    if not (facts.relay.ordered and facts.by_log):
        return None
    return Question(
        """
        , about as (
            select site as event, detail as entity from events where kind = 'event.about' and detail is not null
        ), first as (
            select site as consumer, detail as event, min(seq) as done, arg_min(at_s, seq) as at_s
            from events where kind = 'index.applied' and outcome in ('applied', 'removed', 'duplicate') group by all
        ), lines as (
            select recorded.* exclude (at_s), consumer, entity, done, first.at_s, max(done) over (
                partition by consumer, entity order by recorded.at_s, recorded.seq
                rows between unbounded preceding and 1 preceding
            ) as before
            from recorded join about using (event) join first using (event) where fate = 'committed'
        )
        select done as seq, at_s, node, correlation, event, entity, consumer, 'overtaken' as problem
        from lines where done < before
        """,
        context=RECORDED,
    )


def publish_attempts_bounded(facts: Facts) -> Question:
    """Attempts are bounded (I09): none has a number above the most, and none follows the mark that a row is dead.

    Where dead rows are driven again, their attempts begin anew after the rest that the settings give.
    """
    return Question(
        """
        with dead as (
            select detail as event, seq, at_s from events where kind = 'outbox.marked' and outcome = 'failed'
        )
        select seq, at_s, node, correlation, detail as event, value, 'too many attempts' as problem
        from events where kind = 'outbox.published' and value > $most
        union all
        select events.seq, events.at_s, node, correlation, event, value, 'after it was dead'
        from events join dead on events.detail = dead.event and events.seq > dead.seq
        where kind = 'outbox.published' and events.at_s < dead.at_s + $rest_s
        """,
        {
            "most": facts.relay.max_attempts,
            "rest_s": float("inf") if facts.relay.redrive_after_s is None else facts.relay.redrive_after_s,
        },
    )


def events_applied_once(facts: Facts) -> Question | None:
    """A consumer has an effect once (I07).

    At most one ``index.applied`` of an event and an indexer says applied or removed. Asked where the indexers have an
    inbox; others see duplicates and build anew, which is harmless.
    """
    if not facts.inbox:
        return None
    return Question(
        """
        select seq, at_s, node, correlation, site, detail, 'applied twice' as problem from (
            select *, row_number() over (partition by site, detail order by seq) as times
            from events where kind = 'index.applied' and outcome in ('applied', 'removed')
        ) where times > 1
        """
    )


def events_tied_together(_facts: Facts) -> Question:
    """All events of one request have one correlation (I37), whichever that is."""
    return Question(
        """
        select max(seq) as seq, max(at_s) as at_s, correlation, count(distinct outcome) as correlations,
            'events of one request have several correlations' as problem
        from events where kind = 'event.about' and correlation >= 0
        group by correlation having count(distinct outcome) > 1
        """
    )


def _told(changes: str, types: str, problem: str) -> str:
    return f"""
        , told as (
            select distinct correlation from recorded where type like '{types}' and coalesce(fate, '') <> 'rolled_back'
        )
        select seq, at_s, node, tenant, correlation, site, '{problem}' as problem
        from events anti join told using (correlation)
        where {changes}
        """  # noqa: S608  # text of ours


def order_steps_told(_facts: Facts) -> Question:
    """Every committed step of an order has an event of orders in the outbox, raised by the same request."""
    return Question(_told("kind = 'order.changed'", "order.%", "a step that nobody is told"), context=RECORDED)


def stock_changes_told(_facts: Facts) -> Question:
    """Every committed change of stock has an event in the outbox, raised by the same request.

    An event that is sent to the bus of a node after the commit is none: a crash in between, or the want of a listener,
    loses it. Reservations change what is free, not what there is, and need none.
    """
    changes = "kind = 'stock.changed' and detail not in ('+0', '-0')"
    return Question(_told(changes, "%inventory%", "a change that nobody is told"), context=RECORDED)


def tenant_changes_told(_facts: Facts) -> Question:
    """Every committed suspension of a tenant, and its end, has an event in the outbox, raised by the same request."""
    return Question(_told("kind = 'tenant.standing'", "tenant.%", "a standing that nobody is told"), context=RECORDED)


def read_model_converges(facts: Facts) -> Question | None:
    """In the end the read model is as the write model has it (I31): no ``index.wrong``.

    Asked where nobody writes the read model at all, and else after healing: before, a row may be on its way. Not asked
    of an entity one of whose events a fault has spoilt: what cannot be read cannot be applied, and healing brings
    nothing back.
    """
    if facts.indexed and facts.heal_s is None:
        return None
    problem = "outcome" if facts.indexed else "'nobody writes the read model'"
    return Question(
        f"select seq, at_s, correlation, site, detail, {problem} as problem from events "  # noqa: S608  # text of ours
        f"where kind = 'index.wrong' {SOUND}"
    )
