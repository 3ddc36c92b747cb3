"""The rows that a product is written as."""

import json
from collections.abc import Sequence
from typing import Final

from rustok_sim.core.data import Row
from rustok_sim.core.ports import Call
from rustok_sim.core.shared import Shared
from rustok_sim.modules.commerce.catalogue.records import (
    OPTIONS_MAX,
    NewOption,
    NewPrice,
    NewProduct,
    NewTranslation,
    NewVariant,
)

OPTION_COLUMNS: Final = ("option1", "option2", "option3")
NO_OPTIONS: Final = (None,) * OPTIONS_MAX


class RowMaker:
    """Makes new rows, with new identifiers, at the present time."""

    __slots__ = ("_shared",)

    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    def product(self, call: Call, new: NewProduct) -> Row:
        """A row of ``products``, without what its status decides."""
        now_s = self._shared.runtime.clock()
        return {
            "id": self._shared.ids.new(call),
            "vendor": new.vendor,
            "product_type": new.product_type,
            "metadata": new.metadata,
            "created_at": now_s,
            "updated_at": now_s,
        }

    def translation(self, call: Call, product_id: str, new: NewTranslation, handle: str) -> Row:
        """A row of ``product_translations``."""
        return {
            "id": self._shared.ids.new(call),
            "product_id": product_id,
            "locale": new.locale,
            "title": new.title,
            "handle": handle,
            "description": new.description,
            "meta_title": new.meta_title,
            "meta_description": new.meta_description,
        }

    def option(self, call: Call, product_id: str, position: int, new: NewOption) -> Row:
        """A row of ``product_options``."""
        return {
            "id": self._shared.ids.new(call),
            "product_id": product_id,
            "position": position,
            "name": new.name,
            "option_values": json.dumps(list(new.values)),
        }

    def variant(self, call: Call, product_id: str, position: int, new: NewVariant) -> Row:
        """A row of ``product_variants``."""
        now_s = self._shared.runtime.clock()
        return {
            "id": self._shared.ids.new(call),
            "product_id": product_id,
            "sku": new.sku,
            "barcode": new.barcode,
            "ean": new.ean,
            "upc": new.upc,
            "inventory_policy": new.inventory_policy,
            "inventory_management": "manual",
            "inventory_quantity": new.inventory_quantity,
            "reserved_quantity": 0,
            "version": 1,
            "weight": new.weight,
            "weight_unit": new.weight_unit,
            **option_columns(new.options),
            "position": position,
            "created_at": now_s,
            "updated_at": now_s,
        }

    def price(self, call: Call, variant_id: str, new: NewPrice) -> Row:
        """A row of ``prices``."""
        return {
            "id": self._shared.ids.new(call),
            "variant_id": variant_id,
            "currency_code": new.currency,
            "amount": new.amount,
            "compare_at_amount": new.compare_at,
        }


def option_columns(options: Sequence[str]) -> Row:
    """The first three option values, and nothing of the rest."""
    values: list[str | None] = [*options[:OPTIONS_MAX], *NO_OPTIONS]
    return dict(zip(OPTION_COLUMNS, values, strict=False))
