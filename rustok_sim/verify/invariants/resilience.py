"""Invariants of breakers and of single flight."""

from rustok_sim.verify.facts import Facts
from rustok_sim.verify.invariants.ask import Question
from rustok_sim.verify.states import CHANGES


def breaker_transitions_legal(_facts: Facts) -> Question:
    """Breaker transitions are legal (I22), for each breaker on each node.

    The first change starts from closed and each later one from the state the last one led to; a crash of the node
    makes the breaker anew, closed. Legal are closed to open, open to half_open, half_open to open or closed, and, by
    hand, open to closed.
    """
    return Question(
        """
        , steps as (
            select *, lag(state, 1, 'closed') over (partition by node, site order by seq) as stood from changes
        )
        select seq, at_s, node, site, correlation, stood, before as old, state as new from steps
        where before is not null and (stood <> before or coalesce((before, state) not in (
            ('closed', 'open'), ('open', 'half_open'), ('open', 'closed'),
            ('half_open', 'open'), ('half_open', 'closed')
        ), true))
        """,
        context=CHANGES,
    )


def open_breaker_passes_nothing(_facts: Facts) -> Question:
    """An open breaker passes nothing (I23): no ``breaker.call`` begins strictly within a time in which it is open.

    That time lasts, on each node, from a change to open to the next change or the crash of the node. A call may begin
    in the very moment of a change: the one that makes an open breaker half-open does.
    """
    return Question(
        """
        , states as (
            select coalesce(node, '') as node, site, at_s, arg_max(state, seq) as state from changes group by all
        ), calls as (
            select seq, at_s, coalesce(node, '') as node, site, correlation, begin_s
            from events where kind = 'breaker.call'
        )
        select calls.*, states.at_s as open_since_s
        from calls asof join states
            on calls.node = states.node and calls.site = states.site and calls.begin_s >= states.at_s
        where states.state = 'open' and states.at_s < calls.begin_s
        """,
        context=CHANGES,
    )


def single_flight(facts: Facts) -> Question | None:
    """Single flight (I28), for the caches whose design promises it: on one node the loads of one key do not overlap.

    A load lasts from ``begin_s`` to ``at_s`` of its ``cache.load``; the next may begin in the moment in which one ends.
    """
    if not facts.single_flight:
        return None
    return Question(
        """
        select seq, at_s, node, site, correlation, detail, begin_s, busy_until_s from (
            select *, max(at_s) over (
                partition by node, site, detail order by begin_s, seq rows between unbounded preceding and 1 preceding
            ) as busy_until_s
            from events where kind = 'cache.load' and list_contains($caches::varchar[], site)
        ) where begin_s < busy_until_s
        """,
        {"caches": list(facts.single_flight)},
    )
