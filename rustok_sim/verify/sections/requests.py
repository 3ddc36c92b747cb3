"""What became of the requests, by load class."""

from typing import Any, Final

from rustok_sim.capture import Connection
from rustok_sim.verify.facts import Facts, by_name, rows

CLIENT_CLOSED_REQUEST: Final = 499
"""The status of a request whose client left before the answer (nginx's convention; no answer was ever sent)."""

OUTCOMES: Final = """
select site as name,
    count(*) as count,
    count(*) filter (outcome = 'ok') as ok,
    count(*) filter (outcome = 'rejected') as rejected,
    count(*) filter (outcome = 'failed') as failed,
    count(*) filter (outcome = 'timed_out') as timed_out,
    count(*) filter (kind = 'request.in_flight') as in_flight,
    favg(at_s - begin_s) filter (kind = 'request.finished') as mean,
    quantile_cont(at_s - begin_s, [0.5, 0.95, 0.99]) filter (kind = 'request.finished') as quantiles,
    max(at_s - begin_s) filter (kind = 'request.finished') as max,
from events
where kind in ('request.finished', 'request.in_flight') and begin_s >= $warmup_s
group by site
"""

STATUSES: Final = """
select site, if(outcome = 'timed_out', $closed, status)::varchar as answer, count(*) as count
from events
where kind = 'request.finished' and begin_s >= $warmup_s and (outcome = 'timed_out' or status is not null)
group by all
order by all
"""


def requests(connection: Connection, facts: Facts) -> dict[str, Any] | None:
    """Requests that arrived at or after the warm-up, by load class; ``None`` if they were not captured.

    - ``count`` = ``ok`` + ``rejected`` + ``failed`` + ``timed_out`` + ``in_flight`` (no answer yet at the horizon).
    - ``availability``: ok ÷ finished, that is all but those in flight; null when none finished.
    - ``throughput_per_s``: ok ÷ (horizon - warm-up).
    - ``latency_s``: from arrival to the end, over all finished requests. Who gave up counts with the time it waited,
      which its answer would have exceeded: left out, the slowest would vanish from the tail (survivorship). Quantiles
      are exact, interpolated between neighbours.
    - ``by_status``: HTTP status to finished requests; 499 stands for a client that gave up.
    """
    if not facts.captured("request.finished", "request.in_flight"):
        return None
    statuses: dict[str, dict[str, int]] = {}
    for row in rows(connection, STATUSES, warmup_s=facts.warmup_s, closed=CLIENT_CLOSED_REQUEST):
        statuses.setdefault(row["site"], {})[row["answer"]] = row["count"]
    found = by_name(rows(connection, OUTCOMES, warmup_s=facts.warmup_s), facts.classes)
    return {name: _class(row, statuses.get(name, {}), facts) for name, row in found.items()}


def _class(row: dict[str, Any], by_status: dict[str, int], facts: Facts) -> dict[str, Any]:
    counts = {key: row.get(key, 0) for key in ("count", "ok", "rejected", "failed", "timed_out", "in_flight")}
    finished = counts["count"] - counts["in_flight"]
    p50, p95, p99 = row.get("quantiles") or (None, None, None)
    return counts | {
        "availability": counts["ok"] / finished if finished else None,
        "throughput_per_s": counts["ok"] / facts.window_s,
        "latency_s": {"mean": row.get("mean"), "p50": p50, "p95": p95, "p99": p99, "max": row.get("max")},
        "by_status": by_status,
    }
