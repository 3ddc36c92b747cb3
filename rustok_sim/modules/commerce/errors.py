"""What the catalogue, prices and stock refuse with: RusToK's commerce errors, each with its code."""

from rustok_sim.core.errors import BusinessRule, Conflict, NotFound


class ProductNotFound(NotFound):
    """The tenant has no such product."""

    code = "product_not_found"


class VariantNotFound(NotFound):
    """The tenant has no such variant."""

    code = "variant_not_found"


class DuplicateHandle(Conflict):
    """Another product has this handle in this language."""

    code = "duplicate_handle"


class DuplicateSku(Conflict):
    """Another variant has this SKU."""

    code = "duplicate_sku"


class InsufficientInventory(BusinessRule):
    """There are fewer units than were asked for, and the variant takes no back-orders."""

    code = "insufficient_inventory"

    def __init__(self, variant_id: str, asked: int, available: int) -> None:
        super().__init__(f"variant {variant_id}: {asked} asked for, {available} available")


class CannotDeletePublished(BusinessRule):
    """An active product has to be unpublished before it can be deleted."""

    code = "cannot_delete_published"


class NoVariants(BusinessRule):
    """A product has at least one variant."""

    code = "no_variants"


class InvalidPrice(BusinessRule):
    """An amount below zero, or a price to compare with that lies below the price itself, or no price at all."""

    code = "invalid_price"


class InvalidOptionCombination(BusinessRule):
    """Two variants of a product offer the same options."""

    code = "invalid_option_combination"
