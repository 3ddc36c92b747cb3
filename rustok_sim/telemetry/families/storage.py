"""The database as a node sees it."""

from typing import Final

from rustok_sim.telemetry.families.family import Family

QUERY_S: Final = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
LABELS: Final = "split_part(detail, '.', 2) as query_type, split_part(detail, '.', 1) as \"table\""
"""A statement is named by its table and what it does there; begin and commit have no table."""

ALONE: Final = """
    kind = 'db.query' and wait_s is not null and detail != 'begin'
    and outcome not in ('no_connection')
"""

STORAGE: Final = (
    Family(
        name="rustok_database_query_duration_seconds",
        help="how long a statement takes, its wait for a connection left out",
        kind="histogram",
        labels=("query_type", "table"),
        buckets=QUERY_S,
        observed=f"""
            select at_s, node as instance, at_s - begin_s - coalesce(wait_s, 0.0) as value, {LABELS}
            from events where kind = 'db.query' and outcome != 'no_connection'
        """,  # noqa: S608
    ),
    Family(
        name="rustok_database_connections",
        help="places of a node's pool, taken (active) or free (idle)",
        kind="level",
        labels=("state",),
        observed=f"""
            with begun as (
                select correlation, node, begin_s, max(begin_s + wait_s) as taken_s
                from events where kind = 'db.query' and detail = 'begin' and outcome = 'ok' group by all
            ), taken as (
                select taken_s as at_s, node, 1.0 as more
                from events ended join begun using (correlation, node, begin_s) where ended.kind = 'db.transaction'
                union all
                select at_s, node, -1.0
                from events ended join begun using (correlation, node, begin_s) where ended.kind = 'db.transaction'
                union all select begin_s + wait_s, node, 1.0 from events where {ALONE}
                union all select at_s, node, -1.0 from events where {ALONE}
            )
            select at_s, node as instance, more as value, 'active' as state from taken
            union all select at_s, node, -more, 'idle' from taken
            union all
            select at_s, node, cast($pool_connections as double), 'idle' from (
                select distinct 0.0 as at_s, node from events where node is not null
                union all select at_s, node from events where kind = 'node.started')
        """,  # noqa: S608
    ),
    Family(
        name="rustok_database_query_errors_total",
        help="statements that ended with an error of the database",
        kind="counter",
        labels=("query_type", "table"),
        observed=f"""
            select at_s, node as instance, 1.0 as value, {LABELS}
            from events where kind = 'db.query' and outcome in ('error', 'no_connection')
        """,  # noqa: S608
    ),
)
