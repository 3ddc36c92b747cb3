"""What nobody watches today, as metrics of an exporter beside the database: proposals, and none of RusToK's own."""

from typing import Final

from rustok_sim.telemetry.families.family import Family
from rustok_sim.verify.sections.outbox import KEPT

LIVES: Final = f"""
{KEPT}, marks as (
    select detail as event, min(at_s) as at_s from events
    where kind = 'outbox.marked' and outcome in ('dispatched', 'failed') group by all
), sends as (
    select detail as event, max(at_s) as at_s from events where kind = 'outbox.published' group by all
), leftover as (
    select detail as event, outcome from events where kind = 'outbox.left'
), lives as (
    -- Of a row that is done at the end though no mark of it was answered, the mark came after its last publication.
    select event, kept.at_s as made_s, coalesce(
            marks.at_s, case when leftover.event is null then sends.at_s end, 'infinity'::double) as ended_s
    from kept left join marks using (event) left join sends using (event) left join leftover using (event)
    where kept.outcome = 'committed' or sends.event is not null or leftover.event is not null
)
"""  # noqa: S608  # all ours
"""Defines ``lives``: each row that was committed, and when it was marked as sent or dead."""

CLAIMS: Final = f"""
{LIVES}, told as (
    select at_s, detail as event, true as taken from events where kind = 'outbox.taken'
    union all select at_s, detail, false from events where kind = 'outbox.marked' and outcome != 'lease_lost'
    union all select ended_s, event, false from lives where isfinite(ended_s)
), claims as (
    select taken, at_s as made_s, coalesce(
            lead(at_s) over (partition by event order by at_s, taken), 'infinity'::double) as ended_s
    from told
)
"""  # noqa: S608
"""Defines ``claims``: those with ``taken`` are claims of a row, up to its mark or to the next claim of it."""


def _how_many(defined: str, those: str) -> str:
    """How many of *those* there are at a time."""
    return f"""
        {defined}
        select made_s as at_s, null as instance, 1.0 as value from {those}
        union all select ended_s, null, -1.0 from {those} and isfinite(ended_s)
    """  # noqa: S608


def _since(defined: str, those: str) -> str:
    """When the oldest of *those* that are there was made; NaN while there is none. Asked for at the scrapes alone."""
    return f"""
        {defined}, those as (select made_s, ended_s from {those}), moments as (
            select unnest(generate_series(0, cast(floor($horizon_s / $interval_s) as bigint))) * $interval_s as at_s
        )
        select moments.at_s, null as instance, coalesce(min(those.made_s), 'nan'::double) as value
        from moments left join those on those.made_s <= moments.at_s and those.ended_s > moments.at_s
        group by moments.at_s
    """  # noqa: S608


OUTBOX: Final = (
    Family(
        name="rustok_outbox_pending_rows",
        help="rows of the outbox that are neither sent nor dead",
        kind="level",
        proposed=True,
        observed=_how_many(LIVES, "lives where true"),
    ),
    Family(
        name="rustok_outbox_oldest_pending_created_seconds",
        help="when the oldest row was written that is neither sent nor dead; none: no sample",
        kind="gauge",
        proposed=True,
        observed=_since(LIVES, "lives"),
    ),
    Family(
        name="rustok_outbox_claimed_rows",
        help="rows that a relay has claimed and neither marked nor given back",
        kind="level",
        proposed=True,
        observed=_how_many(CLAIMS, "claims where taken"),
    ),
    Family(
        name="rustok_outbox_oldest_claim_seconds",
        help="when the oldest claim was made that has led to nothing yet; none: no sample",
        kind="gauge",
        proposed=True,
        observed=_since(CLAIMS, "claims where taken"),
    ),
    Family(
        name="rustok_outbox_dead_total",
        help="rows given up after their last attempt",
        kind="counter",
        proposed=True,
        observed="""
            select at_s, null as instance, 1.0 as value from events
            where kind = 'outbox.marked' and outcome = 'failed'
        """,
    ),
    Family(
        name="rustok_commerce_oversold_units_total",
        help="units sold beyond what was there",
        kind="counter",
        proposed=True,
        observed="""
            with stock as (
                select site, sum(value) as units from events where kind = 'stock.seeded' group by site
            ), sales as (
                select seq, at_s, site, sum(value) over (partition by site order by seq) as sold, value
                from events where kind = 'stock.sold'
            )
            select at_s, null as instance, least(value, sold - units) as value
            from sales join stock using (site) where sold > units
        """,
    ),
)
