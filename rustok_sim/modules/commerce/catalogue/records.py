"""What the catalogue is told to write, and what it tells of a product."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rustok_sim.core.data import Row

DENY: Final = "deny"
CONTINUE: Final = "continue"
OPTIONS_MAX: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTranslation:
    """A product in one language; without *handle*, the title gives one."""

    locale: str
    title: str
    handle: str | None = None
    description: str | None = None
    meta_title: str | None = None
    meta_description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOption:
    """A way in which a product's variants differ."""

    name: str
    values: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPrice:
    """A price in minor units; written as it is, as RusToK does on this way in."""

    currency: str
    amount: int
    compare_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVariant:
    """A variant. Of its options the first three are kept; its policy may be any text, as in RusToK."""

    sku: str | None = None
    barcode: str | None = None
    ean: str | None = None
    upc: str | None = None
    inventory_policy: str = DENY
    inventory_quantity: int = 0
    weight: int | None = None
    weight_unit: str | None = None
    options: Sequence[str] = ()
    prices: Sequence[NewPrice] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProduct:
    """A product with all that hangs on it; *publish* makes it active at once."""

    translations: Sequence[NewTranslation]
    variants: Sequence[NewVariant]
    options: Sequence[NewOption] = ()
    vendor: str | None = None
    product_type: str | None = None
    metadata: str = "{}"
    publish: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductChanges:
    """What to change; ``None`` leaves a value as it is, so that vendor and type can never be cleared.

    A list of translations replaces all there are; an empty one leaves none.
    """

    status: str | None = None
    vendor: str | None = None
    product_type: str | None = None
    metadata: str | None = None
    translations: Sequence[NewTranslation] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantChanges:
    """What to change of a variant; ``None`` leaves a value as it is."""

    sku: str | None = None
    barcode: str | None = None
    inventory_policy: str | None = None
    inventory_quantity: int | None = None
    options: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product and its parts, each the row it was read from."""

    product: Row
    translations: list[Row]
    options: list[Row]
    variants: list[Row]
    prices: list[Row]
    images: list[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFilter:
    """Which products a list shows, and which page of it; pages count from 1."""

    status: str | None = None
    vendor: str | None = None
    search: str | None = None
    page: int = 1
    per_page: int = 20


@dataclass(frozen=True, slots=True)
class ProductPage:
    """One page of a list, of *total* products on *pages* pages. A title is missing where no language fits."""

    products: list[Row]
    titles: dict[str, str]
    total: int
    pages: int


def in_stock(variant: Row) -> bool:
    """Whether RusToK shows a variant as in stock: by a rule that its stock service does not share (D29)."""
    return int(variant["inventory_quantity"] or 0) > 0 or variant["inventory_policy"] == CONTINUE
