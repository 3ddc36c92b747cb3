"""What happens in the catalogue: products, variants, stock and prices."""

from typing import Annotated, ClassVar, Final

from rustok_sim.core.events.event import Event
from rustok_sim.core.events.rules import (
    I32_MAX,
    Amount,
    Between,
    Compared,
    Currency,
    Id,
    OptionalAmount,
    Under,
)
from rustok_sim.core.values import value


@value(frozen=True, slots=True)
class ProductCreated(Event):
    """A product was written for the first time, with its variants."""

    type: ClassVar[str] = "product.created"
    affects_index: ClassVar[bool] = True
    product_id: Id


@value(frozen=True, slots=True)
class ProductUpdated(Event):
    """A product changed, or went back to being a draft."""

    type: ClassVar[str] = "product.updated"
    affects_index: ClassVar[bool] = True
    product_id: Id


@value(frozen=True, slots=True)
class ProductPublished(Event):
    """A product went on sale."""

    type: ClassVar[str] = "product.published"
    affects_index: ClassVar[bool] = True
    product_id: Id


@value(frozen=True, slots=True)
class ProductDeleted(Event):
    """A product is gone, and its variants with it."""

    type: ClassVar[str] = "product.deleted"
    affects_index: ClassVar[bool] = True
    product_id: Id


@value(frozen=True, slots=True)
class VariantCreated(Event):
    """A product got a variant; RusToK's predicate for the read model does not list it."""

    type: ClassVar[str] = "variant.created"
    variant_id: Id
    product_id: Id


@value(frozen=True, slots=True)
class VariantUpdated(Event):
    """A variant changed."""

    type: ClassVar[str] = "variant.updated"
    affects_index: ClassVar[bool] = True
    variant_id: Id
    product_id: Id


@value(frozen=True, slots=True)
class VariantDeleted(Event):
    """A variant is gone; RusToK's predicate for the read model does not list it."""

    type: ClassVar[str] = "variant.deleted"
    variant_id: Id
    product_id: Id


NOT_NEGATIVE: Final = Between(0, I32_MAX)
ANY_I32: Final = Between(-I32_MAX - 1, I32_MAX)


@value(frozen=True, slots=True)
class InventoryUpdated(Event):
    """A variant's stock changed. As built its rules contradict the service that raises it, twice.

    The service knows no location and gives the nil one, which no repair makes a location (S1): that one is the
    service's to mend. With back-order it goes below zero (S2).
    """

    type: ClassVar[str] = "inventory.updated"
    affects_index: ClassVar[bool] = True
    variant_id: Id
    product_id: Id
    location_id: Id
    old_quantity: Annotated[int, Under("as_built", NOT_NEGATIVE), Under("repaired", ANY_I32)]
    new_quantity: Annotated[int, Under("as_built", NOT_NEGATIVE), Under("repaired", ANY_I32)]


@value(frozen=True, slots=True)
class InventoryLow(Event):
    """A variant's stock reached the threshold, which as built this event may not say of the threshold itself (S3)."""

    type: ClassVar[str] = "inventory.low"
    variant_id: Id
    product_id: Id
    remaining: Annotated[
        int,
        NOT_NEGATIVE,
        Under("as_built", Compared("below", "threshold")),
        Under("repaired", Compared("at_most", "threshold")),
    ]
    threshold: Annotated[int, NOT_NEGATIVE]


@value(frozen=True, slots=True)
class PriceUpdated(Event):
    """A variant has a new price in one currency, or its first.

    Version 1, RusToK's, reckons every currency in hundredths. Version 2 says how many decimal digits the minor unit
    has, so that a consumer reads a price in yen right.
    """

    type: ClassVar[str] = "price.updated"
    version: ClassVar[int] = 2
    affects_index: ClassVar[bool] = True
    variant_id: Id
    product_id: Id
    currency: Currency
    old_amount: OptionalAmount
    new_amount: Amount
    minor_digits: Annotated[int, Between(0, 4)] = 2
