"""The catalogue's tables: the fields that RusToK's services write, in the columns that its migrations name."""

from dataclasses import replace
from functools import cache
from typing import Final

from rustok_sim.core.data import Reference, Table, integer, moment, text, uuid
from rustok_sim.modules.commerce.catalogue.settings import CatalogueSettings

OF_PRODUCT: Final = Reference(("product_id",), "products")
HANDLE_RULE: Final = ("tenant_id", "locale", "handle")
SKU_RULE: Final = ("tenant_id", "sku")

PRODUCTS: Final = Table(
    "products",
    (
        uuid("id"),
        uuid("tenant_id"),
        text("status", 16),
        text("vendor", 255, optional=True),
        text("product_type", 255, optional=True),
        text("metadata"),
        moment("created_at"),
        moment("updated_at"),
        moment("published_at", optional=True),
    ),
    indexes=(("tenant_id", "status"),),
)
TRANSLATIONS: Final = Table(
    "product_translations",
    (
        uuid("id"),
        uuid("tenant_id"),
        uuid("product_id"),
        text("locale", 5),
        text("title", 255),
        text("handle", 255),
        text("description", optional=True),
        text("meta_title", 255, optional=True),
        text("meta_description", optional=True),
    ),
    unique=(("product_id", "locale"),),
    references=(OF_PRODUCT,),
    indexes=(("locale", "handle"), ("product_id",)),
)
OPTIONS: Final = Table(
    "product_options",
    (
        uuid("id"),
        uuid("tenant_id"),
        uuid("product_id"),
        integer("position"),
        text("name", 100),
        text("option_values"),
    ),
    references=(OF_PRODUCT,),
    indexes=(("product_id",),),
)
VARIANTS: Final = Table(
    "product_variants",
    (
        uuid("id"),
        uuid("tenant_id"),
        uuid("product_id"),
        text("sku", 100, optional=True),
        text("barcode", 100, optional=True),
        text("ean", 20, optional=True),
        text("upc", 20, optional=True),
        text("inventory_policy", 16),
        text("inventory_management", 16),
        integer("inventory_quantity"),
        integer("reserved_quantity"),
        integer("version"),
        integer("weight", optional=True),
        text("weight_unit", 16, optional=True),
        text("option1", 100, optional=True),
        text("option2", 100, optional=True),
        text("option3", 100, optional=True),
        integer("position"),
        moment("created_at"),
        moment("updated_at"),
    ),
    references=(OF_PRODUCT,),
    indexes=(("tenant_id", "sku"), ("product_id",)),
)
IMAGES: Final = Table(
    "product_images",
    (
        uuid("id"),
        uuid("tenant_id"),
        uuid("product_id"),
        uuid("media_id", optional=True),
        text("url", 500),
        integer("position"),
        text("alt_text", 255, optional=True),
    ),
    references=(OF_PRODUCT,),
    indexes=(("product_id",),),
)


@cache
def tables(settings: CatalogueSettings) -> tuple[Table, ...]:
    """The tables with the unique rules that these settings ask for; statements name them by the constants above."""
    translations, variants = TRANSLATIONS, VARIANTS
    if settings.handles == "per_tenant":
        translations = replace(translations, unique=(*translations.unique, HANDLE_RULE))
    if settings.skus == "per_tenant":
        variants = replace(variants, unique=(SKU_RULE,))
    return (PRODUCTS, translations, OPTIONS, variants, IMAGES)
