"""Where rows of the read model come from: products and nodes, as the write model has them."""

from collections.abc import Sequence
from typing import Final

from rustok_sim.core.data import Row, Table, col, same
from rustok_sim.core.events import (
    BodyUpdated,
    Event,
    InventoryUpdated,
    NodeCreated,
    NodeDeleted,
    NodePublished,
    NodeTranslationUpdated,
    NodeUnpublished,
    NodeUpdated,
    PriceUpdated,
    ProductCreated,
    ProductDeleted,
    ProductPublished,
    ProductUpdated,
    VariantCreated,
    VariantDeleted,
    VariantUpdated,
)
from rustok_sim.core.ports import Steps
from rustok_sim.modules import content
from rustok_sim.modules.commerce.catalogue.tables import PRODUCTS, TRANSLATIONS, VARIANTS
from rustok_sim.modules.commerce.pricing.tables import PRICES
from rustok_sim.modules.commerce.stock.tables import LEVELS
from rustok_sim.modules.index import INDEX_CONTENT, INDEX_PRODUCTS, Reader

OF_PRODUCTS: Final = (ProductCreated, ProductUpdated, ProductPublished, ProductDeleted)
OF_THEIR_PARTS: Final = (VariantCreated, VariantUpdated, VariantDeleted, InventoryUpdated, PriceUpdated)
OF_NODES: Final = (NodeCreated, NodeUpdated, NodePublished, NodeUnpublished, NodeDeleted)
OF_THEIR_TEXTS: Final = (NodeTranslationUpdated, BodyUpdated)


def _ids(reader: Reader, table: Table, after: str, limit: int | None) -> Steps[Sequence[str]]:
    where = (col("id").above(after),) if after else ()
    rows = yield from reader.select(table, where, order_by=("id",), limit=limit)
    return [str(row["id"]) for row in rows]


class ProductSource:
    """Products, with the prices of one currency: the first by its code that any of its variants has."""

    name, table, entity = "product", INDEX_PRODUCTS, "product_id"

    def __init__(self, *, locations: int) -> None:
        self._locations = locations

    def affected(self, event: Event) -> str | None:
        """The product, or the parent of the variant that the event is about."""
        return event.product_id if isinstance(event, (*OF_PRODUCTS, *OF_THEIR_PARTS)) else None

    def ids(self, reader: Reader, after: str, limit: int | None) -> Steps[Sequence[str]]:
        """Products above *after*."""
        return _ids(reader, PRODUCTS, after, limit)

    def build(self, reader: Reader, entity_id: str, locale: str) -> Steps[Row | None]:
        """The row in four or five reads; none without a name in this language."""
        of_product = same(product_id=entity_id)
        product = yield from reader.first(PRODUCTS, same(id=entity_id))
        if product is None:
            return None
        named = yield from reader.first(TRANSLATIONS, (*of_product, *same(locale=locale)))
        if named is None:
            return None
        variants = yield from reader.select(VARIANTS, of_product)
        of_variants = (col("variant_id").is_in([row["id"] for row in variants]),)
        prices = yield from reader.select(PRICES, of_variants)
        units = sum(int(row["inventory_quantity"] or 0) for row in variants)
        if self._locations:
            levels = yield from reader.select(LEVELS, of_variants)
            units = sum(int(row["stocked_quantity"] or 0) for row in levels)
        return {
            "status": product["status"],
            "is_published": product["status"] == "active",
            "brand": product["vendor"],
            **{name: named[name] for name in ("title", "handle", "description", "meta_title", "meta_description")},
            **_priced(prices),
            "in_stock": units > 0,
            "total_inventory": units,
            "variant_count": len(variants),
            **{name: product[name] for name in ("published_at", "created_at", "updated_at")},
        }


def _priced(prices: Sequence[Row]) -> Row:
    currency = min((str(row["currency_code"]) for row in prices), default=None)
    amounts = [int(row["amount"] or 0) for row in prices if row["currency_code"] == currency]
    return {"currency": currency, "price_min": min(amounts, default=None), "price_max": max(amounts, default=None)}


class ContentSource:
    """Nodes of all kinds."""

    name, table, entity = "node", INDEX_CONTENT, "node_id"

    def affected(self, event: Event) -> str | None:
        """The node. Categories, tags, authors and files: none, as in RusToK (D-27)."""
        return event.node_id if isinstance(event, (*OF_NODES, *OF_THEIR_TEXTS)) else None

    def ids(self, reader: Reader, after: str, limit: int | None) -> Steps[Sequence[str]]:
        """Nodes above *after*."""
        return _ids(reader, content.NODES, after, limit)

    def build(self, reader: Reader, entity_id: str, locale: str) -> Steps[Row | None]:
        """The row in three reads; none without a text in this language."""
        node = yield from reader.first(content.NODES, same(id=entity_id))
        if node is None:
            return None
        of_text = same(node_id=entity_id, locale=locale)
        named = yield from reader.first(content.TRANSLATIONS, of_text)
        if named is None:
            return None
        body = yield from reader.first(content.BODIES, of_text)
        own = ("kind", "status", "author_id", "category_id", "parent_id", "depth", "position", "reply_count")
        moments = ("published_at", "created_at", "updated_at")
        return {
            **{name: node[name] for name in (*own, *moments)},
            **{name: named[name] for name in ("title", "slug", "excerpt")},
            "body": None if body is None else body["body"],
            "body_format": None if body is None else body["format"],
        }
