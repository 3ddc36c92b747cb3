"""Records for each promise: the facts of a run, a log that keeps it, and what more breaks it."""

from rustok_sim.core.journal import COLUMNS
from rustok_sim.verify import LimitFacts, RelayFacts

HORIZON_S = 100.0
RELAYS = {"relay": RelayFacts(runs=True, lease_s=10.0, max_attempts=3, redrive_after_s=20.0)}
LEGAL = [("pending_payment", "paid"), ("pending_payment", "cancelled"), ("paid", "shipped")]


def rec(at_s, kind, **columns):
    """One record of a log."""
    return tuple({"at_s": at_s, "kind": kind, **columns}.get(name) for name in COLUMNS)


def ended(number, at_s, *, begin_s=None, status=200, outcome="ok", code=None, site="web", **columns):
    """A request that has ended."""
    begin_s = at_s - 0.1 if begin_s is None else begin_s
    return rec(
        at_s,
        "request.finished",
        correlation=number,
        site=site,
        outcome=outcome,
        status=status,
        begin_s=begin_s,
        detail=code,
        **columns,
    )


def tx(at_s, number, outcome="committed", node="node-1"):
    """A transaction that has ended."""
    return rec(at_s, "db.transaction", node=node, correlation=number, outcome=outcome)


def raised(at_s, number, event, kind="node.updated", node="node-1"):
    """An event that went into the outbox."""
    return rec(at_s, "event.recorded", node=node, correlation=number, site=event, detail=kind)


def relay(at_s, kind, event, node="node-1", outcome=None, **columns):
    """A step of a relay with an event."""
    return rec(at_s, f"outbox.{kind}", node=node, correlation=-1, site=node, outcome=outcome, detail=event, **columns)


def claim(at_s, number, node, begin_s):
    """A relay's pass that claims one event, "e", and hears of it at *at_s*."""
    own = {"node": node, "correlation": number, "site": node}
    return [
        rec(at_s, "outbox.claimed", begin_s=begin_s, outcome="ok", value=1.0, **own),
        rec(at_s, "outbox.taken", detail="e", **own),
    ]


def spoilt(event, entity=None):
    """A poison fault at work, an event that it has spoilt, and what that is about."""
    told = [rec(1.0, "fault.began", site="outbox", detail="poison faults.0"), rec(5.0, "event.spoilt", detail=event)]
    return told if entity is None else [*told, rec(3.0, "event.about", site=event, detail=entity)]


def order(at_s, number, old, new, which="o1"):
    """A step of an order."""
    return rec(at_s, "order.changed", node="node-1", correlation=number, site=old, outcome=new, detail=which)


def end(kind, **columns):
    """What the audit finds."""
    return rec(HORIZON_S, kind, **columns)


def hit(at_s, version, tenant="a", node="node-1"):
    """A tenant from the cache."""
    return rec(at_s, "cache.hit", node=node, tenant=tenant, correlation=9, site="tenant", value=float(version))


def stocked(at_s, value, change, number=1, site="v"):
    """A committed change of stock."""
    return rec(at_s, "stock.changed", node="node-1", correlation=number, site=site, value=float(value), detail=change)


SENT = [
    raised(1.0, 1, "e"),
    tx(1.1, 1),
    relay(2.0, "taken", "e"),
    relay(2.1, "published", "e", outcome="ok", value=1.0),
]
CHARGED = rec(2.0, "payment.charged", correlation=1, site="ch_1", value=100.0, detail="o1")
BREAKER = [
    rec(1.0, "breaker.changed", node="node-1", site="b", outcome="open", detail="closed"),
    rec(2.0, "breaker.changed", node="node-1", site="b", outcome="half_open", detail="open"),
]


def probe(begin_s):
    """A call that a half-open breaker let pass."""
    return rec(3.0, "breaker.call", node="node-1", site="b", begin_s=begin_s, outcome="success")


STORM = [rec(10.0, "fault.began", site="db", detail="outage f"), rec(12.0, "fault.ended", site="db", detail="outage f")]

# Name: facts, records that keep the promise, records that break it with them.
CASES = {
    "every_request_ends": (
        {"timeouts_s": {"web": 5.0}},
        [ended(1, 6.0, begin_s=1.0)],
        [ended(2, 9.0, begin_s=1.0)],
    ),
    "calm_requests_are_answered": (
        {},
        [*STORM, ended(1, 11.0, status=499, outcome="timed_out", code="client_timeout")],
        [ended(2, 50.0, status=499, outcome="timed_out", code="client_timeout")],
    ),
    "calm_requests_do_not_fail": (
        {},
        [*STORM, ended(1, 20.0, status=500, outcome="failed", code="internal"), ended(2, 50.0)],
        [ended(3, 60.0, status=500, outcome="failed", code="internal")],
    ),
    "every_operation_works": (
        {},
        [rec(1.0, "request.sent", correlation=1, site="web", value=1.0, detail="x.y"), ended(1, 1.1)],
        [
            row
            for n in range(10, 15)
            for row in (
                rec(2.0, "request.sent", correlation=n, site="web", value=1.0, detail="x.z"),
                ended(n, 2.1, status=400, code="nil_uuid"),
            )
        ],
    ),
    "causes_come_first": (RELAYS, SENT, [relay(3.0, "taken", "f"), raised(4.0, 2, "f")]),
    "events_not_lost": (
        {**RELAYS, "heal_s": 50.0},
        [
            *[*SENT, relay(2.2, "marked", "e", outcome="dispatched")],
            *[*spoilt("s"), raised(3.0, 3, "s"), tx(3.1, 3), end("outbox.left", outcome="pending", detail="s")],
        ],
        [raised(3.0, 2, "f"), tx(3.1, 2), end("outbox.left", outcome="pending", detail="f")],
    ),
    "only_committed_events_published": (
        RELAYS,
        SENT,
        [raised(3.0, 2, "f"), tx(3.1, 2, "rolled_back"), relay(4.0, "published", "f", outcome="ok", value=1.0)],
    ),
    "duplicates_bounded": (
        RELAYS,
        [*SENT, relay(20.0, "taken", "e", "node-2"), relay(20.1, "published", "e", "node-2", outcome="ok", value=1.0)],
        [relay(20.2, "published", "e", "node-2", outcome="ok", value=1.0)],
    ),
    "rows_claimed_by_one_relay": (
        RELAYS,
        # The first hears of its claim when its lease is all but over, and another relay has the row soon after.
        # That one fails to send it, and nobody hears that it has put the row back.
        [
            *claim(10.5, -1, "node-1", 1.0),
            *claim(12.0, -2, "node-2", 11.5),
            relay(12.5, "published", "e", "node-2", outcome="failed", value=1.0),
            *claim(14.0, -3, "node-1", 13.5),
        ],
        claim(15.0, -4, "node-2", 14.5),
    ),
    "events_in_order": (
        {"relay": RelayFacts(runs=True, ordered=True)},
        [
            *(rec(0.5, "event.about", correlation=n, site=event, detail="p") for n, event in ((1, "e"), (2, "f"))),
            *(rec(0.5, "event.about", correlation=3, site="g", detail="p"),),
            raised(1.0, 1, "e"),
            tx(1.1, 1),
            raised(1.2, 2, "f"),
            tx(1.3, 2),
            raised(1.4, 3, "g"),
            tx(1.5, 3),
            relay(2.0, "published", "e", outcome="ok", value=1.0),
        ],
        [
            relay(3.0, "published", "g", outcome="ok", value=1.0),
            relay(4.0, "published", "f", outcome="ok", value=1.0),
        ],
    ),
    "events_applied_in_order": (
        {"relay": RelayFacts(runs=True, ordered=True), "by_log": True},
        [
            *(rec(0.5, "event.about", correlation=n, site=event, detail="p") for n, event in ((1, "e"), (2, "f"))),
            *(rec(0.5, "event.about", correlation=3, site="g", detail="p"),),
            *(raised(1.0, 1, "e"), tx(1.1, 1), raised(1.2, 2, "f"), tx(1.3, 2), raised(1.4, 3, "g"), tx(1.5, 3)),
            # One of another entity may come whenever it likes, and one that comes again was met before.
            *(raised(0.1, 4, "h"), tx(0.2, 4), rec(0.5, "event.about", correlation=4, site="h", detail="q")),
            rec(2.0, "index.applied", site="p", outcome="applied", detail="e"),
            rec(2.1, "index.applied", site="p", outcome="failed", detail="g"),
            rec(2.2, "index.applied", site="p", outcome="applied", detail="h"),
        ],
        [
            rec(3.0, "index.applied", site="p", outcome="applied", detail="g"),
            rec(3.1, "index.applied", site="p", outcome="applied", detail="f"),
            rec(3.2, "index.applied", site="p", outcome="duplicate", detail="e"),
        ],
    ),
    "publish_attempts_bounded": (
        RELAYS,
        [relay(1.0, "published", "e", outcome="failed", value=3.0), relay(1.1, "marked", "e", outcome="failed")],
        [relay(5.0, "published", "e", outcome="ok", value=1.0)],
    ),
    "events_applied_once": (
        {"inbox": True},
        [rec(1.0, "index.applied", site="p", outcome="applied", detail="e")],
        [rec(2.0, "index.applied", site="p", outcome="applied", detail="e")],
    ),
    "events_tied_together": (
        {},
        [rec(1.0, "event.about", correlation=1, site=event, outcome="c") for event in ("e", "f")],
        [rec(1.0, "event.about", correlation=1, site="g", outcome="d")],
    ),
    "order_steps_told": (
        {},
        [raised(1.0, 1, "e", "order.placed"), order(1.1, 1, None, "pending_payment"), tx(1.1, 1)],
        [order(2.0, 2, "pending_payment", "paid"), tx(2.0, 2)],
    ),
    "stock_changes_told": (
        {},
        [raised(1.0, 1, "e", "inventory.updated"), stocked(1.1, 9, "-1"), tx(1.1, 1)],
        [stocked(2.0, 8, "-1", 2), tx(2.0, 2)],
    ),
    "tenant_changes_told": (
        {},
        [raised(1.0, 1, "e", "tenant.updated"), rec(1.1, "tenant.standing", correlation=1, outcome="suspended")],
        [rec(2.0, "tenant.standing", correlation=2, outcome="active")],
    ),
    "read_model_converges": (
        {"indexed": True, "heal_s": 50.0},
        [*spoilt("s", "q"), end("index.wrong", site="index_products", outcome="different", detail="q en")],
        [end("index.wrong", site="index_products", outcome="missing", detail="p en")],
    ),
    "no_lost_stock_update": (
        {},
        [rec(0.0, "stock.seeded", site="v", value=10.0), stocked(1.0, 9, "-1"), stocked(2.0, 8, "-1")],
        [stocked(3.0, 8, "-1")],
    ),
    "stock_not_negative": ({}, [stocked(1.0, 0, "-1")], [stocked(2.0, -1, "-1")]),
    "stock_conserved": (
        {},
        [
            rec(0.0, "stock.seeded", site="v", value=10.0),
            rec(0.0, "stock.seeded", site="w", value=10.0),
            stocked(1.0, 9, "-1"),
            end("stock.left", site="v", value=9.0, status=0),
        ],
        [end("stock.left", site="w", value=9.0, status=0)],
    ),
    "reservations_add_up": (
        {},
        [
            end("reservation.left", site="v", outcome="reserved", value=2.0),
            end("stock.left", site="v", value=9.0, status=2),
        ],
        [end("stock.left", site="w", value=9.0, status=1)],
    ),
    "orders_hold_their_stock": (
        {},
        [
            order(1.0, 1, "pending_payment", "paid"),
            order(1.0, 2, "paid", "shipped", "o2"),
            end("order.left", site="o1", outcome="paid", value=1.0),
            end("reservation.left", site="v", outcome="reserved", value=1.0, detail="o1"),
        ],
        [
            end("order.left", site="o2", outcome="shipped", value=1.0),
            end("reservation.left", site="v", outcome="reserved", value=1.0, detail="o2"),
        ],
    ),
    "cancelled_orders_hold_no_stock": (
        {},
        [
            end("order.left", site="o1", outcome="cancelled"),
            end("reservation.left", site="v", outcome="released", value=1.0, detail="o1"),
        ],
        [end("reservation.left", site="w", outcome="reserved", value=1.0, detail="o1")],
    ),
    "order_steps_legal": (
        {"order_steps": LEGAL},
        [order(1.0, 1, None, "pending_payment"), order(2.0, 2, "pending_payment", "cancelled")],
        [order(3.0, 3, "pending_payment", "paid")],
    ),
    "shipped_orders_are_paid": (
        {},
        [CHARGED, order(3.0, 1, "paid", "shipped")],
        [order(4.0, 2, "paid", "shipped", "o2")],
    ),
    "paid_orders_have_their_money": (
        {},
        [CHARGED, end("order.left", site="o1", outcome="paid", value=100.0)],
        [end("order.left", site="o2", outcome="paid", value=100.0)],
    ),
    "cancelled_orders_keep_no_money": (
        {},
        [
            CHARGED,
            rec(3.0, "payment.charged", correlation=2, site="ch_2", value=50.0, detail="o2"),
            rec(4.0, "payment.refunded", correlation=1, value=100.0, detail="o1"),
            ended(1, 5.0, status=409),
            ended(2, 5.0, status=409),
            end("order.left", site="o1", outcome="cancelled", value=100.0),
        ],
        [end("order.left", site="o2", outcome="cancelled", value=50.0)],
    ),
    "orders_charged_once": (
        {},
        [CHARGED, end("order.left", site="o1", outcome="paid", value=100.0)],
        [rec(3.0, "payment.charged", correlation=1, site="ch_2", value=100.0, detail="o1")],
    ),
    "refunds_within_captures": (
        {},
        [CHARGED, rec(3.0, "payment.refunded", correlation=1, value=60.0, detail="o1")],
        [rec(4.0, "payment.refunded", correlation=1, value=60.0, detail="o1")],
    ),
    "money_leaves_a_trace": (
        {},
        [
            CHARGED,
            end("order.left", site="o1", outcome="pending_payment", value=100.0),
            end("payment.left", site="operation", outcome="executing", detail="o1"),
            end("order.left", site="o2", outcome="pending_payment", value=100.0),
        ],
        [rec(3.0, "payment.charged", correlation=2, site="ch_2", value=100.0, detail="o2")],
    ),
    "no_lost_content_update": (
        {},
        [rec(1.0, "content.changed", correlation=1, site="n", status=1, value=2.0)],
        [rec(2.0, "content.changed", correlation=2, site="n", status=1, value=3.0)],
    ),
    "rows_are_unique": ({}, [], [end("rows.alike", site="prices", value=2.0, detail="v EUR")]),
    "prices_all_or_nothing": (
        {},
        [
            *(rec(1.0, "request.sent", correlation=n, site="web", value=1.0, detail="price.set_many") for n in (1, 2)),
            *(raised(1.1, 1, f"e{i}", "price.updated") for i in range(3)),
            tx(1.2, 1),
            ended(1, 1.3),
        ],
        [raised(2.0, 2, "f", "price.updated"), tx(2.1, 2), ended(2, 2.2, status=500, outcome="failed")],
    ),
    "tenants_isolated": (
        {},
        [],
        [rec(1.0, "tenant.crossed", correlation=1, site="nodes", outcome="read", detail="other")],
    ),
    "suspended_tenants_refused": (
        {"stale_s": 5.0},
        [
            rec(10.0, "tenant.standing", tenant="a", correlation=1, outcome="suspended"),
            ended(2, 15.0, tenant="a"),
            ended(3, 30.0, tenant="a", status=403),
        ],
        [ended(4, 40.0, tenant="a")],
    ),
    "tenant_staleness_bounded": (
        {"stale_s": 5.0},
        [rec(10.0, "tenant.updated", tenant="a", correlation=1, value=2.0), hit(15.0, 1), hit(40.0, 2)],
        [hit(41.0, 1)],
    ),
    "no_tenant_read_from_the_future": (
        {},
        [hit(9.0, 1), rec(10.0, "tenant.updated", tenant="a", correlation=1, value=2.0), hit(10.5, 2)],
        [hit(11.0, 3), rec(12.0, "tenant.updated", tenant="a", correlation=2, value=3.0)],
    ),
    "tenant_loads_are_current": (
        {},
        [
            rec(10.0, "tenant.updated", tenant="a", correlation=1, value=2.0),
            # Under way when the row was written: either version is the current one.
            *(rec(11.0, "cache.load", tenant="a", outcome="found", begin_s=9.9, value=v) for v in (1.0, 2.0)),
            rec(12.0, "cache.load", tenant="a", outcome="found", begin_s=11.5, value=2.0),
            rec(12.0, "cache.load", tenant="b", outcome="found", begin_s=11.5, value=1.0),
        ],
        [rec(13.0, "cache.load", tenant="a", outcome="found", begin_s=12.5, value=1.0)],
    ),
    "own_tenant_writes_seen": (
        {},
        [
            rec(10.0, "tenant.updated", tenant="a", correlation=1, value=2.0),
            ended(1, 10.1, tenant="a", node="node-1"),
            hit(20.0, 1, node="node-2"),
            hit(20.0, 2),
        ],
        [hit(21.0, 1)],
    ),
    "modules_have_their_needs": (
        {},
        [
            end("module.left", tenant="a", site="content", outcome="disabled"),
            end("module.left", tenant="a", site="commerce", outcome="enabled"),
            end("module.left", tenant="b", site="content", outcome="enabled"),
            end("module.left", tenant="b", site="blog", outcome="enabled"),
        ],
        [end("module.left", tenant="a", site="blog", outcome="enabled")],
    ),
    "module_hooks_run": (
        {},
        [
            rec(1.0, "module.toggled", correlation=1, site="blog", outcome="enabled"),
            rec(1.1, "module.hook", correlation=1, site="blog", outcome="ok"),
        ],
        [rec(2.0, "module.toggled", correlation=2, site="blog", outcome="disabled")],
    ),
    "half_open_within_permits": ({"permits": {"b": 2}}, [*BREAKER, probe(2.0), probe(2.2)], [probe(2.4)]),
    "limits_kept": (
        {"limit": LimitFacts(burst=2, per_s=0.0, window_s=10.0, shared=True)},
        [rec(at_s, "limit.counted", correlation=1, site="k", outcome="admitted") for at_s in (1.0, 2.0, 11.5)],
        [rec(11.9, "limit.counted", correlation=1, site="k", outcome="admitted")],
    ),
    "pools_within_capacity": (
        {},
        [end("pool.left", site="node-1", value=0.0, wait_s=10.0, status=10)],
        [end("pool.left", site="node-2", value=1.0, wait_s=3.0, status=10)],
    ),
    "heals_and_converges": (
        {**RELAYS, "heal_s": 50.0, "indexed": True},
        [
            *[raised(60.0, 1, "e"), end("outbox.left", outcome="pending", detail="e")],
            *[*spoilt("s", "q"), raised(3.0, 3, "s"), end("outbox.left", outcome="failed", detail="s")],
            end("index.wrong", site="index_products", outcome="different", detail="q en"),
        ],
        [rec(70.0, "node.crashed", node="node-1")],
    ),
}
