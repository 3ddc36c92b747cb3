"""The read tables: RusToK's columns, but for those that nothing in the platform could fill."""

from typing import Final

from rustok_sim.core.data import Table, flag, integer, moment, text, uuid

INDEX_CONTENT: Final = Table(
    "index_content",
    (
        uuid("id"),
        uuid("tenant_id"),
        uuid("node_id"),
        text("locale", 5),
        text("kind", 32),
        text("status", 32),
        text("title", 255, optional=True),
        text("slug", 255, optional=True),
        text("excerpt", optional=True),
        text("body", optional=True),
        text("body_format", 16, optional=True),
        uuid("author_id", optional=True),
        uuid("category_id", optional=True),
        uuid("parent_id", optional=True),
        integer("depth"),
        integer("position"),
        integer("reply_count"),
        moment("published_at", optional=True),
        moment("created_at"),
        moment("updated_at"),
        moment("indexed_at"),
    ),
    unique=(("node_id", "locale"),),
    indexes=(
        ("tenant_id", "kind", "status", "locale", "published_at"),
        ("tenant_id", "locale", "kind", "slug"),
        ("tenant_id", "category_id", "locale"),
        ("tenant_id", "author_id", "locale"),
    ),
)
INDEX_PRODUCTS: Final = Table(
    "index_products",
    (
        uuid("id"),
        uuid("tenant_id"),
        uuid("product_id"),
        text("locale", 5),
        text("status", 32),
        flag("is_published"),
        text("title", 255),
        text("handle", 255),
        text("description", optional=True),
        text("brand", 100, optional=True),
        text("currency", 3, optional=True),
        integer("price_min", optional=True),
        integer("price_max", optional=True),
        flag("in_stock"),
        integer("total_inventory"),
        integer("variant_count"),
        text("meta_title", 255, optional=True),
        text("meta_description", optional=True),
        moment("published_at", optional=True),
        moment("created_at"),
        moment("updated_at"),
        moment("indexed_at"),
    ),
    unique=(("product_id", "locale"), ("tenant_id", "locale", "handle")),
    indexes=(
        ("tenant_id", "locale", "is_published", "in_stock"),
        ("tenant_id", "locale", "price_min", "price_max"),
    ),
)
INDEX_LOCKS: Final = Table(
    "index_locks", (uuid("entity_id"), uuid("tenant_id"), integer("version")), key=("entity_id",)
)
"""One row for each entity that has ever been indexed behind a fence, and how often it was. Not RusToK's."""
INDEX_INBOX: Final = Table(
    "index_inbox", (text("consumer", 64), uuid("event_id"), uuid("tenant_id")), key=("consumer", "event_id")
)
"""The events that each indexer has handled. Not RusToK's."""
INDEX_TABLES: Final = (INDEX_CONTENT, INDEX_PRODUCTS, INDEX_LOCKS, INDEX_INBOX)
