"""Invariants of time and of the requests."""

from typing import Final

from rustok_sim.verify.facts import Facts
from rustok_sim.verify.invariants.ask import Question

REQUESTS: Final = ("request.finished", "request.in_flight")
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
    """Time is monotone (I00): along ``seq``, which counts from 0 without a gap, no ``at_s`` is below the one before.

    Nor does anything begin after it ended.
    """
    # The log is read in its order; were it not, seq would tell. To sort it again would take ten times as long.
    return Question(
        """
        select seq, at_s, kind, node, correlation, begin_s, previous_s from (
            select seq, at_s, kind, node, correlation, begin_s,
                lag(at_s) over () as previous_s, lag(seq, 1, -1) over () as previous
            from events
        ) where at_s < previous_s or begin_s > at_s or seq <> previous + 1
        """
    )


def requests_conserved(facts: Facts) -> Question:
    """Requests are conserved: arrived = finished + in flight, with one outcome each.

    - No correlation id has more than one record of ``request.finished`` and ``request.in_flight`` together.
    - The outcome of a finished one is ok, rejected, failed or timed_out; one in flight is so at the horizon.
    - Whatever visits a station, looks into a cache or asks the database belongs to a request that has such a record, or
      to a background job.
    """
    return Question(
        """
        with told as (
            select correlation, coalesce(max(seq) filter (list_contains($requests, kind)), min(seq)) as seq,
                count(*) filter (list_contains($requests, kind)) as outcomes
            from events
            where (list_contains($requests, kind) or list_contains($of_requests, kind))
                and correlation >= 0 -- jobs are below
            group by correlation
            having outcomes <> 1
        )
        select seq, at_s, kind, node, events.correlation, site, outcome,
            if(outcomes = 0, 'a request without outcome', 'more than one outcome') as problem
        from told join events using (seq)
        union all
        select seq, at_s, kind, node, correlation, site, outcome, 'no such outcome' from events
        where kind = 'request.finished'
            and coalesce(outcome not in ('ok', 'rejected', 'failed', 'timed_out'), true)
        union all
        select seq, at_s, kind, node, correlation, site, outcome, 'in flight before the horizon' from events
        where kind = 'request.in_flight' and at_s <> $horizon_s
        """,
        {"horizon_s": facts.horizon_s, "requests": list(REQUESTS), "of_requests": list(OF_REQUESTS)},
    )
