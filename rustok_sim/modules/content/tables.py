"""Content's tables, as RusToK's migrations make them but for what the package's charter names."""

from dataclasses import replace
from functools import cache
from typing import Final

from rustok_sim.core.data import Column, Reference, Table, integer, moment, text, uuid
from rustok_sim.modules.content.settings import ContentSettings

LOCALE_LENGTH: Final = 5
LOCALE_LENGTH_CHECKED: Final = 10
SLUG_RULE: Final = ("tenant_id", "locale", "slug")
OF_NODE: Final = Reference(("node_id",), "nodes")

CATEGORIES: Final = Table(
    "categories",
    (
        uuid("id"),
        uuid("tenant_id"),
        uuid("parent_id", optional=True),
        integer("position"),
        integer("depth"),
        integer("node_count"),
        text("settings"),
        moment("created_at"),
    ),
    references=(Reference(("parent_id",), "categories"),),
    indexes=(("tenant_id", "position"), ("parent_id",)),
)
CATEGORY_TRANSLATIONS: Final = Table(
    "category_translations",
    (
        uuid("id"),
        uuid("tenant_id"),
        uuid("category_id"),
        text("locale", LOCALE_LENGTH),
        text("name", 255),
        text("slug", 255),
        text("description", optional=True),
    ),
    unique=(("category_id", "locale"), SLUG_RULE),
    references=(Reference(("category_id",), "categories"),),
)
NODES: Final = Table(
    "nodes",
    (
        uuid("id"),
        uuid("tenant_id"),
        uuid("parent_id", optional=True),
        uuid("author_id", optional=True),
        text("kind", 32),
        uuid("category_id", optional=True),
        text("status", 16),
        integer("position"),
        integer("depth"),
        integer("reply_count"),
        text("metadata"),
        moment("created_at"),
        moment("updated_at"),
        moment("published_at", optional=True),
        text("archive_reason", optional=True),
        integer("version"),
    ),
    references=(Reference(("parent_id",), "nodes"), Reference(("category_id",), "categories", on_delete="set_null")),
    indexes=(
        ("tenant_id", "kind", "status"),
        ("parent_id",),
        ("author_id",),
        ("category_id",),
        ("tenant_id", "kind", "published_at"),
    ),
)
TRANSLATIONS: Final = Table(
    "node_translations",
    (
        uuid("id"),
        uuid("tenant_id"),
        uuid("node_id"),
        text("locale", LOCALE_LENGTH),
        text("title", 255, optional=True),
        text("slug", 255, optional=True),
        text("excerpt", optional=True),
        moment("created_at"),
        moment("updated_at"),
    ),
    unique=(("node_id", "locale"),),
    references=(OF_NODE,),
    indexes=(("locale", "slug"),),
)
BODIES: Final = Table(
    "bodies",
    (
        uuid("id"),
        uuid("tenant_id"),
        uuid("node_id"),
        text("locale", LOCALE_LENGTH),
        text("body", optional=True),
        text("format", 16),
        moment("updated_at"),
    ),
    unique=(("node_id", "locale"),),
    references=(OF_NODE,),
)


@cache
def tables(settings: ContentSettings) -> tuple[Table, ...]:
    """The tables with the rules that these settings ask for; statements name them by the constants above."""
    translations = TRANSLATIONS
    if settings.slugs == "unique":
        translations = replace(translations, unique=(*translations.unique, SLUG_RULE))
    made = (CATEGORIES, CATEGORY_TRANSLATIONS, NODES, translations, BODIES)
    return tuple(map(_widened, made)) if settings.rules == "checked" else made


def _widened(table: Table) -> Table:
    return replace(table, columns=tuple(map(_wider, table.columns)))


def _wider(column: Column) -> Column:
    return replace(column, length=LOCALE_LENGTH_CHECKED) if column.name == "locale" else column
