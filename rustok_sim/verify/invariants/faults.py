"""Invariants of faults and of the nodes they kill."""

from rustok_sim.verify.facts import Facts
from rustok_sim.verify.invariants.ask import Question


def dead_nodes_do_nothing(_facts: Facts) -> Question:
    """Dead nodes do nothing (I30).

    - No work survives a crash: nothing on a node begins before its crash and ends after it.
    - Between ``node.crashed`` and ``node.started`` a node serves nothing: it finishes no request, looks into no tenant
      cache and asks the database nothing. It may already connect to Redis, as it boots.

    What happens in the moment of the crash itself is its consequence and allowed. A client that loses patience, waits
    for an answer that was lost on its way, or asks again, is at work on no node, so none of that is judged.
    """
    return Question(
        """
        with lives as (
            select node, kind, at_s, lead(at_s, 1, 'inf'::double) over (partition by node order by seq) as until_s
            from events where kind in ('node.crashed', 'node.started')
        ), retried as (
            select distinct correlation as asked_again from events where kind = 'request.retried'
        )
        select events.seq, events.at_s, events.kind, events.node, correlation, site, begin_s, lives.at_s as crashed_s
        from events join lives using (node) left join retried on events.kind = 'request.finished'
            and events.correlation = asked_again
        where lives.kind = 'node.crashed' and events.at_s > lives.at_s
            and events.kind not in ('request.sent', 'request.retried', 'request.in_flight')
            and (events.kind <> 'request.finished' or events.outcome <> 'timed_out') and (
            (begin_s < lives.at_s and asked_again is null)
            or (events.at_s < until_s and events.kind in (
                'request.finished', 'cache.hit', 'cache.miss', 'cache.negative_hit', 'cache.coalesced', 'cache.load',
                'db.query'
            ))
        )
        """
    )


def faults_begin_and_end(facts: Facts) -> Question:
    """Every fault begins and ends (I48), told by target (``site``) and ``detail``.

    - Begins and ends alternate, a begin first.
    - A fault that by the scenario is over before the horizon has begun, and its last record is its end, in time.

    A fault that repeats, or lasts, may be active at the horizon. For one that never began ``seq`` is null.
    """
    return Question(
        """
        with steps as (
            select seq, at_s, site, detail, kind,
                lag(kind, 1, 'fault.ended') over (partition by site, detail order by seq) as before
            from events where kind in ('fault.began', 'fault.ended')
        ), due as (
            select unnest($details::varchar[]) as detail, unnest($ends_s::double[]) as end_s
        ), last as (
            select detail, max(seq) as seq, arg_max(kind, seq) as kind, max(at_s) as at_s, arg_max(site, seq) as site
            from steps group by detail
        )
        select seq, at_s, site, detail, null::bigint as correlation,
            if(kind = 'fault.began', 'began twice', 'ended before it began') as problem
        from steps where kind = before
        union all
        select seq, at_s, site, detail, null, if(seq is null, 'never began', 'not over in time')
        from due left join last using (detail)
        where end_s < $horizon_s and (seq is null or kind <> 'fault.ended' or at_s > end_s)
        """,
        {
            "details": list(facts.faults_end_s),
            "ends_s": list(facts.faults_end_s.values()),
            "horizon_s": facts.horizon_s,
        },
    )
