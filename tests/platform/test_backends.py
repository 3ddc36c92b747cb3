"""One scenario on the workbench's own database and on real ones."""

import os

import pytest

from rustok_sim.adapters.sql import SqlServer
from rustok_sim.core.data import Table, uuid
from rustok_sim.core.errors import RunError
from rustok_sim.engine.database import POSTGRESQL
from rustok_sim.testing import scenario_of, simulate

ADDRESS = os.environ.get("RUSTOK_SIM_POSTGRESQL", POSTGRESQL)
MIX = {
    "checkout": 4,
    "order.place": 3,
    "order.submit": 3,
    "order.pay": 3,
    "order.ship": 1,
    "order.cancel": 1,
    "inventory.adjust": 2,
    "product.create": 1,
    "product.update": 1,
    "price.set": 1,
    "node.create": 1,
    "node.publish": 1,
    "forum.moderate": 1,
    "tenant.suspend": 1,
}


def answers() -> bool:
    """Whether a PostgreSQL is there."""
    try:
        SqlServer.postgresql([Table("probe", (uuid("id"), uuid("tenant_id")))], ADDRESS).close()
    except RunError:
        return False
    return True


def log(backend, *, design="conditional_update"):
    """The whole event log of one buyer after the other, in 60 s."""
    platform = {
        "database": {"backend": backend},
        "stock": {"design": design, "reserve": "recorded"},
        "orders": {"lifecycle": "review", "guard": "both", "stock": "reserved", "events": "outbox"},
        "payments": {"decline_ratio": 0.3},
        "tenant_cache": {"design": "moka"},
    }
    load = {
        "name": "all",
        "mix": MIX,
        "users": {"count": 1, "think": {"dist": "exponential", "mean_s": 0.05}},
        "ask": {"role": "super_admin", "lines_max": 3, "quantity_max": 4, "zipf": 1.0},
        "tenants": {"count": 3},
    }
    catalogue = {"products": 5, "stock_units": 25, "orders": 40, "posts": 20, "topics": 5}
    return simulate(scenario_of(horizon_s=60.0, load=[load], catalogue=catalogue, platform=platform))


@pytest.fixture(scope="module")
def reference():
    """The log on the database in memory."""
    return log("memory")


def test_the_reference_is_worth_comparing(reference):
    """Requests succeed, are refused by rules of the domain, and stock moves: else equal logs would say little."""
    codes = {record.detail for record in reference if record.kind == "request.finished"}
    assert {None, "order_not_found", "insufficient_inventory", "payment_declined"} <= codes
    assert len([record for record in reference if record.kind == "stock.changed"]) > 10


def test_sqlite_gives_the_same_log_record_by_record(reference):
    """With one request at a time there is one history: another database, made by others, is the independent reason."""
    assert log("sqlite") == reference


@pytest.mark.skipif(not answers(), reason="no PostgreSQL answers at RUSTOK_SIM_POSTGRESQL or on the default port")
def test_postgresql_gives_the_same_log_record_by_record(reference):
    """As SQLite."""
    assert log("postgresql") == reference
