"""A made-up catalogue, the same in every run, for a database to begin with."""

from collections.abc import Iterable
from typing import Final

from rustok_sim.core.data import Row, Table
from rustok_sim.core.ids import named_id
from rustok_sim.modules.commerce.catalogue.tables import PRODUCTS, TRANSLATIONS, VARIANTS
from rustok_sim.modules.commerce.pricing.tables import PRICES
from rustok_sim.modules.commerce.stock.levels import location_of
from rustok_sim.modules.commerce.stock.tables import LEVELS, LOCATIONS, RESERVATIONS

PRODUCT: Final[Row] = {
    "status": "active",
    "vendor": None,
    "product_type": None,
    "metadata": "{}",
    "created_at": 0.0,
    "updated_at": 0.0,
    "published_at": 0.0,
}
TRANSLATION: Final[Row] = {"description": None, "meta_title": None, "meta_description": None}
VARIANT: Final[Row] = {
    **dict.fromkeys(("barcode", "ean", "upc", "weight", "weight_unit", "option1", "option2", "option3")),
    "inventory_management": "manual",
    "reserved_quantity": 0,
    "version": 1,
    "created_at": 0.0,
    "updated_at": 0.0,
}


def product_id(tenant_id: str, number: int) -> str:
    """The made-up product of this number; numbers count from 0 within the tenant."""
    return named_id("product", tenant_id, number)


def variant_id(tenant_id: str, number: int) -> str:
    """The made-up variant of this number: those of product p, of v each, go from p × v to p × v + v - 1."""
    return named_id("variant", tenant_id, number)


def catalogue_rows(
    tenant_id: str,
    *,
    products: int,
    variants_per_product: int = 1,
    stock: int = 1_000,
    price: int = 1_999,
    currency: str = "EUR",
    policy: str = "deny",
    locale: str = "en",
    locations: int = 0,
) -> dict[Table, list[Row]]:
    """Active products called "Product 0" and so on, with so many variants, each with *stock* units and one price.

    The tables stand in the order in which they can be filled. With *locations*, the units of a variant are spread
    evenly over that many levels, the first ones having one more where they do not divide.
    """
    rows: dict[Table, list[Row]] = {PRODUCTS: [], TRANSLATIONS: [], VARIANTS: [], PRICES: [], LOCATIONS: [], LEVELS: []}
    places = [location_of(tenant_id, number) for number in range(1, locations + 1)]
    own: Row = {"tenant_id": tenant_id}
    rows[LOCATIONS] += [own | {"id": place, "name": f"Location {n}"} for n, place in enumerate(places, start=1)]
    product, translation = own | PRODUCT, own | TRANSLATION | {"locale": locale}
    variant = own | VARIANT | {"inventory_policy": policy, "inventory_quantity": stock}
    cost = own | {"currency_code": currency, "amount": price, "compare_at_amount": None}
    for number in range(products):
        of = product_id(tenant_id, number)
        rows[PRODUCTS].append({**product, "id": of})
        named: Row = {"id": named_id("translation", of), "product_id": of}
        named |= {"title": f"Product {number}", "handle": f"product-{number}"}
        rows[TRANSLATIONS].append({**translation, **named})
        for position in range(variants_per_product):
            place = number * variants_per_product + position
            what = variant_id(tenant_id, place)
            rows[VARIANTS].append(
                {**variant, "id": what, "product_id": of, "sku": f"SKU-{place}", "position": position}
            )
            rows[PRICES].append({**cost, "id": named_id("price", what), "variant_id": what})
            rows[LEVELS] += _levels(tenant_id, what, places, stock)
    return rows


def _levels(tenant_id: str, what: str, places: list[str], stock: int) -> list[Row]:
    return [
        {
            "variant_id": what,
            "location_id": place,
            "tenant_id": tenant_id,
            "stocked_quantity": (stock + len(places) - 1 - number) // len(places),
            "reserved_quantity": 0,
            "version": 1,
            "updated_at": 0.0,
        }
        for number, place in enumerate(places)
    ]


def keep_units(rows: dict[Table, list[Row]], tenant_id: str, kept: Iterable[tuple[str, str, int]]) -> None:
    """Add to a catalogue's rows what is put by for orders: each an order's id, a variant's id, and units.

    These units come on top of the stock: what is promised is there. With locations, the first one keeps them.
    """
    units: dict[str, int] = {}
    place = location_of(tenant_id)
    for order_id, variant, quantity in kept:
        units[variant] = units.get(variant, 0) + quantity
        row: Row = {"order_id": order_id, "variant_id": variant, "tenant_id": tenant_id, "location_id": place}
        row |= {"quantity": quantity, "status": "reserved", "created_at": 0.0, "updated_at": 0.0}
        rows.setdefault(RESERVATIONS, []).append(row)
    counted, name = (rows[LEVELS], "stocked_quantity") if rows[LOCATIONS] else (rows[VARIANTS], "inventory_quantity")
    for row in counted:
        if row.get("location_id", place) == place:
            more = units.get(str(row.get("variant_id", row.get("id"))), 0)
            row["reserved_quantity"] = more
            row[name] = int(row[name] or 0) + more
