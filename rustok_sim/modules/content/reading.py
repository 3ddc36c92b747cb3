"""Reading nodes, outside any transaction: each read is a statement of its own."""

from typing import Final

from rustok_sim.core.auth import Action, Scope
from rustok_sim.core.content import ListedNode, Node, NodeFilter, NodeHead, NodePage
from rustok_sim.core.context import Context
from rustok_sim.core.data import Condition, Row, Select, Store, Table, Where, col, same
from rustok_sim.core.ports import Steps
from rustok_sim.modules.content.errors import NodeNotFound
from rustok_sim.modules.content.permissions import Guard
from rustok_sim.modules.content.rows import head_of, listed_of, whole_of
from rustok_sim.modules.content.settings import ContentSettings
from rustok_sim.modules.content.tables import BODIES, NODES, TRANSLATIONS

ID: Final = col("id")
NODE_ID: Final = col("node_id")
LOCALE: Final = col("locale")


class NodeReader:
    """Reads by id across tenants as built, and within the tenant if scoped; by slug and in lists always within it."""

    __slots__ = ("_store", "_wide")

    def __init__(self, store: Store, settings: ContentSettings) -> None:
        self._store = store
        self._wide = settings.isolation_of_tenants == "as_built"

    def head(self, context: Context, node_id: str) -> Steps[NodeHead]:
        """The node without its texts, in one read. Raises ``NodeNotFound``."""
        rows = yield from self._rows(context, NODES, (ID.equals(node_id),))
        if not rows:
            raise NodeNotFound(f"no node {node_id}")
        return head_of(rows[0])

    def with_texts(self, context: Context, head: NodeHead) -> Steps[Node]:
        """The node as a whole, in two more reads."""
        of_node = (NODE_ID.equals(head.id),)
        translations = yield from self._rows(context, TRANSLATIONS, of_node)
        bodies = yield from self._rows(context, BODIES, of_node)
        return whole_of(head, translations, bodies)

    def by_slug(self, context: Context, kind: str, slug: str) -> Steps[Node | None]:
        """The node in up to four reads; of several with this slug, the one whose id is least."""
        call, tenant_id = context.call, context.tenant_id
        named = same(locale=context.locale, slug=slug)
        rows = yield from self._store.select(call, tenant_id, TRANSLATIONS, named, label="node_translations.by_slug")
        where = (ID.is_in([row["node_id"] for row in rows]), *same(kind=kind))
        found = yield from self._store.first(call, tenant_id, NODES, where)
        if found is None:
            return None
        return (yield from self.with_texts(context, head_of(found)))

    def page(self, context: Context, guard: Guard, wanted: NodeFilter) -> Steps[NodePage]:
        """A page in three reads: the count, the nodes, their names in one language. Raises ``Forbidden``.

        A list of all kinds needs the permission for posts.
        """
        call, tenant_id = context.call, context.tenant_id
        scope = guard.scope(context.actor, wanted.kind or "post", Action.LIST)
        author_id = context.actor.user_id if scope is Scope.OWN else wanted.author_id
        where = _conditions(wanted, author_id)
        counted = yield from self._store.run(call, tenant_id, Select(NODES, where, counting=True, label="nodes.count"))
        offset = max(0, wanted.page - 1) * wanted.per_page
        rows = yield from self._store.select(call, tenant_id, NODES, where, limit=wanted.per_page, offset=offset)
        names = (NODE_ID.is_in([row["id"] for row in rows]), LOCALE.equals(wanted.locale))
        translations = yield from self._store.select(call, tenant_id, TRANSLATIONS, names)
        return NodePage(_listed(rows, translations), counted.count)

    def _rows(self, context: Context, table: Table, where: Where) -> Steps[list[Row]]:
        if self._wide:
            return self._store.select_across_tenants(context.call, table, where, defect="D1")
        return self._store.select(context.call, context.tenant_id, table, where)


def _conditions(wanted: NodeFilter, author_id: str | None) -> list[Condition]:
    named = (
        ("kind", wanted.kind),
        ("status", wanted.status),
        ("parent_id", wanted.parent_id),
        ("author_id", author_id),
    )
    return [col(name).equals(value) for name, value in named if value is not None]


def _listed(rows: list[Row], translations: list[Row]) -> tuple[ListedNode, ...]:
    names = {row["node_id"]: row for row in translations}
    return tuple(listed_of(row, names.get(row["id"])) for row in rows)
