"""How often the caches answered, and how well."""

from typing import Any, Final

from rustok_sim.capture import Connection
from rustok_sim.modules.tenants import DEFAULT_SLUG
from rustok_sim.verify.facts import Facts, by_name, rows

COUNTS: Final = {
    "hits": "cache.hit",
    "misses": "cache.miss",
    "negative_hits": "cache.negative_hit",
    "loads": "cache.load",
    "coalesced": "cache.coalesced",
    "evictions": "cache.evicted",
}

RECORDS: Final = """
select site as name, kind, count(*) as count
from events
where kind in ('cache.hit', 'cache.miss', 'cache.negative_hit', 'cache.load', 'cache.coalesced', 'cache.evicted')
    and at_s >= $warmup_s
group by all
"""

STALE: Final = """
with updates as materialized (
    select seq, tenant as slug, max(value) over (partition by tenant order by seq) as version
    from events where kind = 'tenant.updated'
), hits as (
    select seq, site, value, case
        when detail like '%:uuid:%' then $default_slug
        else split_part(split_part(detail, ':', -1), '.', 1)
    end as slug
    from events where kind = 'cache.hit' and at_s >= $warmup_s and exists (from updates)
)
select site as name, count(*) as count
from hits asof join updates on hits.slug = updates.slug and hits.seq > updates.seq
where hits.value < updates.version
group by site
"""


def cache(connection: Connection, facts: Facts) -> dict[str, Any] | None:
    """What the caches did at or after the warm-up, over all nodes; ``None`` without caches or records of them.

    - ``hits``, ``misses``, ``negative_hits``: look-ups; a request may look up more than once.
    - ``hit_ratio``: the share of look-ups that the cache answered, negative hits included; null without look-ups.
    - ``loads``: loads that ended; ``coalesced``: waits for the load that another had begun; ``evictions``: entries
      dropped for want of room.
    - ``stale_served``: hits that gave a version of a tenant older than the newest written before. Whose hit it was is
      told by the key: the slug, the first label of the host, or the default tenant for an id; no other is asked by id.
    """
    if not facts.platform or not facts.captured(*COUNTS.values()):
        return None
    found: dict[str, dict[str, Any]] = {name: {} for name in facts.caches}
    for row in rows(connection, RECORDS, warmup_s=facts.warmup_s):
        found.setdefault(row["name"], {})[row["kind"]] = row["count"]
    if not found:
        return None
    stale: dict[str, dict[str, Any]] = {}
    if facts.captured("tenant.updated"):
        stale = by_name(rows(connection, STALE, warmup_s=facts.warmup_s, default_slug=DEFAULT_SLUG), ())
    return {name: _cache(found[name], stale.get(name, {}).get("count", 0)) for name in sorted(found)}


def _cache(records: dict[str, int], stale_served: int) -> dict[str, Any]:
    counts = {name: records.get(kind, 0) for name, kind in COUNTS.items()}
    answered = counts["hits"] + counts["negative_hits"]
    looked_up = answered + counts["misses"]
    return counts | {"stale_served": stale_served, "hit_ratio": answered / looked_up if looked_up else None}
