"""Promises about stock: no unit is made, lost or promised twice."""

from rustok_sim.verify.facts import Facts
from rustok_sim.verify.invariants.ask import Question


def no_lost_stock_update(_facts: Facts) -> Question:
    """No update is lost (I10): each ``stock.changed`` starts from the level that the one before it led to.

    Levels are of a variant, and of a location where there are several; the first starts from ``stock.seeded``. What a
    change started from is its new level less the change.
    """
    return Question(
        """
        with steps as (
            select seq, at_s, node, tenant, correlation, site, outcome, value, value - detail::double as started,
                lag(value) over (partition by site, outcome order by seq) as stood
            from events where kind = 'stock.changed'
        ), seeded as (
            select site, arg_max(value, seq) as units from events where kind = 'stock.seeded' group by site
        )
        select seq, at_s, node, tenant, correlation, site, started, coalesce(stood, units) as stood,
            'does not start from the last level' as problem
        from steps left join seeded using (site)
        where started <> coalesce(stood, if(outcome is null, units, started))
        """
    )


def stock_not_negative(facts: Facts) -> Question | None:
    """Stock is never below zero (I17): no ``stock.changed`` leads there. Not asked where all may be back-ordered."""
    if facts.backorders:
        return None
    return Question(
        """
        select seq, at_s, node, tenant, correlation, site, value, 'below zero' as problem
        from events where kind = 'stock.changed' and value < 0
        """
    )


def stock_conserved(_facts: Facts) -> Question:
    """Stock is conserved (I33): a variant's level at the end is what was seeded and the sum of all changes.

    Over all locations. A variant that was removed has no level at the end and is not asked.
    """
    return Question(
        """
        with sums as (
            select site, sum(detail::double) as changes from events where kind = 'stock.changed' group by site
        ), seeded as (
            select site, arg_max(value, seq) as units from events where kind = 'stock.seeded' group by site
        ), ends as (
            select site, max(seq) as seq, max(at_s) as at_s, any_value(tenant) as tenant, sum(value) as units
            from events where kind = 'stock.left' group by site
        )
        select ends.seq, ends.at_s, ends.tenant, null::bigint as correlation, site, ends.units,
            seeded.units + coalesce(changes, 0) as due, 'not what was seeded and changed' as problem
        from ends join seeded using (site) left join sums using (site)
        where ends.units <> seeded.units + coalesce(changes, 0)
        """
    )


def reservations_add_up(_facts: Facts) -> Question:
    """At the end the units of a variant that are said to be reserved are the sum of its reservations' units."""
    return Question(
        """
        with kept as (
            select site, sum(value) as units from events
            where kind = 'reservation.left' and outcome = 'reserved' group by site
        ), ends as (
            select site, max(seq) as seq, max(at_s) as at_s, any_value(tenant) as tenant, sum(status) as units
            from events where kind = 'stock.left' group by site
        )
        select ends.seq, ends.at_s, ends.tenant, null::bigint as correlation, site, ends.units,
            coalesce(kept.units, 0) as due, 'not the sum of the reservations' as problem
        from ends left join kept using (site) where ends.units <> coalesce(kept.units, 0)
        """
    )


def orders_hold_their_stock(_facts: Facts) -> Question:
    """An order has the units it needs, at the end of the run; asked of orders that took a step in it.

    One that was handed in, or is paid, has at least one reservation and none that is released; one that is shipped or
    delivered has consumed all it had. A line whose variant was removed counts as had.
    """
    return Question(
        """
        with held as (
            select detail as site, count(*) filter (outcome = 'reserved') as reserved,
                count(*) filter (outcome = 'consumed') as consumed, count(*) as rows
            from events where kind = 'reservation.left' group by detail
        ), moved as (
            select detail as site, arg_max(correlation, seq) as correlation
            from events where kind = 'order.changed' group by detail
        )
        select seq, at_s, tenant, moved.correlation, site, outcome,
            if(outcome in ('shipped', 'delivered'), 'sent off without its units', 'no units put by') as problem
        from events join moved using (site) left join held using (site)
        where kind = 'order.left' and (
            (outcome in ('pending_payment', 'confirmed', 'paid') and coalesce(reserved < rows, true))
            or (outcome in ('shipped', 'delivered') and coalesce(consumed < rows, true))
        )
        """
    )


def cancelled_orders_hold_no_stock(_facts: Facts) -> Question:
    """A cancelled order leaves no stock (I35): at the end none of its reservations says reserved."""
    return Question(
        """
        select kept.seq, kept.at_s, kept.tenant, null::bigint as correlation, kept.site, kept.detail,
            'units kept for a cancelled order' as problem
        from events as kept join events as ends on kept.detail = ends.site
        where kept.kind = 'reservation.left' and kept.outcome = 'reserved'
            and ends.kind = 'order.left' and ends.outcome = 'cancelled'
        """
    )
