"""What the circuit breakers let through, and how long they were open."""

from typing import Any, Final

from rustok_sim.capture import Connection
from rustok_sim.verify.facts import Facts, rows
from rustok_sim.verify.states import CHANGES

CALLS: Final = """
select site, node,
    count(*) filter (kind = 'breaker.call') as calls,
    count(*) filter (kind = 'breaker.rejected') as rejected,
from events
where kind in ('breaker.call', 'breaker.rejected') and coalesce(begin_s, at_s) >= $warmup_s
group by all
"""

STATES: Final = """
, spans as (
    select *, lead(at_s, 1, $horizon_s) over (partition by node, site order by seq) as until_s from changes
)
select site, node,
    count(*) filter (state = 'open' and at_s >= $warmup_s) as opened,
    coalesce(fsum(greatest(0, until_s - greatest(at_s, $warmup_s))) filter (state = 'open'), 0) as open_s,
    arg_max(state, seq) as state,
from spans
group by all
"""

WORST_FIRST: Final = ("open", "half_open", "closed")


def breaker(connection: Connection, facts: Facts) -> dict[str, Any] | None:
    """The breakers of all nodes by name, between warm-up and horizon; ``None`` without breakers or records of them.

    - ``calls``: guarded calls that began; ``rejected``: calls refused; ``opened``: changes to open.
    - ``open_s``: seconds in open, summed over the nodes.
    - ``state``: at the end, on the node where it is worst (open, then half_open, then closed); a crash closes.
    - ``by_node``: the same for each node.
    """
    if not facts.platform or not facts.captured("breaker.call", "breaker.rejected", "breaker.changed"):
        return None
    found: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in facts.breakers}
    counts = rows(connection, CALLS, warmup_s=facts.warmup_s)
    states = rows(connection, CHANGES + STATES, warmup_s=facts.warmup_s, horizon_s=facts.horizon_s)
    for row in [*counts, *states]:
        found.setdefault(row.pop("site"), {}).setdefault(row.pop("node") or "", {}).update(row)
    return {name: _breaker(nodes) for name, nodes in sorted(found.items())} or None


def _breaker(nodes: dict[str, dict[str, Any]]) -> dict[str, Any]:
    nothing: dict[str, Any] = {"calls": 0, "rejected": 0, "opened": 0, "open_s": 0.0, "state": "closed"}
    by_node = {node: nothing | row for node, row in sorted(nodes.items())}
    states: list[str] = [row["state"] for row in by_node.values()]
    total = {key: sum(row[key] for row in by_node.values()) for key in nothing if key != "state"}
    return total | {"state": min(states, key=WORST_FIRST.index, default="closed"), "by_node": by_node}
