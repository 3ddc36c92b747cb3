"""Invariants of time and of the requests."""

from typing import Final

from rustok_sim.verify.facts import Facts
from rustok_sim.verify.invariants.ask import Question

OF_REQUESTS: Final = (
    "station.served",
    "station.failed",
    "station.abandoned",
    "station.in_system",
    "station.rejected",
    "cache.hit",
    "cache.miss",
    "cache.negative_hit",
    "cache.coalesced",
    "cache.load",
    "db.query",
)
"""Kinds that only requests cause: background jobs neither visit stations nor look tenants up."""


def time_monotone(_facts: Facts) -> Question:
    """Time is monotone (I00): along ``seq`` no ``at_s`` is below the one before, and nothing begins after it ended."""
    return Question(
        """
        select seq, at_s, kind, node, correlation, begin_s, previous_s from (
            select seq, at_s, kind, node, correlation, begin_s, lag(at_s) over (order by seq) as previous_s from events
        ) where at_s < previous_s or begin_s > at_s
        """
    )


def requests_conserved(facts: Facts) -> Question:
    """Requests are conserved: arrived = finished + in flight, with one outcome each.

    - No correlation id has more than one record of ``request.finished`` and ``request.in_flight`` together.
    - The outcome of a finished one is ok, rejected, failed or timed_out; one in flight is so at the horizon.
    - Whatever visits a station, looks into a cache or asks the database belongs to a request that has such a record.
    """
    return Question(
        """
        with requests as (
            select seq, at_s, kind, node, correlation, site, outcome from events
            where kind in ('request.finished', 'request.in_flight')
        ), outcomes as (
            select correlation, count(*) as records, max(seq) as seq from requests group by correlation
        ), ill as (
            select *, 'no such outcome' as problem from requests where kind = 'request.finished'
                and coalesce(outcome not in ('ok', 'rejected', 'failed', 'timed_out'), true)
            union all
            select *, 'in flight before the horizon' from requests
                where kind = 'request.in_flight' and at_s <> $horizon_s
            union all
            select requests.*, 'more than one outcome' from outcomes join requests using (seq) where records > 1
        ), work as (
            select correlation, min(seq) as seq from events
            where list_contains($of_requests::varchar[], kind) and correlation is not null group by correlation
        ), lost as (
            select seq, correlation from work anti join outcomes using (correlation)
        )
        select * from ill
        union all
        select seq, at_s, kind, node, events.correlation, site, outcome, 'a request without outcome'
        from lost join events using (seq)
        """,
        {"horizon_s": facts.horizon_s, "of_requests": list(OF_REQUESTS)},
    )
