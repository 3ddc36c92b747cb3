"""Promises about bounds: breakers, limiters, pools."""

from rustok_sim.verify.facts import Facts
from rustok_sim.verify.invariants.ask import Question
from rustok_sim.verify.states import CHANGES


def half_open_within_permits(facts: Facts) -> Question | None:
    """A half-open breaker lets no more pass than it may (I24): so many calls at once as it has permits.

    Counted are the calls of a breaker on a node that began since it became half-open and overlap; the call whose
    beginning made it half-open is among them. Breakers whose permits nobody named are not asked.
    """
    if not facts.permits:
        return None
    return Question(
        """
        , permits as (select unnest($names::varchar[]) as site, unnest($permits::bigint[]) as most),
        halves as (
            select node, site, at_s as from_s, state,
                lead(at_s, 1, 'inf'::double) over (partition by node, site order by seq) as to_s
            from changes
        ), probes as (
            select events.seq, events.at_s, events.node, site, correlation, begin_s, halves.from_s
            from events join halves using (node, site)
            where kind = 'breaker.call' and state = 'half_open' and begin_s >= from_s and begin_s < to_s
        )
        select a.seq, a.at_s, a.node, a.site, a.correlation, count(*) as at_once, 'too many probes' as problem
        from probes as a join probes as b
            on a.node = b.node and a.site = b.site and a.from_s = b.from_s
                and b.begin_s <= a.begin_s and b.at_s > a.begin_s
            join permits on permits.site = a.site
        group by a.seq, a.at_s, a.node, a.site, a.correlation, most having count(*) > most
        """,
        {"names": list(facts.permits), "permits": list(facts.permits.values())},
        context=CHANGES,
    )


def limits_kept(facts: Facts) -> Question | None:
    """A limiter keeps its bound in every window (I25).

    In no window of its length that begins with an admitted request of a key are more admitted than the limit, counted
    for each node where each counts for itself. For a bucket of tokens: the n-th admitted request after another comes
    when the bucket's depth and what was refilled meanwhile allow n + 1. A crash forgets what a node has counted.
    """
    limit = facts.limit
    if limit is None:
        return None
    return Question(
        """
        with lives as (
            select node, seq from events where kind = 'node.crashed'
        ), admitted as (
            select events.seq, at_s, node, tenant, correlation, site,
                if($shared, '', node) || '/' || if($shared, 0, (
                    select count(*) from lives where lives.node = events.node and lives.seq < events.seq
                ))::varchar as counter
            from events where kind = 'limit.counted' and outcome = 'admitted'
        ), numbered as (
            select *, row_number() over (partition by counter, site order by seq) as nth from admitted
        )
        select b.seq, b.at_s, b.node, b.tenant, b.correlation, b.site, b.nth - a.nth + 1 as admitted,
            'more than the limit' as problem
        from numbered as a join numbered as b
            on a.counter = b.counter and a.site = b.site and b.nth >= a.nth + $burst
        where (b.nth - a.nth + 1) > $burst + $per_s * (b.at_s - a.at_s) + 1e-6
            and (b.at_s - a.at_s) < $window_s
        """,
        {"burst": limit.burst, "per_s": limit.per_s, "window_s": limit.window_s, "shared": limit.shared},
    )


def pools_within_capacity(_facts: Facts) -> Question:
    """No pool lends more places than it has (I27), and when all work has ended each has all of them back (I46).

    Asked of the pools of each node's latest start.
    """
    return Question(
        """
        select seq, at_s, null::bigint as correlation, site, value, wait_s,
            if(value <> 0, 'places lost', 'more than it has') as problem
        from events where kind = 'pool.left' and (value <> 0 or wait_s > status)
        """
    )
