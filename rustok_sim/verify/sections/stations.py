"""What became of the visits of stations."""

from typing import Any, Final

from rustok_sim.capture import Connection
from rustok_sim.verify.facts import Facts, by_name, rows
from rustok_sim.verify.visits import KINDS, VISITS, limits

TIMES: Final = """
, counted as (
    select *, arrived_s >= $warmup_s as counts, greatest(arrived_s, $warmup_s) as seen_s,
        greatest(started_s, $warmup_s) as seen_started_s
    from visits
)
select site as name,
    count(*) filter (counts) as arrived,
    count(*) filter (counts and kind = 'station.served') as served,
    count(*) filter (counts and kind = 'station.rejected') as rejected,
    favg(wait_s) filter (counts and kind = 'station.served') as wait_s_mean,
    favg(left_s - arrived_s) filter (counts and kind = 'station.served') as sojourn_s_mean,
    fsum(greatest(0, started_s - seen_s)) as queue_s,
    fsum(greatest(0, left_s - seen_s)) as system_s,
    fsum(greatest(0, busy_until_s - seen_started_s)) as service_s,
from counted
group by site
"""

SHARED: Final = """
, changes as (
    select site, servers, started_s as at_s, 1 as change from visits where shared
    union all
    select site, servers, busy_until_s, -1 from visits where shared
), levels as (
    select site, servers, at_s, sum(sum(change)) over following as inside, lead(at_s) over following as next_s
    from changes
    group by site, servers, at_s
    window following as (partition by site order by at_s)
)
select site as name, fsum(least(inside, servers) * greatest(0, next_s - greatest(at_s, $warmup_s))) as service_s
from levels
group by site
"""


def stations(connection: Connection, facts: Facts) -> dict[str, Any] | None:
    """Visits by station; ``None`` if they were not captured or there are no stations.

    - ``arrived``, ``served``, ``rejected``: visits that arrived at or after the warm-up. The others failed, were
      abandoned, or are still inside.
    - ``wait_s_mean``, ``sojourn_s_mean``: over those of them that were served; null when none was.
    - ``utilisation``: the busy server-seconds between warm-up and horizon, per server and second. Under processor
      sharing as many servers are busy as there are visits, up to all. A visit that a hang swallows keeps none busy.
    - ``queue_length_mean``, ``in_system_mean``: time averages over the window, of all visits whenever they arrived: the
      integral of the number is the sum of the times that each visit spends inside the window.
    """
    if not facts.stations or not facts.captured(*KINDS):
        return None
    parameters = limits(facts) | {"warmup_s": facts.warmup_s}
    found = by_name(rows(connection, VISITS + TIMES, **parameters), list(facts.stations))
    if any(station.shared for station in facts.stations.values()):
        for row in rows(connection, VISITS + SHARED, **parameters):
            found[row["name"]]["service_s"] = row["service_s"]
    return {name: _station(row, facts.stations[name].servers, facts.window_s) for name, row in found.items()}


def _station(row: dict[str, Any], servers: int, window_s: float) -> dict[str, Any]:
    return {
        "arrived": row.get("arrived", 0),
        "served": row.get("served", 0),
        "rejected": row.get("rejected", 0),
        "utilisation": row.get("service_s", 0.0) / (servers * window_s),
        "wait_s_mean": row.get("wait_s_mean"),
        "sojourn_s_mean": row.get("sojourn_s_mean"),
        "queue_length_mean": row.get("queue_s", 0.0) / window_s,
        "in_system_mean": row.get("system_s", 0.0) / window_s,
    }
