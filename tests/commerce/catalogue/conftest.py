"""Products to write."""

from collections.abc import Callable
from typing import Any

import pytest

from rustok_sim.modules.commerce.catalogue import NewOption, NewPrice, NewProduct, NewTranslation, NewVariant


@pytest.fixture
def shoes() -> Callable[..., NewProduct]:
    """Makes a product in two languages with one option, three variants (two with an SKU) and four prices."""

    def made(*, title: str = "Red shoes", sku: str = "S", **more: Any) -> NewProduct:
        prices = (NewPrice(currency="EUR", amount=5_000), NewPrice(currency="USD", amount=5_500))
        variants = (
            NewVariant(sku=f"{sku}-41", options=("41",), inventory_quantity=7, prices=prices),
            NewVariant(sku=f"{sku}-42", options=("42",), prices=prices),
            NewVariant(options=("43",)),
        )
        translations = (
            NewTranslation(locale="en", title=title),
            NewTranslation(locale="de", title=f"{title} (de)"),
        )
        options = (NewOption(name="size", values=("41", "42", "43")),)
        return NewProduct(**{"translations": translations, "variants": variants, "options": options, **more})

    return made
