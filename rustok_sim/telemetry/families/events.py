"""Domain events: published, handled, waiting, late."""

from typing import Final

from rustok_sim.telemetry.families.family import Family

PROCESSING: Final = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
LAG: Final = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""The facts give the ends, 1 ms to 5 s and 10 ms to 60 s; what lies between is ours."""

TYPES: Final = (
    "(select site as event, any_value(detail) as type from events where kind = 'event.recorded' group by all)"
)
"""The type of each event, as far as it was written to the outbox; else it is unknown."""

HANDLED: Final = f"""
    select applied.at_s, applied.node as instance, {{value}} as value, coalesce(types.type, 'unknown') as event_type,
        applied.site as handler
    from events applied left join {TYPES} types on types.event = applied.detail
    where applied.kind = 'index.applied' and applied.outcome in ({{outcomes}})
"""  # noqa: S608
DONE: Final = "'applied', 'removed', 'duplicate'"

EVENTS: Final = (
    Family(
        name="rustok_event_bus_published_total",
        help="events that a service handed to its transport",
        kind="counter",
        labels=("event_type", "tenant_id"),
        observed=f"""
            select at_s, node as instance, 1.0 as value, detail as event_type, coalesce(tenant, '') as tenant_id
            from events where kind = 'event.recorded'
            union all
            select sent.at_s, sent.node, 1.0, coalesce(types.type, 'unknown'), coalesce(sent.tenant, '')
            from events sent left join {TYPES} types on types.event = sent.detail
            where sent.kind = 'event.sent' and sent.outcome = 'ok'
        """,  # noqa: S608
    ),
    Family(
        name="rustok_event_bus_dispatched_total",
        help="events that a handler was done with",
        kind="counter",
        labels=("event_type", "handler"),
        observed=HANDLED.format(value="1.0", outcomes=DONE),
    ),
    Family(
        name="rustok_event_bus_queue_depth",
        help="events that were accepted and are not finished",
        kind="level",
        labels=("transport",),
        observed="""
            select at_s, node as instance, 1.0 as value, 'memory' as transport
            from events where kind = 'event.sent' and outcome = 'ok'
            union all
            select max(at_s), node, -1.0, 'memory' from events
            where kind = 'index.applied' and detail in (
                select detail from events where kind = 'event.sent' and outcome = 'ok')
            group by node, detail
        """,
    ),
    Family(
        name="rustok_event_bus_processing_duration_seconds",
        help="how long a handler takes for an event",
        kind="histogram",
        labels=("event_type", "handler"),
        buckets=PROCESSING,
        observed=HANDLED.format(value="applied.at_s - applied.begin_s", outcomes=f"{DONE}, 'failed'"),
    ),
    Family(
        name="rustok_event_bus_errors_total",
        help="attempts to publish or to handle an event that failed",
        kind="counter",
        labels=("event_type", "error_type"),
        observed=f"""
            select failed.at_s, failed.node as instance, 1.0 as value, coalesce(types.type, 'unknown') as event_type,
                case failed.kind when 'index.applied' then 'handler' when 'event.sent' then 'refused'
                    else 'publish' end as error_type
            from events failed left join {TYPES} types on types.event = failed.detail
            where (failed.kind in ('index.applied', 'outbox.published') and failed.outcome = 'failed')
                or (failed.kind = 'event.sent' and failed.outcome = 'refused')
        """,  # noqa: S608
    ),
    Family(
        name="rustok_event_bus_lag_seconds",
        help="from when an event was raised to when a handler was done with it",
        kind="histogram",
        labels=("event_type",),
        buckets=LAG,
        observed=HANDLED.format(value="applied.value", outcomes=DONE),
    ),
)
