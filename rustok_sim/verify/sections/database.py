"""What the platform asked of the database."""

from typing import Any, Final

from rustok_sim.capture import Connection
from rustok_sim.verify.facts import Facts, rows

STATEMENTS: Final = """
select count(*) filter (
        outcome in ('ok', 'refused', 'conflict', 'error')
        or (outcome = 'dropped' and (wait_s is null or wait_s < at_s - begin_s))
    ) as queries,
    favg(wait_s) as mean,
    quantile_cont(wait_s, 0.99) as p99,
from events
where kind = 'db.query' and begin_s >= $warmup_s
"""

TRANSACTIONS: Final = """
select count(*) as transactions, count(*) filter (outcome = 'aborted') as aborts,
from events
where kind = 'db.transaction' and begin_s >= $warmup_s
"""


def database(connection: Connection, facts: Facts) -> dict[str, Any] | None:
    """Statements begun at or after the warm-up, over all nodes; ``None`` if there is no platform or no record of them.

    - ``queries``: statements that got a connection, however they ended.
    - ``transactions``: those begun with a BEGIN, however they ended; ``aborts``: those that lost to another one
      (serialization failure, deadlock). Null when they were not captured.
    - ``pool_wait_s``: the wait for a connection, over all that asked for one, those who never got it included;
      statements inside a transaction have theirs and do not count here.
    """
    if not facts.platform or not facts.captured("db.query"):
        return None
    (row,) = rows(connection, STATEMENTS, warmup_s=facts.warmup_s)
    (ends,) = rows(connection, TRANSACTIONS, warmup_s=facts.warmup_s)
    if not facts.captured("db.transaction"):
        ends = dict.fromkeys(ends)
    waits = {"mean": row["mean"], "p99": row["p99"]}
    return {"queries": row["queries"], **ends, "pool_wait_s": waits}
