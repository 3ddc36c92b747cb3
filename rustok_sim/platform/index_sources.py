"""Where rows of the read model come from: products and nodes, as the write model has them."""

from collections.abc import Mapping, Sequence
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
        return _product_row(product, named, prices, units, len(variants))

    def build_batch(self, reader: Reader, entity_ids: Sequence[str], locale: str) -> Steps[Mapping[str, Row]]:
        """The rows in four or five reads for all; none of those without a name in this language."""
        products = yield from reader.select(PRODUCTS, (col("id").is_in(entity_ids),))
        by_id = {str(row["id"]): row for row in products}
        translated = (col("product_id").is_in(tuple(by_id)), *same(locale=locale))
        names = {str(row["product_id"]): row for row in (yield from reader.select(TRANSLATIONS, translated))}
        found = yield from reader.select(VARIANTS, (col("product_id").is_in(tuple(names)),))
        variants = _grouped(found, "product_id")
        of_variants = (col("variant_id").is_in([row["id"] for row in found]),)
        prices = _grouped((yield from reader.select(PRICES, of_variants)), "variant_id")
        levels = _grouped((yield from reader.select(LEVELS, of_variants)), "variant_id") if self._locations else {}
        rows = {}
        for key, named in names.items():
            own = variants.get(key, [])
            priced = [price for variant in own for price in prices.get(str(variant["id"]), ())]
            units = sum(int(variant["inventory_quantity"] or 0) for variant in own)
            if self._locations:
                stocked = (level for variant in own for level in levels.get(str(variant["id"]), ()))
                units = sum(int(level["stocked_quantity"] or 0) for level in stocked)
            rows[key] = _product_row(by_id[key], named, priced, units, len(own))
        return rows


def _grouped(rows: Sequence[Row], column: str) -> dict[str, list[Row]]:
    """*rows* by the value that they have in *column*."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(str(row[column]), []).append(row)
    return groups


def _product_row(product: Row, named: Row, prices: Sequence[Row], units: int, variants: int) -> Row:
    return {
        "status": product["status"],
        "is_published": product["status"] == "active",
        "brand": product["vendor"],
        **{name: named[name] for name in ("title", "handle", "description", "meta_title", "meta_description")},
        **_priced(prices),
        "in_stock": units > 0,
        "total_inventory": units,
        "variant_count": variants,
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
        return _node_row(node, named, body)

    def build_batch(self, reader: Reader, entity_ids: Sequence[str], locale: str) -> Steps[Mapping[str, Row]]:
        """The rows in three reads for all; none of those without a text in this language."""
        nodes = yield from reader.select(content.NODES, (col("id").is_in(entity_ids),))
        of_text = (col("node_id").is_in([row["id"] for row in nodes]), *same(locale=locale))
        named = {row["node_id"]: row for row in (yield from reader.select(content.TRANSLATIONS, of_text))}
        bodies = {row["node_id"]: row for row in (yield from reader.select(content.BODIES, of_text))}
        return {
            str(node["id"]): _node_row(node, named[node["id"]], bodies.get(node["id"]))
            for node in nodes
            if node["id"] in named
        }


def _node_row(node: Row, named: Row, body: Row | None) -> Row:
    own = ("kind", "status", "author_id", "category_id", "parent_id", "depth", "position", "reply_count")
    moments = ("published_at", "created_at", "updated_at")
    return {
        **{name: node[name] for name in (*own, *moments)},
        **{name: named[name] for name in ("title", "slug", "excerpt")},
        "body": None if body is None else body["body"],
        "body_format": None if body is None else body["format"],
    }
