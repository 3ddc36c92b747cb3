"""Requests: what the base metrics of RusToK would count of them, and errors by module."""

from typing import Final

from rustok_sim.telemetry.families.family import Family

SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""The default buckets of Prometheus' client libraries: the facts name none for requests."""

ENDED: Final = "kind = 'request.finished' and node is not null"
"""A request that no node took is one that no node counts."""


def _of_area(area: str, sites: str) -> tuple[Family, Family]:
    """Operations of one area and how long they take; *sites* is a condition on the load class."""
    observed = f"""
        select at_s, node as instance, {{value}} as value, site as operation,
            case when outcome = 'ok' then 'success' else 'error' end as status
        from events where {ENDED} and {sites}
    """  # noqa: S608  # all ours
    return (
        Family(
            name=f"rustok_{area}_operations_total",
            help=f"operations of {area}; operation: the load class",
            kind="counter",
            labels=("operation", "status"),
            observed=observed.format(value="1.0"),
        ),
        Family(
            name=f"rustok_{area}_operation_duration_seconds",
            help=f"how long operations of {area} take",
            kind="histogram",
            labels=("operation", "status"),
            buckets=SECONDS,
            observed=observed.format(value="at_s - begin_s"),
        ),
    )


def _touches(*tables: str) -> str:
    """Whether a load class ever asked the database for one of these tables."""
    names = ", ".join(f"'{table}'" for table in tables)
    return f"""site in (
        select distinct ended.site from events ended join events asked
            on asked.correlation = ended.correlation and asked.kind = 'db.query'
        where ended.kind = 'request.finished' and split_part(asked.detail, '.', 1) in ({names}))"""  # noqa: S608


TRAFFIC: Final = (
    *_of_area("content", _touches("nodes", "node_translations", "forum_topics", "forum_replies")),
    *_of_area("commerce", _touches("products", "product_variants", "prices", "orders")),
    Family(
        name="rustok_http_requests_total",
        help="requests that were answered or given up; path: the load class",
        kind="counter",
        labels=("method", "path", "status"),
        observed=f"""
            select at_s, node as instance, 1.0 as value, 'ANY' as method, site as path,
                cast(coalesce(status, 499) as varchar) as status
            from events where {ENDED}
        """,  # noqa: S608
    ),
    Family(
        name="rustok_http_request_duration_seconds",
        help="how long requests take",
        kind="histogram",
        labels=("method", "path"),
        buckets=SECONDS,
        observed=f"""
            select at_s, node as instance, at_s - begin_s as value, 'ANY' as method, site as path
            from events where {ENDED}
        """,  # noqa: S608
    ),
    Family(
        name="rustok_http_active_connections",
        help="requests that wait for their answer",
        kind="level",
        observed=f"""
            select begin_s as at_s, node as instance, 1.0 as value from events where {ENDED}
            union all select at_s, node, -1.0 from events where {ENDED}
        """,  # noqa: S608
    ),
    Family(
        name="rustok_module_errors_total",
        help="answers from 500 on; module: the load class, error_type: the error's code",
        kind="counter",
        labels=("module", "error_type", "severity"),
        observed=f"""
            select at_s, node as instance, 1.0 as value, site as module, coalesce(detail, 'unknown') as error_type,
                case when status = 503 then 'error' else 'critical' end as severity
            from events where {ENDED} and status >= 500
        """,  # noqa: S608
    ),
)
