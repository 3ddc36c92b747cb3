"""Background jobs as traces of their own: passes of relays, rebuilt connections, listeners."""

from collections.abc import Sequence
from typing import Final

from rustok_sim.trace.asking import Row
from rustok_sim.trace.events import MARKING
from rustok_sim.trace.nesting import nest, put_into
from rustok_sim.trace.runs import Facts
from rustok_sim.trace.spans import Span, Trace

NAMES: Final = {
    "outbox.claimed": "relay pass",
    "redis.reconnected": "reconnect redis",
    "redis.command": "redis listener",
}
"""What a job is called, by a kind of record that it leaves."""
ELSEWHERE: Final = frozenset({"outbox.published", "outbox.marked"})
"""What stands in the traces of the events."""


def job_trace(number: int, rows: Sequence[Row], facts: Facts) -> Trace:
    """The spans of background job *number*; what a pass has done for single events stands in their traces."""
    kinds = {row.kind for row in rows}
    name = next((name for kind, name in NAMES.items() if kind in kinds), "background job")
    begin_s = min(row.at_s if row.begin_s is None else row.begin_s for row in rows)
    component = "outbox" if name == "relay pass" else "redis" if "redis" in name else "background"
    root = Span(name, begin_s, rows[-1].at_s, component, node=rows[0].node)
    root.attributes["rustok.correlation"] = number
    mine = [row for row in rows if row.kind not in ELSEWHERE and row.detail not in MARKING]
    put_into(root, nest(mine, facts), facts)
    return Trace(number, rows[0].tenant, root)
