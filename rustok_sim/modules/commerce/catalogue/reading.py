"""Reading products: one as a whole, and lists of them."""

from typing import Final

from rustok_sim.core.context import Context
from rustok_sim.core.data import Condition, Row, Select, Store, col
from rustok_sim.core.errors import DatabaseError, Internal
from rustok_sim.core.ports import Steps
from rustok_sim.modules.commerce.catalogue.records import ProductFilter, ProductPage, ProductView
from rustok_sim.modules.commerce.catalogue.settings import CatalogueSettings
from rustok_sim.modules.commerce.catalogue.tables import IMAGES, OPTIONS, PRODUCTS, TRANSLATIONS, VARIANTS
from rustok_sim.modules.commerce.errors import ProductNotFound
from rustok_sim.modules.commerce.pricing.tables import PRICES

PER_PAGE_MAX: Final = 100
ID: Final = col("id")
PRODUCT_ID: Final = col("product_id")
BY_POSITION: Final = ("position", "id")
NEWEST_FIRST: Final = ("-created_at", "-id")


class ProductReader:
    """Reads within one tenant, but for a search as built."""

    __slots__ = ("_settings", "_store")

    def __init__(self, store: Store, settings: CatalogueSettings) -> None:
        self._store = store
        self._settings = settings

    def whole(self, context: Context, product_id: str) -> Steps[ProductView]:
        """The product with all its parts, in six reads. Raises ``ProductNotFound`` after the first."""
        store, call, tenant_id = self._store, context.call, context.tenant_id
        product = yield from store.first(call, tenant_id, PRODUCTS, (ID.equals(product_id),))
        if product is None:
            raise ProductNotFound(f"no product {product_id}")
        of_product = (PRODUCT_ID.equals(product_id),)
        translations = yield from store.select(call, tenant_id, TRANSLATIONS, of_product)
        options = yield from store.select(call, tenant_id, OPTIONS, of_product, order_by=BY_POSITION)
        variants = yield from store.select(call, tenant_id, VARIANTS, of_product, order_by=BY_POSITION)
        of_variants = (col("variant_id").is_in([row["id"] for row in variants]),)
        prices = yield from store.select(call, tenant_id, PRICES, of_variants)
        images = yield from store.select(call, tenant_id, IMAGES, of_product, order_by=BY_POSITION)
        return ProductView(product, translations, options, variants, prices, images)

    def page(self, context: Context, wanted: ProductFilter) -> Steps[ProductPage]:
        """One page: a count, the rows, their titles, and before all that what a search matches.

        Raises ``DatabaseError`` when a search matches more than one statement can carry, ``Internal`` for a page
        size of 0 as built.
        """
        where = yield from self._where(context, wanted)
        call, tenant_id = context.call, context.tenant_id
        counted = yield from self._store.run(call, tenant_id, Select(PRODUCTS, where, counting=True))
        limit, offset, per_page = self._window(wanted)
        products = yield from self._store.select(
            call, tenant_id, PRODUCTS, where, order_by=NEWEST_FIRST, limit=limit, offset=offset
        )
        titles = yield from self._titles(context, products)
        if per_page == 0:
            raise Internal("the number of pages: division by zero")
        return ProductPage(products, titles, counted.count, -(-counted.count // per_page))

    def _where(self, context: Context, wanted: ProductFilter) -> Steps[list[Condition]]:
        where = []
        if wanted.status is not None:
            where.append(col("status").equals(wanted.status))
        if wanted.vendor is not None:
            where.append(col("vendor").equals(wanted.vendor))
        if wanted.search is not None:
            where.append(ID.is_in((yield from self._found(context, wanted.search))))
        return where

    def _found(self, context: Context, part: str) -> Steps[list[str]]:
        """The products of which a title has *part* in it; as built, of all tenants, however many there are."""
        where, label = (col("title").contains(part),), "product_translations.search"
        if self._settings.search == "as_built":
            rows = yield from self._store.select_across_tenants(
                context.call, TRANSLATIONS, where, defect="search", label=label
            )
        else:
            rows = yield from self._store.select(context.call, context.tenant_id, TRANSLATIONS, where, label=label)
        found = list(dict.fromkeys(str(row["product_id"]) for row in rows))
        if len(found) > self._settings.bind_max:
            raise DatabaseError(f"{len(found)} values to bind, the driver takes {self._settings.bind_max}")
        return found

    def _window(self, wanted: ProductFilter) -> tuple[int, int, int]:
        """Limit, offset, and the page size by which pages are counted."""
        before = max(0, wanted.page - 1)
        if self._settings.paging == "as_built":
            return min(wanted.per_page, PER_PAGE_MAX), before * wanted.per_page, wanted.per_page
        per_page = max(1, min(wanted.per_page, PER_PAGE_MAX))
        return per_page, before * per_page, per_page

    def _titles(self, context: Context, products: list[Row]) -> Steps[dict[str, str]]:
        locale = context.locale
        if self._settings.locales == "language":
            locale = locale.partition("-")[0]
        where = (PRODUCT_ID.is_in([row["id"] for row in products]), col("locale").equals(locale))
        rows = yield from self._store.select(context.call, context.tenant_id, TRANSLATIONS, where)
        return {str(row["product_id"]): str(row["title"]) for row in rows}
