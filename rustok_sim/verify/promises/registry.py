"""All promises by name."""

from collections.abc import Mapping
from typing import Final

from rustok_sim.verify.invariants.ask import Ask
from rustok_sim.verify.promises import bounds, calm, events, heal, orders, rows, stock, tenancy

_STORMS: Final = "fault.began fault.ended node.crashed node.started"

_ALL: Final[tuple[tuple[Ask, str, str], ...]] = (
    (calm.every_request_ends, "request.finished request.in_flight", _STORMS),
    (calm.calm_requests_are_answered, "request.finished", _STORMS),
    (calm.calm_requests_do_not_fail, "request.finished", _STORMS),
    (calm.every_operation_works, "request.sent", f"request.finished {_STORMS}"),
    (calm.causes_come_first, "outbox.taken outbox.published request.sent", "event.recorded request.finished"),
    (
        events.events_not_lost,
        "outbox.left outbox.marked",
        "event.recorded db.transaction outbox.published outbox.taken outbox.claimed node.crashed event.spoilt",
    ),
    (events.only_committed_events_published, "outbox.published event.sent", "event.recorded db.transaction"),
    (events.duplicates_bounded, "outbox.published", "outbox.taken"),
    (
        events.rows_claimed_by_one_relay,
        "outbox.taken",
        "outbox.claimed outbox.marked outbox.published node.crashed",
    ),
    (events.events_in_order, "outbox.published", "event.recorded db.transaction event.about"),
    (events.events_applied_in_order, "index.applied", "event.recorded db.transaction event.about"),
    (events.publish_attempts_bounded, "outbox.published", "outbox.marked"),
    (events.events_applied_once, "index.applied", ""),
    (events.events_tied_together, "event.about", ""),
    (events.order_steps_told, "order.changed", "event.recorded db.transaction"),
    (events.stock_changes_told, "stock.changed", "event.recorded db.transaction"),
    (events.tenant_changes_told, "tenant.standing", "event.recorded db.transaction"),
    (events.read_model_converges, "index.wrong", "event.spoilt event.about"),
    (stock.no_lost_stock_update, "stock.changed", "stock.seeded"),
    (stock.stock_not_negative, "stock.changed", ""),
    (stock.stock_conserved, "stock.left", "stock.changed stock.seeded"),
    (stock.reservations_add_up, "stock.left", "reservation.left"),
    (stock.orders_hold_their_stock, "order.left", "order.changed reservation.left"),
    (stock.cancelled_orders_hold_no_stock, "reservation.left", "order.left"),
    (orders.order_steps_legal, "order.changed", ""),
    (orders.shipped_orders_are_paid, "order.changed", "payment.charged payment.refunded"),
    (orders.paid_orders_have_their_money, "order.left", "payment.charged payment.refunded"),
    (
        orders.cancelled_orders_keep_no_money,
        "payment.charged",
        "order.left payment.left payment.refunded payment.uncertain request.finished",
    ),
    (orders.orders_charged_once, "payment.charged", "order.left payment.refunded"),
    (orders.refunds_within_captures, "payment.charged payment.refunded", ""),
    (orders.money_leaves_a_trace, "payment.charged", "order.left payment.left payment.refunded"),
    (rows.no_lost_content_update, "content.changed", ""),
    (rows.rows_are_unique, "rows.alike", ""),
    (rows.prices_all_or_nothing, "event.recorded", "request.sent db.transaction request.finished"),
    (tenancy.tenants_isolated, "tenant.crossed", ""),
    (tenancy.suspended_tenants_refused, "tenant.standing", "request.finished"),
    (tenancy.tenant_staleness_bounded, "tenant.updated", "cache.hit"),
    (tenancy.no_tenant_read_from_the_future, "tenant.updated", "cache.hit cache.load"),
    (tenancy.tenant_loads_are_current, "tenant.updated", "cache.load"),
    (tenancy.own_tenant_writes_seen, "tenant.updated", "cache.hit request.finished"),
    (tenancy.modules_have_their_needs, "module.left", ""),
    (tenancy.module_hooks_run, "module.toggled", "module.hook request.in_flight"),
    (bounds.half_open_within_permits, "breaker.changed", "breaker.call node.crashed"),
    (bounds.limits_kept, "limit.counted", "node.crashed"),
    (bounds.pools_within_capacity, "pool.left", ""),
    (
        heal.heals_and_converges,
        "outbox.left index.wrong request.in_flight breaker.changed node.crashed pool.left",
        "event.recorded node.started event.spoilt event.about breaker.call breaker.rejected",
    ),
)

PROMISE_QUERIES: Final[Mapping[str, tuple[Ask, frozenset[str], frozenset[str]]]] = {
    ask.__name__: (ask, frozenset(about.split()), frozenset(more.split())) for ask, about, more in _ALL
}
"""The query of each promise; the kinds of which a run that breaks it has a record; and the others that it needs."""
