"""The catalogue's service: each write in RusToK's steps, one transaction with its event, then the whole read anew."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from rustok_sim.core.context import Context
from rustok_sim.core.data import Row, Transaction
from rustok_sim.core.errors import Validation
from rustok_sim.core.events import ProductCreated, ProductDeleted, ProductPublished, ProductUpdated
from rustok_sim.core.ports import Steps
from rustok_sim.core.shared import Shared
from rustok_sim.modules.commerce.catalogue.names import Names, taken_names
from rustok_sim.modules.commerce.catalogue.reading import ID, PRODUCT_ID, ProductReader
from rustok_sim.modules.commerce.catalogue.records import (
    NewProduct,
    NewTranslation,
    ProductChanges,
    ProductFilter,
    ProductPage,
    ProductView,
)
from rustok_sim.modules.commerce.catalogue.rows import RowMaker
from rustok_sim.modules.commerce.catalogue.settings import CatalogueSettings
from rustok_sim.modules.commerce.catalogue.steps import steps_for
from rustok_sim.modules.commerce.catalogue.tables import OPTIONS, PRODUCTS, TRANSLATIONS, VARIANTS
from rustok_sim.modules.commerce.catalogue.variants import check_combinations
from rustok_sim.modules.commerce.errors import NoVariants, ProductNotFound
from rustok_sim.modules.commerce.pricing.tables import PRICES
from rustok_sim.modules.commerce.records import stock_seeded

CHANGEABLE: Final = ("vendor", "product_type", "metadata")


class CatalogueService:
    """Products of one tenant at a time."""

    def __init__(self, shared: Shared, settings: CatalogueSettings) -> None:
        self._shared = shared
        self._settings = settings
        self._rows = RowMaker(shared)
        self._names = Names(settings)
        self._steps = steps_for(settings)
        self._reader = ProductReader(shared.store, settings)

    def create(self, context: Context, new: NewProduct) -> Steps[ProductView]:
        """Write a product and all its parts; one event, whatever is in it.

        Raises ``Validation`` without a translation, ``NoVariants``, ``DuplicateHandle``, ``DuplicateSku``.
        """
        if not new.translations:
            raise Validation("a product needs a translation")
        if not new.variants:
            raise NoVariants("a product needs a variant")
        if self._settings.variant_writes == "serviced":
            check_combinations([variant.options for variant in new.variants])
        with taken_names(), (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            row = self._rows.product(context.call, new)
            product_id = str(row["id"])
            now_s = self._shared.runtime.clock()
            status = self._steps.created(product_id, publish=new.publish, at_s=now_s)
            yield from tx.insert(PRODUCTS, row | status)
            yield from self._translate(tx, context, product_id, new.translations)
            yield from self._insert_parts(tx, context, product_id, new)
            yield from self._shared.publisher.publish_in(tx, context, ProductCreated(product_id))
            yield from tx.commit()
        return (yield from self._reader.whole(context, product_id))

    def _insert_parts(self, tx: Transaction, context: Context, product_id: str, new: NewProduct) -> Steps[None]:
        call, rows = context.call, self._rows
        for position, option in enumerate(new.options):
            yield from tx.insert(OPTIONS, rows.option(call, product_id, position, option))
        for position, variant in enumerate(new.variants):
            yield from self._names.check_sku(tx, variant.sku)
            row = rows.variant(call, product_id, position, variant)
            yield from tx.insert(VARIANTS, row)
            tx.after_commit(
                partial(stock_seeded, self._shared.runtime, call, str(row["id"]), variant.inventory_quantity)
            )
            for price in variant.prices:
                yield from tx.insert(PRICES, rows.price(call, str(row["id"]), price))

    def _translate(
        self, tx: Transaction, context: Context, product_id: str, translations: Sequence[NewTranslation]
    ) -> Steps[None]:
        for new, handle in zip(translations, self._names.handles(translations), strict=True):
            yield from self._names.check_handle(tx, new.locale, handle)
            yield from tx.insert(TRANSLATIONS, self._rows.translation(context.call, product_id, new, handle))

    def update(self, context: Context, product_id: str, changes: ProductChanges) -> Steps[ProductView]:
        """Change what is given; the event is the same whatever that is.

        Raises ``ProductNotFound``, ``DuplicateHandle``, ``InvalidTransition`` where steps are typed, ``Validation``.
        """
        with taken_names(), (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            row = yield from self._locked(tx, product_id)
            given = {name: getattr(changes, name) for name in CHANGEABLE if getattr(changes, name) is not None}
            if changes.status is not None:
                given |= self._steps.updated(row, changes.status, at_s=self._shared.runtime.clock())
            if changes.translations is not None:
                yield from tx.delete(TRANSLATIONS, (PRODUCT_ID.equals(product_id),))
                yield from self._translate(tx, context, product_id, changes.translations)
            yield from self._write(tx, product_id, given)
            yield from self._shared.publisher.publish_in(tx, context, ProductUpdated(product_id))
            yield from tx.commit()
        return (yield from self._reader.whole(context, product_id))

    def publish(self, context: Context, product_id: str) -> Steps[ProductView]:
        """Put it up for sale. Raises ``ProductNotFound``, and ``InvalidTransition`` where steps are typed."""
        with (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            row = yield from self._locked(tx, product_id)
            yield from self._write(tx, product_id, self._steps.published(row, at_s=self._shared.runtime.clock()))
            yield from self._shared.publisher.publish_in(tx, context, ProductPublished(product_id))
            yield from tx.commit()
        return (yield from self._reader.whole(context, product_id))

    def unpublish(self, context: Context, product_id: str) -> Steps[ProductView]:
        """Make it a draft; its event is that of an update. Raises as :meth:`publish`."""
        with (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            row = yield from self._locked(tx, product_id)
            yield from self._write(tx, product_id, self._steps.unpublished(row))
            yield from self._shared.publisher.publish_in(tx, context, ProductUpdated(product_id))
            yield from tx.commit()
        return (yield from self._reader.whole(context, product_id))

    def delete(self, context: Context, product_id: str) -> Steps[None]:
        """Remove it and all that hangs on it. Raises ``ProductNotFound``, ``CannotDeletePublished``."""
        with (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            self._steps.check_deletable((yield from self._locked(tx, product_id)))
            yield from tx.delete(PRODUCTS, (ID.equals(product_id),))
            yield from self._shared.publisher.publish_in(tx, context, ProductDeleted(product_id))
            yield from tx.commit()

    def get(self, context: Context, product_id: str) -> Steps[ProductView]:
        """The product with all its parts. Raises ``ProductNotFound``."""
        return self._reader.whole(context, product_id)

    def list(self, context: Context, wanted: ProductFilter) -> Steps[ProductPage]:
        """One page of products, newest first. Raises as :meth:`ProductReader.page`."""
        return self._reader.page(context, wanted)

    def search(self, context: Context, part: str, *, page: int = 1, per_page: int = 20) -> Steps[ProductPage]:
        """The active products with *part* in a title. Raises as :meth:`list`."""
        return self._reader.page(context, ProductFilter(status="active", search=part, page=page, per_page=per_page))

    def _locked(self, tx: Transaction, product_id: str) -> Steps[Row]:
        """The row as it is read before a write: held only where the steps are typed."""
        row = yield from tx.first(PRODUCTS, (ID.equals(product_id),), lock=self._steps.lock)
        if row is None:
            raise ProductNotFound(f"no product {product_id}")
        return row

    def _write(self, tx: Transaction, product_id: str, changes: Row) -> Steps[None]:
        now_s = self._shared.runtime.clock()
        if not (yield from tx.update(PRODUCTS, changes | {"updated_at": now_s}, (ID.equals(product_id),))):
            raise ProductNotFound(f"no product {product_id}")
