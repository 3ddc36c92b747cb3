"""The table of prices."""

from dataclasses import replace
from functools import cache
from typing import Final

from rustok_sim.core.data import Reference, Table, integer, text, uuid
from rustok_sim.modules.commerce.pricing.settings import PricingSettings

PRICE_RULE: Final = ("variant_id", "currency_code")

PRICES: Final = Table(
    "prices",
    (
        uuid("id"),
        uuid("tenant_id"),
        uuid("variant_id"),
        text("currency_code", 3),
        integer("amount"),
        integer("compare_at_amount", optional=True),
    ),
    references=(Reference(("variant_id",), "product_variants"),),
    indexes=(PRICE_RULE,),
)


@cache
def tables(settings: PricingSettings) -> tuple[Table, ...]:
    """The table, with a unique rule where the settings ask for one; statements name it by the constant above."""
    return (PRICES if settings.first_insert == "as_built" else replace(PRICES, unique=(PRICE_RULE,)),)
