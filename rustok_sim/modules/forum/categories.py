"""RusToK's CategoryService of the forum."""

from typing import Final

from rustok_sim.core.content import ListedNode, NewNode, NodeFilter, NodeHead, Nodes, Translation
from rustok_sim.core.context import Context
from rustok_sim.core.ports import Steps
from rustok_sim.modules.forum.errors import CategoryNotFound
from rustok_sim.modules.forum.records import CATEGORY, Category, NewCategory
from rustok_sim.modules.forum.settings import ForumSettings

LIST_MAX: Final = 1_000


class CategoryService:
    """Categories are nodes; none of their own code counts what is under them."""

    __slots__ = ("_nodes", "_settings")

    def __init__(self, nodes: Nodes, settings: ForumSettings) -> None:
        self._nodes = nodes
        self._settings = settings

    def create(self, context: Context, new: NewCategory) -> Steps[Category]:
        """Write a category, published at once. Raises ``Forbidden``, ``Validation``."""
        node = yield from self._nodes.create(context, category_node(new))
        return _category_of(node, node.translation(new.locale))

    def get(self, context: Context, category_id: str) -> Steps[Category]:
        """A category. Raises ``CategoryNotFound``."""
        node = yield from self._nodes.get(context, category_id)
        if node.kind != CATEGORY:
            raise CategoryNotFound(f"node {category_id} is a {node.kind}")
        return _category_of(node, node.translation(context.locale))

    def list(self, context: Context, *, page: int = 1, per_page: int = 20) -> Steps[list[Category]]:
        """The tenant's categories. Raises ``Forbidden``.

        As built, the first 1,000 in one go, whatever page is asked for, and none of them says it is moderated (F6).
        """
        as_built = self._settings.design == "as_built"
        page, per_page = (1, LIST_MAX) if as_built else (page, per_page)
        wanted = NodeFilter(kind=CATEGORY, locale=context.locale, page=page, per_page=per_page)
        found = yield from self._nodes.page(context, wanted)
        return [_category_of(node, node, faked=as_built) for node in found.nodes]


def category_node(new: NewCategory) -> NewNode:
    """The node that a category is written as; it gets no author."""
    named = Translation(locale=new.locale, title=new.name, slug=new.slug, excerpt=new.description)
    return NewNode(
        kind=CATEGORY,
        status="published",
        position=new.position,
        metadata={"moderated": new.moderated, "topic_count": 0, "reply_count": 0},
        translations=(named,),
    )


def _category_of(node: NodeHead, named: Translation | ListedNode | None, *, faked: bool = False) -> Category:
    name, slug = ("", "") if named is None else (named.title or "", named.slug or "")
    moderated = not faked and bool(node.metadata.get("moderated", False))
    return Category(id=node.id, name=name, slug=slug, moderated=moderated)
