"""Handles and SKUs: what a product is found by, and how two are kept from having the same."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from rustok_sim.core.data import Transaction, col
from rustok_sim.core.errors import Conflict, UniqueViolation
from rustok_sim.core.ports import Steps
from rustok_sim.modules.commerce.catalogue.handles import handle_of, transliterated_handle_of
from rustok_sim.modules.commerce.catalogue.records import NewTranslation
from rustok_sim.modules.commerce.catalogue.settings import CatalogueSettings
from rustok_sim.modules.commerce.catalogue.tables import HANDLE_RULE, SKU_RULE, TRANSLATIONS, VARIANTS
from rustok_sim.modules.commerce.errors import DuplicateHandle, DuplicateSku

LOCALE: Final = col("locale")
HANDLE: Final = col("handle")
SKU: Final = col("sku")
_REFUSALS: Final[Mapping[tuple[str, str], tuple[type[Conflict], str]]] = {
    (TRANSLATIONS.name, ",".join(HANDLE_RULE)): (DuplicateHandle, "another product has this handle"),
    (VARIANTS.name, ",".join(SKU_RULE)): (DuplicateSku, "another variant has this SKU"),
}


class Names:
    """Finds out whether a name is free: by looking, as RusToK does, or by leaving it to a unique index."""

    __slots__ = ("_handle_of", "_look_for_handles", "_look_for_skus")

    def __init__(self, settings: CatalogueSettings) -> None:
        self._look_for_handles = settings.handles == "as_built"
        self._look_for_skus = settings.skus == "as_built"
        self._handle_of = handle_of if settings.titles == "ascii" else transliterated_handle_of

    def handles(self, translations: Sequence[NewTranslation]) -> list[str]:
        """The handle of each. Raises ``DuplicateHandle`` for two that are the same in one language."""
        handles = [new.handle or self._handle_of(new.title) for new in translations]
        if len({(new.locale, handle) for new, handle in zip(translations, handles, strict=True)}) < len(handles):
            raise DuplicateHandle("two translations into one language have the same handle")
        return handles

    def check_handle(self, tx: Transaction, locale: str, handle: str) -> Steps[None]:
        """As built, one read among the products of all tenants (D2), which refuses as of then (D9).

        Raises ``DuplicateHandle``.
        """
        if not self._look_for_handles:
            return
        where = (LOCALE.equals(locale), HANDLE.equals(handle))
        if (yield from tx.across_tenants("D2").first(TRANSLATIONS, where, label="product_translations.by_handle")):
            raise DuplicateHandle(f"another product has the handle {handle} in {locale}")

    def check_sku(self, tx: Transaction, sku: str | None) -> Steps[None]:
        """As built, one read for each SKU given, which refuses as of then (D9). Raises ``DuplicateSku``."""
        if not self._look_for_skus or sku is None:
            return
        if (yield from tx.first(VARIANTS, (SKU.equals(sku),), label="product_variants.by_sku")):
            raise DuplicateSku(f"another variant has the SKU {sku}")


@contextmanager
def taken_names() -> Iterator[None]:
    """Say in the catalogue's words which unique index refused a row."""
    try:
        yield
    except UniqueViolation as error:
        if (error.table, error.rule) not in _REFUSALS:
            raise
        refusal, message = _REFUSALS[error.table, error.rule]
        raise refusal(message) from error
