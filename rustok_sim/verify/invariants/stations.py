"""Invariants of stations."""

from rustok_sim.verify.facts import Facts
from rustok_sim.verify.invariants.ask import Question
from rustok_sim.verify.visits import VISITS, limits


def station_within_capacity(facts: Facts) -> Question | None:
    """No station holds more than it may: at most ``servers`` visits in service, at most ``queue_limit`` waiting.

    With processor sharing at most ``servers + queue_limit`` are inside. A visit that a hang swallows stands beside the
    servers and counts no more. Intervals that meet do not overlap; nor do those that overlap by less than a nanosecond
    (and a rounding error of ``at_s``), since the start of a service is known as a sum. Returned are the visits whose
    coming broke the limit.
    """
    if not facts.stations:
        return None
    return Question(
        """
        , stays as (
            select seq, site, correlation, 'in service' as place, started_s + 1e-9 + 4e-16 * left_s as from_s,
                busy_until_s as to_s, if(shared, servers + queue_limit, servers) as most
            from visits where kind <> 'station.rejected'
            union all
            select seq, site, correlation, 'waiting', arrived_s, started_s - 1e-9 - 4e-16 * left_s, queue_limit
            from visits where kind <> 'station.rejected' and not shared
        ), changes as (
            select seq, site, correlation, place, most, from_s as at_s, 1 as change from stays
            where from_s < to_s and most is not null
            union all
            select seq, site, correlation, place, most, to_s, -1 from stays where from_s < to_s and most is not null
        ), levels as (
            select *, sum(change) over (
                partition by site, place order by at_s, change, seq rows unbounded preceding
            )::bigint as inside from changes
        )
        select seq, at_s, site, correlation, place, inside, most from levels where change = 1 and inside > most
        """,
        limits(facts),
        context=VISITS,
    )


def littles_law_pathwise(facts: Facts) -> Question | None:
    """Little's law on the path (I47): at each station the integral of the number inside is the sum of the sojourns.

    The integral by the times of arrival and departure is the sum of ``at_s - begin_s``, a visit's own report of its
    sojourn is ``wait_s + value`` (waiting, then in service). So the law holds if for each visit the two agree, to a
    nanosecond and the rounding error of ``at_s``, no part is negative, and who is still inside is so at the horizon.
    Returned are the visits for which it fails.
    """
    if not facts.stations:
        return None
    return Question(
        """
        select seq, at_s, kind, site, correlation, begin_s, wait_s, value from events
        where kind in ('station.served', 'station.failed', 'station.abandoned', 'station.in_system', 'station.rejected')
            and list_contains($names::varchar[], site)
            and not coalesce(
                abs(at_s - begin_s - wait_s - value) <= 1e-9 + 1e-15 * at_s and wait_s >= 0 and value >= 0
                and at_s <= $horizon_s and (kind <> 'station.in_system' or at_s = $horizon_s),
                false
            )
        """,
        {"names": list(facts.stations), "horizon_s": facts.horizon_s},
    )
