"""Customers and the orders of others, through a whole node: as built nobody asks, enforced the matrix says "own"."""

from dataclasses import replace

import pytest

from rustok_sim.core.auth import AuthSettings
from rustok_sim.core.ids import named_id
from rustok_sim.core.operations import Ask
from rustok_sim.modules.commerce.orders import ORDERS, Line
from rustok_sim.modules.commerce.orders.seed import order_id, order_rows
from rustok_sim.modules.tenants import made_up_tenant
from rustok_sim.testing import scenario_of, simulate

ACME = made_up_tenant("acme").id
LINE = Line(variant_id="v", product_id="p", title="Tea", quantity=1, unit_price=500)
STEPS = ("order.submit", "order.pay", "order.cancel")


@pytest.fixture
def ask(cluster):
    """Asks a node about order 0 of acme, in a role; with ``stolen`` the order has become another customer's."""

    def asked(operation, *, role, enforcement, stolen):
        one = cluster(design="none", backend="memory")
        one.settings = replace(one.settings, auth=AuthSettings(enforcement=enforcement))
        for table, rows in order_rows(ACME, [LINE], lifecycle="as_built", steps=0).items():
            owner = {"customer_id": named_id("user", ACME, "somebody else")} if stolen and table is ORDERS else {}
            one.server.seed(table, [{**row, **owner} for row in rows])
        call = one.call(tenant="acme")
        answer = one.finish(one.booted().handle(call, operation, Ask(number=0, user=5, role=role)))
        [order] = one.server.rows(ORDERS)
        assert order["id"] == order_id(ACME, 0)
        return answer.status, answer.code, order["version"]

    return asked


@pytest.mark.parametrize("operation", STEPS)
def test_as_built_a_customer_takes_steps_with_the_order_of_another(ask, operation):
    """D5: commerce believes the headers and asks for no permission, so the "own" of the matrix is asked by nobody."""
    assert ask(operation, role="customer", enforcement="as_built", stolen=True) == (200, None, 2)


@pytest.mark.parametrize("operation", STEPS)
def test_enforced_a_customer_takes_steps_with_their_own_order_alone(ask, operation):
    """The order of another stays as it is."""
    assert ask(operation, role="customer", enforcement="enforced", stolen=False) == (200, None, 2)
    assert ask(operation, role="customer", enforcement="enforced", stolen=True) == (403, "not_the_buyer", 1)


@pytest.mark.parametrize("operation", STEPS)
def test_enforced_an_administrator_takes_steps_with_anybody_s_order(ask, operation):
    """Who manages orders has them all in scope."""
    assert ask(operation, role="admin", enforcement="enforced", stolen=True) == (200, None, 2)


@pytest.mark.parametrize("enforcement", ["as_built", "enforced"])
def test_customers_of_a_scenario_ask_about_their_own_orders(enforcement):
    """Those that were there, those that are placed, and whole checkouts: every request is served under either."""
    classes = [("order.place", 1.0), ("order.submit", 20.0), ("order.pay", 40.0), ("checkout", 60.0)]
    load = [
        {
            "name": operation.replace(".", "_"),
            "operation": operation,
            "arrivals": {"process": "burst", "at_s": at_s, "count": 12 if operation in STEPS else 4},
            "tenants": {"count": 1},
            "ask": {"role": "customer", "users": 3},
        }
        for operation, at_s in classes
    ]
    platform = {"auth": {"enforcement": enforcement}}
    catalogue = {"products": 5, "orders": 8, "order_state": "open"}
    records = simulate(scenario_of(load=load, platform=platform, catalogue=catalogue))
    finished = [record.status for record in records if record.kind == "request.finished"]
    assert finished == [200] * (4 + 12 + 12 + 4)
