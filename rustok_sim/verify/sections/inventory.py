"""What was sold, what was sold twice, and which writes of stock were lost."""

from typing import Any, Final

from rustok_sim.capture import Connection
from rustok_sim.verify.facts import Facts, rows

SALES: Final = """
with moves as (
    select site, kind, value, try_cast(detail as double) as delta, at_s
    from events where kind in ('stock.seeded', 'stock.changed', 'stock.sold')
), variants as (
    select site,
        coalesce(sum(value) filter (kind = 'stock.sold'), 0) as sold,
        coalesce(sum(value) filter (kind = 'stock.sold' and at_s >= $warmup_s), 0) as sold_counted,
        coalesce(sum(value) filter (kind = 'stock.seeded'), 0)
            + coalesce(sum(delta) filter (kind = 'stock.changed' and delta > 0), 0) as supplied,
    from moves group by site
)
select sum(sold_counted)::bigint as sold, sum(greatest(sold - supplied, 0))::bigint as oversold from variants
"""

LOST: Final = """
with changes as (
    select seq, site, coalesce(outcome, '') as place, value as level, value - try_cast(detail as double) as before
    from events where kind = 'stock.changed'
), starts as (
    select site, '' as place, value as level from events where kind = 'stock.seeded'
    union all
    -- What a single location has at the start is in no record: the first write there tells what it found.
    select site, place, arg_min(before, seq) from changes where place <> '' group by all
), reached as (
    select site, place, level, count(*) as times
    from (from starts union all select site, place, level from changes) group by all
), left_behind as (
    select site, place, before as level, count(*) as times from changes group by all
)
select coalesce(sum(greatest(left_behind.times - coalesce(reached.times, 0), 0)), 0)::bigint as lost_updates
from left_behind left join reached using (site, place, level)
"""


def inventory(connection: Connection, facts: Facts) -> dict[str, Any] | None:
    """Stock over all tenants; ``None`` if no operation of the scenario touches stock, or it was not captured.

    - ``sold``: units of paid orders and of sales at a till (``inventory.adjust`` downwards), at or after the warm-up.
    - ``oversold``: over the whole run, units sold beyond what a variant had at the start and got since; summed over
      variants.
    - ``lost_updates``: writes that started from a level which an earlier write had already left. A level that was
      reached n times can rightly be left n times only; each time more is a lost update. This needs no order
      of the writes, and it is exact unless a lost write happens to reach a level that another one left.
    """
    if not facts.inventory or not facts.captured("stock.seeded", "stock.changed", "stock.sold"):
        return None
    (sales,) = rows(connection, SALES, warmup_s=facts.warmup_s)
    (lost,) = rows(connection, LOST)
    return {"sold": sales["sold"] or 0, "oversold": sales["oversold"] or 0, **lost}
