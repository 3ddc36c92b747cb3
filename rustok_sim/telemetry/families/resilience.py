"""Circuit breakers and caches."""

from typing import Final

from rustok_sim.telemetry.families.family import Family
from rustok_sim.verify.states import CHANGES

STATE: Final = "case state when 'closed' then 0.0 when 'open' then 1.0 else 2.0 end"

FAILURES: Final = """
    with told as (
        select seq, at_s, node, site, outcome = 'failure' as failed, false as reset
        from events where kind = 'breaker.call' and outcome != 'dropped'
        union all
        select seq, at_s, node, site, false, true from events where kind = 'breaker.changed' and outcome != 'open'
    ), runs as (
        select *, sum(case when failed then 0 else 1 end) over (partition by node, site order by seq) as run from told
    )
    select at_s, node as instance, site as service,
        cast(sum(case when failed then 1 else 0 end) over (partition by node, site, run order by seq) as double)
            as value
    from runs
"""
"""Failures in a row, counted anew after a success and whenever the breaker is half-open or closed again."""

OPERATIONS: Final = """
    select at_s, node as instance, 1.0 as value, site as cache, 'get' as operation,
        case kind when 'cache.hit' then 'hit' when 'cache.negative_hit' then 'negative_hit' else 'miss' end as result
    from events where kind in ('cache.hit', 'cache.negative_hit', 'cache.miss')
"""

RESILIENCE: Final = (
    Family(
        name="rustok_circuit_breaker_state",
        help="0 closed, 1 open, 2 half-open",
        kind="gauge",
        labels=("service",),
        observed=f"""
            {CHANGES}
            select min(at_s) as at_s, node as instance, 0.0 as value, site as service
            from events where kind in ('breaker.call', 'breaker.rejected') group by node, site
            union all select at_s, node, {STATE}, site from changes
        """,  # noqa: S608  # all ours
    ),
    Family(
        name="rustok_circuit_breaker_transitions_total",
        help="changes of a breaker's state",
        kind="counter",
        labels=("service", "from_state", "to_state"),
        observed="""
            select at_s, node as instance, 1.0 as value, site as service, detail as from_state, outcome as to_state
            from events where kind = 'breaker.changed'
        """,
    ),
    Family(
        name="rustok_circuit_breaker_calls_total",
        help="calls that a breaker let pass or refused",
        kind="counter",
        labels=("service", "result"),
        observed="""
            select at_s, node as instance, 1.0 as value, site as service,
                case when kind = 'breaker.rejected' then 'rejected' else outcome end as result
            from events where kind in ('breaker.call', 'breaker.rejected')
        """,
    ),
    Family(
        name="rustok_circuit_breaker_failures",
        help="failures in a row",
        kind="gauge",
        labels=("service",),
        observed=FAILURES,
    ),
    Family(
        name="rustok_cache_operations_total",
        help="look-ups in a cache",
        kind="counter",
        labels=("cache", "operation", "result"),
        observed=OPERATIONS,
    ),
    Family(
        name="rustok_cache_hit_rate",
        help="the share of look-ups that were answered, since the node started",
        kind="gauge",
        labels=("cache",),
        observed="""
            with told as (
                select seq, at_s, node, site, case kind when 'cache.miss' then 0.0 else 1.0 end as hit,
                    count(crash_s) as life
                from events left join (
                    select node as crashed, at_s as crash_s from events where kind = 'node.crashed'
                ) on crashed = node and crash_s < at_s
                where kind in ('cache.hit', 'cache.negative_hit', 'cache.miss') group by all
            )
            select at_s, node as instance, site as cache,
                avg(hit) over (partition by node, site, life order by seq) as value
            from told
        """,
    ),
    Family(
        name="rustok_cache_evictions_total",
        help="entries that were dropped for want of room",
        kind="counter",
        labels=("cache", "reason"),
        observed="""
            select at_s, node as instance, 1.0 as value, site as cache, 'size' as reason
            from events where kind = 'cache.evicted'
        """,
    ),
)
