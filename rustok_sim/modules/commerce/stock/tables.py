"""The tables of stock by location, and of reservations."""

from functools import cache
from typing import Final

from rustok_sim.core.data import Reference, Table, integer, moment, text, uuid
from rustok_sim.modules.commerce.stock.settings import StockSettings

OF_VARIANT: Final = Reference(("variant_id",), "product_variants")

LOCATIONS: Final = Table("stock_locations", (uuid("id"), uuid("tenant_id"), text("name", 100)))
LEVELS: Final = Table(
    "inventory_levels",
    (
        uuid("variant_id"),
        uuid("location_id"),
        uuid("tenant_id"),
        integer("stocked_quantity"),
        integer("reserved_quantity"),
        integer("version"),
        moment("updated_at"),
    ),
    key=("variant_id", "location_id"),
    references=(OF_VARIANT, Reference(("location_id",), "stock_locations")),
    indexes=(("variant_id",),),
)
RESERVATIONS: Final = Table(
    "reservation_items",
    (
        uuid("order_id"),
        uuid("variant_id"),
        uuid("tenant_id"),
        uuid("location_id"),
        integer("quantity"),
        text("status", 16),
        moment("created_at"),
        moment("updated_at"),
    ),
    key=("order_id", "variant_id"),
    # No reference to the variant: its check would hold the variant's row against those who lock it to reserve.
    indexes=(("variant_id",),),
)


@cache
def tables(settings: StockSettings) -> tuple[Table, ...]:
    """All of them: which ones are used depends on the settings, none of their rules does."""
    return (LOCATIONS, LEVELS, RESERVATIONS)
