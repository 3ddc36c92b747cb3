"""The catalogue: products with translations, options, variants and images, and how they are found.

Each design of :class:`CatalogueSettings` is RusToK's way or its repair; the tables follow from the settings. Where its
entities and its migrations disagree, the tables have the fields that its services write, in the columns that its
migrations name:

- every child row carries its tenant, as the entity of variants has it and no migration does;
- vendor, type, SEO texts, option names with their values as one list, the three options of a variant, its policy and
  its quantity are columns; the tables of option values, variant translations and physical measures, which no code
  touches, are left out, as are soft deletion and the reference to the table of tenants;
- a variant has two columns more than in RusToK, which its own designs never write: the units reserved, and a version;
- money is whole numbers of minor units, as the migrations have it; an image has both its address and its text.

Knows the table of prices, which a new product fills. Never changes stock, but by a variant's update as built.
"""

from rustok_sim.modules.commerce.catalogue.records import (
    NewOption,
    NewPrice,
    NewProduct,
    NewTranslation,
    NewVariant,
    ProductChanges,
    ProductFilter,
    ProductPage,
    ProductView,
    VariantChanges,
    in_stock,
)
from rustok_sim.modules.commerce.catalogue.service import CatalogueService
from rustok_sim.modules.commerce.catalogue.settings import CatalogueSettings
from rustok_sim.modules.commerce.catalogue.tables import tables
from rustok_sim.modules.commerce.catalogue.variants import Variants, open_variants

__all__ = [
    "CatalogueService",
    "CatalogueSettings",
    "NewOption",
    "NewPrice",
    "NewProduct",
    "NewTranslation",
    "NewVariant",
    "ProductChanges",
    "ProductFilter",
    "ProductPage",
    "ProductView",
    "VariantChanges",
    "Variants",
    "in_stock",
    "open_variants",
    "tables",
]
