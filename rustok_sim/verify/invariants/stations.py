"""Invariants of stations."""

from typing import Any, Final

import polars as pl

from rustok_sim.capture import Connection, query_numbers
from rustok_sim.verify.facts import Facts
from rustok_sim.verify.invariants.ask import Question
from rustok_sim.verify.visits import VISITS, limits

STAYS: Final = """
, stays as (
    select number, true as serving, seq, site, correlation, if(shared, servers + queue_limit, servers) as most,
        started_s + 1e-9 + 4e-16 * left_s as from_s, busy_until_s as to_s
    from visits where kind <> 'station.rejected'
    union all
    select number, false, seq, site, correlation, queue_limit,
        arrived_s, started_s - 1e-9 - 4e-16 * left_s
    from visits where kind <> 'station.rejected' and not shared
)
"""
CROWDED_MAX: Final = 10_000


def station_within_capacity(facts: Facts) -> Question | None:
    """No station holds more than it may: at most ``servers`` visits in service, at most ``queue_limit`` waiting.

    With processor sharing at most ``servers + queue_limit`` are inside. A visit that a hang swallows stands beside the
    servers and counts no more. Intervals that meet do not overlap; nor do those that overlap by less than a nanosecond
    (and a rounding error of ``at_s``), since the start of a service is known as a sum. Returned are the visits that
    came to a full place, up to 10,000 for each.
    """
    if not facts.stations:
        return None
    return Question(
        """
        , crowded as (
            select unnest($crowded_number::integer[]) as number, unnest($crowded_serving::boolean[]) as serving,
                unnest($crowded_from_s::double[]) as from_s
        )
        select seq, from_s as at_s, site, correlation, if(serving, 'in service', 'waiting') as place, most
        from stays semi join crowded using (number, serving, from_s) where from_s < to_s
        """,
        limits(facts),
        context=VISITS + STAYS,
        prepare=lambda connection: _crowded(connection, facts),
    )


def _crowded(connection: Connection, facts: Facts) -> dict[str, Any] | None:
    """Where and when visits come to a full place."""
    found: list[tuple[int, bool, float]] = []
    for number, station in enumerate(facts.stations.values()):
        room = station.queue_limit
        places = {True: station.servers, False: room}
        if station.shared:
            places = {True: None if room is None else station.servers + room}
        for serving, most in places.items():
            if most is not None:
                moments = _overfull(_stays(connection, facts, number, serving=serving), most)
                found.extend((number, serving, from_s) for from_s in moments)
    names = ("crowded_number", "crowded_serving", "crowded_from_s")
    return dict(zip(names, map(list, zip(*found, strict=True)), strict=True)) if found else None


def _stays(connection: Connection, facts: Facts, number: int, *, serving: bool) -> pl.DataFrame:
    sql = "select from_s, to_s from stays where number = $number and serving = $serving and from_s < to_s"
    return query_numbers(connection, VISITS + STAYS + sql, limits(facts) | {"number": number, "serving": serving})


def _overfull(stays: pl.DataFrame, most: int) -> list[float]:
    """The begins of stays that find *most* others.

    More than *most* overlap exactly where the (*most* + i)-th begin, in order of time, comes before the i-th end.
    Sorting the two apart takes a tenth of the room and the time of a running sum in SQL.
    """
    begins, ends = stays["from_s"].sort().slice(most), stays["to_s"].sort().head(max(0, stays.height - most))
    return begins.filter(begins < ends).unique(maintain_order=True).head(CROWDED_MAX).to_list()


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
