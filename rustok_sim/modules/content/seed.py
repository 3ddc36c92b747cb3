"""Nodes that exist before a run, as rows: the same for the same tenant and number, so that pickers know their ids."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from rustok_sim.core.content import Body, NewNode, Status, Translation
from rustok_sim.core.data import Row, Table
from rustok_sim.core.ids import named_id
from rustok_sim.modules.content.rows import body_row, node_row, translation_row
from rustok_sim.modules.content.slugs import slugify
from rustok_sim.modules.content.tables import BODIES, NODES, TRANSLATIONS

Seed: TypeAlias = list[tuple[Table, list[Row]]]
"""Rows by table, in an order in which no row names one that is not there yet."""


def made_up_nodes(
    tenant_id: str,
    count: int,
    *,
    kind: str = "post",
    status: Status = "published",
    locale: str = "en",
    author_id: str | None = None,
    first: int = 0,
) -> Iterator[tuple[str, NewNode]]:
    """Nodes of one tenant, numbered from *first* on, with their ids: ``named_id("node", tenant_id, number)``."""
    for number in range(first, first + count):
        title = f"{kind} {number}"
        new = NewNode(
            kind=kind,
            translations=(Translation(locale=locale, title=title, slug=slugify(title), excerpt=f"About {title}"),),
            bodies=(Body(locale=locale, body=f"All there is to say about {title}."),),
            status=status,
            author_id=author_id,
        )
        yield named_id("node", tenant_id, number), new


def rows_of(tenant_id: str, nodes: Iterable[tuple[str, NewNode]], *, at_s: float = 0.0) -> Seed:
    """The rows of these nodes, written at *at_s*; a parent comes before what stands under it."""
    seed: Seed = [(NODES, []), (TRANSLATIONS, []), (BODIES, [])]
    (_, node_rows), (_, translation_rows), (_, body_rows) = seed
    of_tenant: Row = {"tenant_id": tenant_id}
    for node_id, new in nodes:
        published_at = at_s if new.status == "published" else None
        row = node_row(node_id, new, author_id=new.author_id, at_s=at_s)
        node_rows.append(row | of_tenant | {"status": new.status, "published_at": published_at})
        for text in new.translations:
            slug = slugify(text.title or "") if text.slug is None else text.slug
            row_id = named_id("node_translation", node_id, text.locale)
            translation_rows.append(translation_row(row_id, node_id, text, slug=slug, at_s=at_s) | of_tenant)
        for body in new.bodies:
            row_id = named_id("body", node_id, body.locale)
            body_rows.append(body_row(row_id, node_id, body, at_s=at_s) | of_tenant)
    return seed
