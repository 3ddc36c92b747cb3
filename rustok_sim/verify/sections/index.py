"""How far the read model was behind, and what is wrong in it at the end."""

from typing import Any, Final

from rustok_sim.capture import Connection
from rustok_sim.verify.facts import Facts, rows

KINDS: Final = ("index.applied", "index.wrong")

READ_MODEL: Final = """
with first as (
    -- An event may come more than once; it is visible when its indexer was first done with it. What the inbox knows
    -- has been applied, even if all that was heard of it was an error of the answer.
    select detail as event, site, min(value) as lag_s
    from events where kind = 'index.applied' and outcome in ('applied', 'removed', 'duplicate') group by all
)
select (select count(*) from first) as applied,
    (select count(*) from events where kind = 'index.applied' and outcome = 'stale_ignored') as stale_ignored,
    (select count(*) from events where kind = 'index.wrong') as wrong_at_end,
    quantile_cont(lag_s, 0.50) as p50,
    quantile_cont(lag_s, 0.95) as p95,
    quantile_cont(lag_s, 0.99) as p99,
    max(lag_s) as max
from first
"""


def index(connection: Connection, facts: Facts) -> dict[str, Any] | None:
    """The whole run over all nodes; ``None`` if nobody writes the read model or reads it, or it was not captured.

    - ``applied``: events that an indexer has taken up, each once however often it came.
    - ``stale_ignored``: builds thrown away because somebody had written a newer one.
    - ``lag_s``: from when the event was raised, within its transaction, to when its rows could be read.
    - ``wrong_at_end``: rows of the read tables that are missing, left over, or not as the write model has them.
    """
    if not facts.index or not facts.captured(*KINDS):
        return None
    (row,) = rows(connection, READ_MODEL)
    row["lag_s"] = {name: row.pop(name) for name in ("p50", "p95", "p99", "max")}
    return row
