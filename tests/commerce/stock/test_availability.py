"""Availability, and a reservation as built, which is nothing more."""

import pytest

from rustok_sim.modules.commerce.errors import InsufficientInventory, VariantNotFound
from rustok_sim.modules.commerce.stock.tables import RESERVATIONS


def test_available_is_what_is_there_or_may_be_back_ordered(open_shop, locations):
    """At least so many at one location; a negative number always; policy "continue" always."""
    shop = open_shop(stock={"locations": locations})
    (variant,) = shop.seed(stock=6, locations=locations)
    most = 2 if locations == 3 else 6
    assert [shop.do(shop.stock.available, variant, quantity) for quantity in (most, most + 1, -5)] == [
        True,
        False,
        True,
    ]
    tenant = "0" * 36
    (back_order,) = shop.seed(tenant=tenant, stock=0, policy="continue", locations=locations)
    assert shop.do(shop.stock.available, back_order, 1_000_000, tenant=tenant)


@pytest.mark.parametrize(("bulk", "reads"), [("as_built", 3), ("one_query", 1)])
def test_many_at_once_cost_one_read_each_or_one_in_all(open_shop, bulk, reads):
    """As built one after the other; what is not there at all is "not available" both ways."""
    shop = open_shop(stock={"bulk": bulk})
    one, two = shop.seed(products=2, stock=5)
    wanted = {one: 5, two: 6, "nobody": 1}
    assert shop.do(shop.stock.bulk_available, wanted) == {one: True, two: False, "nobody": False}
    assert shop.cost(shop.stock.bulk_available, wanted)["reads"] == reads


def test_bulk_as_built_turns_errors_into_not_available(open_shop):
    """The database crashes: as built "no" for all, and nobody learns that they were never looked for."""
    for bulk, outcome in (("as_built", None), ("one_query", "database")):
        shop = open_shop(stock={"bulk": bulk}, latency_s=0.01)
        (variant,) = shop.seed(stock=5)
        shop.wire.run = refuse
        task = shop.start(shop.stock.bulk_available, {variant: 1})
        assert shop.outcomes([task]) == [{variant: False} if outcome is None else outcome]


def refuse(call, statement, then=None):
    """A database that is down."""
    from rustok_sim.core.errors import DatabaseError

    yield from ()
    raise DatabaseError("down")


def test_d7_reservation_as_built_looks_and_leaves_nothing(open_shop, design):
    """One read, or two for a refusal; both buyers of the last unit have "reserved" it."""
    shop = open_shop(stock={"design": design})
    (variant,) = shop.seed(stock=1)
    for order in ("one", "two"):
        cost = shop.cost(shop.stock.reserve, variant, 1, order)
        assert cost == {"transaction": 0, "reads": 1, "writes": 0, "outbox": 0}
    shop.wire.trips.clear()
    with pytest.raises(InsufficientInventory, match="2 asked for, 1 available"):
        shop.do(shop.stock.reserve, variant, 2, "three")
    assert len(shop.wire.trips) == 2
    assert shop.rows(RESERVATIONS) == []
    assert shop.variant(variant)["reserved_quantity"] == 0


def test_orders_as_built_change_no_stock(open_shop, design):
    """Reserve looks, within the order's transaction too; release and consume do nothing."""
    shop = open_shop(stock={"design": design})
    (variant,) = shop.seed(stock=3)
    for operation in (shop.stock.consume, shop.stock.release):
        shop.do(operation, variant, "order")
    named = {"variant_id": variant, "product_id": "", "order_id": "order"}

    def within(context, quantity):
        with (yield from shop.shared.store.transaction(context.call, context.tenant_id)) as tx:
            yield from shop.keeper.reserve(tx, context, quantity=quantity, **named)
            yield from tx.commit()

    shop.do(within, 3)
    with pytest.raises(InsufficientInventory, match="3 available"):
        shop.do(within, 4)
    with pytest.raises(VariantNotFound):
        shop.do(within, 1, tenant="0" * 36)
    assert (shop.rows(RESERVATIONS), shop.of("stock.changed")) == ([], [])
    assert shop.variant(variant)["inventory_quantity"] == 3
