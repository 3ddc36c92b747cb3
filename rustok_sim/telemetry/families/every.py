"""All families, and the names of RusToK's that have none."""

from rustok_sim.telemetry.families.events import EVENTS
from rustok_sim.telemetry.families.family import Family
from rustok_sim.telemetry.families.outbox import OUTBOX
from rustok_sim.telemetry.families.resilience import RESILIENCE
from rustok_sim.telemetry.families.served import SERVED
from rustok_sim.telemetry.families.storage import STORAGE
from rustok_sim.telemetry.families.traffic import TRAFFIC

FAMILIES: tuple[Family, ...] = (*TRAFFIC, *EVENTS, *RESILIENCE, *STORAGE, *SERVED, *OUTBOX)
"""All of them, in the order of the facts' section 12; the last are proposed, and no part of RusToK."""

NOT_FED = {
    "rustok_content_nodes_total": "a count of rows, which the log does not hold",
    "rustok_commerce_products_total": "a count of rows, which the log does not hold",
    "rustok_commerce_orders_total": "a count of rows, which the log does not hold",
    "rustok_cache_size": "entries that time out leave no record",
    "rustok_cache_operation_duration_seconds": "a look-up in memory takes no simulated time",
    "rustok_module_error_rate": "a rate that Prometheus computes itself from rustok_module_errors_total",
    "rustok_spans_created_total": "spans are made of the log after the run",
    "rustok_span_duration_seconds": "spans are made of the log after the run",
    "rustok_spans_with_errors_total": "spans are made of the log after the run",
    "rustok_http_request_size_bytes": "messages have no size here",
    "rustok_http_response_size_bytes": "messages have no size here",
    "rustok_tenant_cache_entries": "entries that time out leave no record",
    "rustok_tenant_cache_negative_entries": "entries that time out leave no record",
}
"""Names of RusToK's that nothing here feeds, and why."""
