"""The made-up catalogue: found by number, accepted by every database and every design's rules."""

import pytest

from rustok_sim.core.errors import Conflict
from rustok_sim.core.ids import named_id
from rustok_sim.modules.commerce.catalogue.tables import PRODUCTS, TRANSLATIONS, VARIANTS
from rustok_sim.modules.commerce.pricing.tables import PRICES
from rustok_sim.modules.commerce.seed import catalogue_rows, keep_units, product_id, variant_id
from rustok_sim.modules.commerce.stock import location_of
from rustok_sim.modules.commerce.stock.tables import LEVELS, LOCATIONS

STRICT = {
    "catalogue": {"handles": "per_tenant", "skus": "per_tenant"},
    "pricing": {"first_insert": "unique"},
    "stock": {"design": "conditional_update", "locations": 2},
}


@pytest.mark.parametrize("backend", ["memory", "sqlite"])
def test_made_up_products_are_found_by_their_number(open_shop, acme, zen, backend):
    """Variants 2p and 2p + 1 are those of product p, for two tenants side by side, under all unique rules."""
    shop = open_shop(backend=backend, **STRICT)
    for tenant in (acme, zen):
        shop.seed(tenant=tenant, products=3, variants_per_product=2, stock=5, price=250, currency="USD", locations=2)
    view = shop.do(shop.products.get, product_id(acme, 2))
    assert [row["id"] for row in view.variants] == [variant_id(acme, 4), variant_id(acme, 5)]
    assert [(row["title"], row["handle"], row["locale"]) for row in view.translations] == [
        ("Product 2", "product-2", "en")
    ]
    assert [(row["currency_code"], row["amount"]) for row in view.prices] == [("USD", 250)] * 2
    levels = shop.do(shop.stock.get, variant_id(zen, 0), tenant=zen)
    assert {level.location_id: level.stocked for level in levels} == {location_of(zen, 1): 3, location_of(zen, 2): 2}


def test_made_up_catalogue_has_so_many_rows_and_is_the_same_each_time(acme):
    """7 products of 3 variants at 4 locations: 21 variants and prices, 84 levels that hold 21 times the stock."""
    rows = catalogue_rows(acme, products=7, variants_per_product=3, stock=10, locations=4, policy="continue")
    counts = {table: len(made) for table, made in rows.items()}
    assert counts == {PRODUCTS: 7, TRANSLATIONS: 7, VARIANTS: 21, PRICES: 21, LOCATIONS: 4, LEVELS: 84}
    assert sum(row["stocked_quantity"] for row in rows[LEVELS]) == 210
    assert {row["inventory_policy"] for row in rows[VARIANTS]} == {"continue"}
    assert catalogue_rows(acme, products=7, variants_per_product=3, stock=10, locations=4, policy="continue") == rows


@pytest.mark.parametrize("locations", [0, 2])
def test_units_put_by_from_the_start_are_kept_as_if_orders_had_reserved_them(open_shop, acme, locations):
    """Two orders of 2 and 3 units of one variant: 5 on top of 20, reserved, and each settled on its own."""
    shop = open_shop(stock={"design": "conditional_update", "reserve": "recorded", "locations": locations})
    rows = catalogue_rows(acme, products=2, stock=20, locations=locations)
    one, two = variant_id(acme, 0), variant_id(acme, 1)
    first, second = named_id("order", 1), named_id("order", 2)
    keep_units(rows, acme, [(first, one, 2), (second, one, 3)])
    for table, made in rows.items():
        shop.server.seed(table, made)
    shop.do(shop.stock.consume, one, first)
    numbers = [(level.stocked, level.reserved) for level in shop.do(shop.stock.get, one)]
    assert (sum(stocked for stocked, _ in numbers), sum(reserved for _, reserved in numbers)) == (23, 3)
    shop.do(shop.stock.release, one, second)
    assert {level.reserved for variant in (one, two) for level in shop.do(shop.stock.get, variant)} == {0}
    with pytest.raises(Conflict):
        shop.do(shop.stock.consume, two, first)
