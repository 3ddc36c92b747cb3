"""The promise of liveness: once all faults have ended, everything promised happens in time."""

from typing import Final

from rustok_sim.verify.facts import Facts
from rustok_sim.verify.invariants.ask import Question
from rustok_sim.verify.states import CHANGES

UNHEALED: Final = """
, spoilt as (select detail as event from events where kind = 'event.spoilt'),
spoilt_entities as (select about.detail as entity from events as about
    where kind = 'event.about' and about.site in (select event from spoilt)),
recorded as (
    select site as event, max(at_s) as at_s from events where kind = 'event.recorded' group by site
),
last as (select arg_max(kind, seq) as kind, max(seq) as seq, node from events
    where kind in ('node.crashed', 'node.started') group by node),
stood as (select node, site, arg_max(state, seq) as state, max(seq) as seq, max(at_s) as at_s
    from changes group by node, site),
asked as (select node, site, arg_max(kind, seq) as kind, max(seq) as seq from events
    where kind in ('breaker.call', 'breaker.rejected') group by node, site)
select seq, events.at_s, node, tenant, correlation, site, detail, case
    when outcome = 'failed' then 'outbox_rows_dead'
    when site is null then 'outbox_rows_pending' else 'outbox_rows_claimed' end as problem
from events join recorded on events.detail = event
where kind = 'outbox.left' and recorded.at_s < $heal_s and $relays
    and detail not in (select event from spoilt)
union all
select seq, at_s, node, tenant, correlation, site, detail, 'read_model_wrong'
from events where kind = 'index.wrong' and $indexed
    and split_part(detail, ' ', 1) not in (select entity from spoilt_entities)
union all
select seq, at_s, node, tenant, correlation, site, detail, 'requests_hanging'
from events where kind = 'request.in_flight' and begin_s < $heal_s
union all
select seq, null, node, null, null, null, null, 'node_down' from last where kind = 'node.crashed'
union all
select stood.seq, at_s, node, null, null, site, null, 'breaker_half_open'
from stood join asked using (node, site)
where state = 'half_open' and at_s < ($heal_s + $horizon_s) / 2
    and asked.kind = 'breaker.rejected' and asked.seq > stood.seq
union all
select seq, at_s, node, tenant, correlation, site, detail, 'pool_places_lost'
from events where kind = 'pool.left' and value <> 0
"""
"""What is left after healing; see the promise."""


def heals_and_converges(facts: Facts) -> Question | None:
    """After healing the run converges; ``problem`` says why it did not. Asked where the scenario heals.

    All faults end at ``verify.heal.at_s``, and the run ends ``within_s`` later. Then there is none of these, of which
    those of the outbox and of the read model are not asked of events that a fault has spoilt, nor of what those were
    about: nothing makes them readable.

    - outbox_rows_pending: a row recorded before healing waits, claimed by nobody;
    - outbox_rows_claimed: such a row is still claimed, by a pass that is over or has not come to it;
    - outbox_rows_dead: such a row has died;
    - read_model_wrong: a row of the read model is not as the write model has it, though somebody writes it;
    - requests_hanging: a request from before healing is in flight;
    - node_down: a node that crashed has not started again;
    - breaker_half_open: a breaker became half-open before the last half of the time to heal and is so still, though it
      was asked: it turned away who asked it last. (one that nobody asks has no way to close);
    - pool_places_lost: a pool has not all its places back.
    """
    if facts.heal_s is None:
        return None
    return Question(
        UNHEALED,
        {
            "heal_s": facts.heal_s,
            "horizon_s": facts.horizon_s,
            "relays": facts.relay.runs,
            "indexed": facts.indexed,
        },
        context=CHANGES,
    )
