"""Promises about requests: they end, and without a fault near they end well."""

from typing import Final

from rustok_sim.verify.facts import Facts
from rustok_sim.verify.invariants.ask import Question

CALM_S: Final = 15.0
"""How long after a fault the platform may still be shaken: breakers rest 10 s as advised."""
ASKED_MIN: Final = 5
"""How often an operation must have been asked before it is called broken."""

STORMS: Final = """
with storms as (
    select begins.at_s as begin_s, coalesce(min(ends.at_s), 'inf'::double) + $calm_s as end_s
    from events as begins left join events as ends
        on ends.seq > begins.seq and (
            (begins.kind = 'fault.began' and ends.kind = 'fault.ended'
                and ends.site = begins.site and ends.detail = begins.detail)
            or (begins.kind = 'node.crashed' and ends.kind = 'node.started' and ends.node = begins.node)
        )
    where begins.kind in ('fault.began', 'node.crashed')
    group by begins.seq, begins.at_s
), calm as (
    select * from events
    where kind in ('request.finished', 'request.in_flight') and not exists (
        select 1 from storms where storms.begin_s <= events.at_s and events.begin_s <= storms.end_s
    )
)
"""
"""Defines ``storms``, from each fault or crash to ``calm_s`` after its end, and ``calm``, the requests outside them."""
_CALM: Final = {"calm_s": CALM_S}


def every_request_ends(facts: Facts) -> Question:
    """Every request is answered or times out; none hangs for ever.

    A request of a class with patience is not in flight longer than that; one of another class is not in flight at the
    horizon if it came more than ``calm_s`` before it, and outside the storms.
    """
    return Question(
        """
        , patience as (select unnest($names::varchar[]) as site, unnest($timeouts_s::double[]) as timeout_s)
        select seq, at_s, kind, node, tenant, correlation, site, begin_s, 'hangs' as problem
        from events join patience using (site)
        where kind in ('request.in_flight', 'request.finished') and at_s - begin_s > timeout_s + 1e-6
        union all
        select seq, at_s, kind, node, tenant, correlation, site, begin_s, 'hangs' from calm
        where kind = 'request.in_flight' and at_s - begin_s > $calm_s
        """,
        {**_CALM, "names": list(facts.timeouts_s), "timeouts_s": list(facts.timeouts_s.values())},
        context=STORMS,
    )


def calm_requests_are_answered(_facts: Facts) -> Question:
    """No request outside the storms ends because its client's patience was over."""
    return Question(
        """
        select seq, at_s, kind, node, tenant, correlation, site, detail as problem from calm
        where outcome = 'timed_out' and detail = 'client_timeout'
        """,
        dict(_CALM),
        context=STORMS,
    )


def calm_requests_do_not_fail(_facts: Facts) -> Question:
    """No request outside the storms ends with a status from 500 on; ``problem`` is the code of its error."""
    return Question(
        """
        select seq, at_s, kind, node, tenant, correlation, site, status, detail as problem from calm
        where outcome in ('failed', 'rejected') and status >= 500
        """,
        dict(_CALM),
        context=STORMS,
    )


def every_operation_works(facts: Facts) -> Question:
    """An operation asked at least five times by requests outside the storms succeeds at least once.

    To succeed is to end with a status below 400. ``problem`` names the operation and its most frequent error. Refusals
    of whom, or of a thing in its present state, do not count: statuses 401, 403, 404, 409 and 429, and the codes
    invalid_transition, topic_closed and insufficient_inventory. Nor do operations that the design does elsewhere.
    """
    return Question(
        """
        , asked as (
            select detail as operation, correlation from events where kind = 'request.sent' and value = 1
        ), ends as (
            select operation, count(*) as asked, count(*) filter (status < 400) as good, min(seq) as seq,
                min(at_s) as at_s, arg_min(correlation, seq) as correlation, mode(detail) as error
            from asked join calm using (correlation)
            where kind = 'request.finished' and status not in (401, 403, 404, 409, 429, 499)
                and coalesce(detail not in ('invalid_transition', 'topic_closed', 'insufficient_inventory'), true)
                and not list_contains($elsewhere::varchar[], operation)
            group by operation
        )
        select seq, at_s, correlation, asked, operation || ' ' || coalesce(error, '') as problem
        from ends where asked >= $asked_min and good = 0
        """,
        {**_CALM, "asked_min": ASKED_MIN, "elsewhere": list(facts.elsewhere)},
        context=STORMS,
    )


def causes_come_first(_facts: Facts) -> Question:
    """Causality (I37): no effect stands before its cause in the log, and none comes from nothing (I02).

    An ``outbox.taken`` or ``outbox.published`` of an event comes after its ``event.recorded``, which there is; an
    ``index.applied`` comes after that, where there is one, and a ``request.finished`` after its ``request.sent``.
    """
    return Question(
        """
        with causes as (
            select site as event, min(seq) as seq from events where kind = 'event.recorded' group by site
        )
        select events.seq, at_s, kind, node, correlation, detail,
            if(causes.seq is null, 'from nothing', 'before its cause') as problem
        from events left join causes on events.detail = causes.event
        where (kind in ('outbox.taken', 'outbox.published', 'index.applied') and events.seq < causes.seq)
            or (kind in ('outbox.taken', 'outbox.published') and causes.seq is null)
        union all
        select ends.seq, ends.at_s, ends.kind, ends.node, correlation, ends.detail, 'before it was sent'
        from events as ends join events as sent using (correlation)
        where ends.kind = 'request.finished' and sent.kind = 'request.sent' and ends.seq < sent.seq
        """
    )
