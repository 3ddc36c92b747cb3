"""Background jobs as traces of their own: passes of relays, rebuilt connections, listeners."""

from collections.abc import Sequence
from typing import Final

from rustok_sim.trace.asking import Row
from rustok_sim.trace.nesting import nest, put_into
from rustok_sim.trace.runs import Facts
from rustok_sim.trace.spans import Span, Trace

NAMES: Final = {
    "outbox.claimed": "relay pass",
    "redis.reconnected": "reconnect redis",
    "redis.command": "redis listener",
}
"""What a job is called, by a kind of record that it leaves."""
ELSEWHERE: Final = frozenset({"station.in_system"})
"""Who is still inside a station at the horizon leaves it there and then, which is a record too."""


def job_trace(number: int, rows: Sequence[Row], facts: Facts) -> Trace:
    """The spans of background job *number*. What a pass does after its claim is for single events: see their traces."""
    kinds = {row.kind for row in rows}
    name = next((name for kind, name in NAMES.items() if kind in kinds), "background job")
    begin_s = min(row.at_s if row.begin_s is None else row.begin_s for row in rows)
    component = "outbox" if name == "relay pass" else "redis" if "redis" in name else "background"
    root = Span(name, begin_s, rows[-1].at_s, component, node=rows[0].node)
    root.attributes["rustok.correlation"] = number
    claimed = [row.seq for row in rows if row.kind == "outbox.claimed"]
    mine = [
        row
        for row in rows
        if row.kind == "outbox.taken" or not (row.kind in ELSEWHERE or (claimed and row.seq > claimed[0]))
    ]
    put_into(root, nest(mine, facts), facts)
    return Trace(number, rows[0].tenant, root)
