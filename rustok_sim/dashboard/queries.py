"""What panels ask the event log and nobody else does. The rest is asked by ``report.series``.

A bucket begins at its ``at_s``; what is of a moment belongs to the bucket it happened in.
"""

from typing import Final

from rustok_sim.telemetry.families.outbox import LIVES

OUTBOX: Final = f"""
    {LIVES}, moments as (
        select unnest(range($buckets)) * $width as at_s
    )
    select moments.at_s, count(lives.event) as rows,
        coalesce(max(moments.at_s + $width - lives.made_s), 0.0) as age_s
    from moments left join lives
        on lives.made_s <= moments.at_s + $width and lives.ended_s > moments.at_s + $width
    group by moments.at_s order by moments.at_s
"""  # noqa: S608  # ours
"""By bucket, empty ones included, at its end: rows that are neither sent nor dead, and how old the oldest is, age_s."""

ERRORS: Final = """
    select coalesce(detail, outcome) as error, floor(begin_s / $width) * $width as at_s, count(*) / $width as per_s
    from events where kind = 'request.finished' and outcome != 'ok'
    group by all order by error, at_s
"""
"""By error and bucket of arrival: how many requests a second ended with it."""

CACHE: Final = """
    select kind, floor(at_s / $width) * $width as at_s, count(*) / $width as per_s
    from events where kind in ('cache.hit', 'cache.negative_hit', 'cache.miss', 'cache.coalesced', 'cache.load')
    group by all order by kind, at_s
"""
"""By kind of record and bucket: how many a second, over all caches and nodes."""

INDEX: Final = """
    with applied as (
        select floor(at_s / $width) * $width as at_s, quantile_cont(value, [0.5, 0.95]) as q, max(value) as max_s
        from events where kind = 'index.applied' and value is not null group by all
    )
    select at_s, q[1] as p50_s, q[2] as p95_s, max_s from applied order by at_s
"""
"""By bucket: how old events were when an indexer was done with them."""
