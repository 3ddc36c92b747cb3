"""The visits of stations as intervals: what metrics and invariants of stations have in common."""

from typing import Any, Final

from rustok_sim.verify.facts import Facts

KINDS: Final = ("station.served", "station.failed", "station.abandoned", "station.in_system", "station.rejected")
"""How a visit can end. What a hang swallowed is told by the records of faults."""

VISITS: Final = """
with limits as (
    select unnest($names::varchar[]) as site, unnest(range(len($names)))::integer as number,
        unnest($servers::bigint[]) as servers,
        unnest($queue_limits::bigint[]) as queue_limit, unnest($shared::boolean[]) as shared
), faults as materialized (
    select seq, at_s, kind, site, detail from events
    where kind in ('fault.began', 'fault.ended') and detail like 'hang %'
), hangs as (
    select began.site, began.at_s as begin_s, coalesce(min(ended.at_s), 'inf') as end_s
    from faults as began
    left join faults as ended on ended.kind = 'fault.ended' and ended.seq > began.seq
        and ended.site = began.site and ended.detail = began.detail
    where began.kind = 'fault.began'
    group by began.seq, began.site, began.at_s
), hung as (
    select site, list({'begin_s': begin_s, 'end_s': end_s}) as windows from hangs group by site
), ended as not materialized (
    select seq, kind, correlation, site, begin_s as arrived_s, least(begin_s + wait_s, at_s) as started_s,
        at_s as left_s, wait_s
    from events
    where kind in ('station.served', 'station.failed', 'station.abandoned', 'station.in_system', 'station.rejected')
), visits as not materialized (
    select ended.*, number, servers, queue_limit, shared,
        greatest(started_s, least(left_s, coalesce(list_min(list_transform(
            list_filter(windows, lambda w: w.begin_s < left_s and w.end_s > started_s), lambda w: w.begin_s
        )), 'inf'))) as busy_until_s
    from ended join limits using (site) left join hung using (site)
)
"""
"""Defines ``visits``: arrived, started (its service), busy until, left.

A visit that a hang swallows leaves its server when the hang begins, or never gets one, and stands beside the servers
until it leaves the station.
"""


def limits(facts: Facts) -> dict[str, Any]:
    """The parameters of :data:`VISITS`."""
    return {
        "names": list(facts.stations),
        "servers": [station.servers for station in facts.stations.values()],
        "queue_limits": [station.queue_limit for station in facts.stations.values()],
        "shared": [station.shared for station in facts.stations.values()],
    }
