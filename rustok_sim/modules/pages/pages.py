"""RusToK's PageService."""

from rustok_sim.core.content import NewNode, NodeFilter, Nodes, NodeWork
from rustok_sim.core.context import Context
from rustok_sim.core.ports import Steps
from rustok_sim.modules.pages.blocks import BlockService, block_node
from rustok_sim.modules.pages.errors import PageNotFound
from rustok_sim.modules.pages.records import BLOCK, PAGE, ListedPage, NewPage, Page, listed_of, template_of
from rustok_sim.modules.pages.settings import PagesSettings


class PageService:
    """Pages are nodes, with their blocks as nodes under them."""

    __slots__ = ("_blocks", "_nodes", "_settings")

    def __init__(self, nodes: Nodes, blocks: BlockService, settings: PagesSettings) -> None:
        self._nodes = nodes
        self._blocks = blocks
        self._settings = settings

    def create(self, context: Context, new: NewPage) -> Steps[Page]:
        """Write a page and its blocks. Raises ``Forbidden``, ``Validation``.

        As built, the page lasts before its first block is tried, which raises ``Validation`` (D19, D25).
        """
        if self._settings.one_transaction:
            with (yield from self._nodes.begin(context)) as work:
                page_id = yield from self._write(work, context, new)
                yield from work.commit()
        else:
            page_id = (yield from self._nodes.create(context, _node_of(context, new))).id
            for block in new.blocks:
                yield from self._blocks.create(context, page_id, block)
        return (yield from self.get(context, page_id))

    def get(self, context: Context, page_id: str) -> Steps[Page]:
        """A page with its blocks. Raises ``PageNotFound``; ``Forbidden`` to whom may not list blocks."""
        node = yield from self._nodes.get(context, page_id)
        if node.kind != PAGE:
            raise PageNotFound(f"node {page_id} is a {node.kind}")
        return Page(node, template_of(node), (yield from self._blocks.of_page(context, page_id)))

    def get_by_slug(self, context: Context, slug: str) -> Steps[Page]:
        """The published page with this slug in the context's language. Raises ``PageNotFound``."""
        node = yield from self._nodes.get_by_slug(context, PAGE, slug)
        if node is None or node.status != "published":
            raise PageNotFound(f"no page {slug}")
        return Page(node, template_of(node), (yield from self._blocks.of_page(context, node.id)))

    def list(self, context: Context, *, page: int = 1, per_page: int = 20) -> Steps[list[ListedPage]]:
        """One page of the tenant's pages. As built, each is then got as a whole for its template (P5).

        Raises ``Forbidden``, and as built ``NotFound`` for one that is deleted meanwhile.
        """
        wanted = NodeFilter(kind=PAGE, locale=context.locale, page=page, per_page=per_page)
        found = (yield from self._nodes.page(context, wanted)).nodes
        if self._settings.design == "repaired":
            return [listed_of(node, node) for node in found]
        listed = []
        for node in found:
            whole = yield from self._nodes.get(context, node.id)
            listed.append(listed_of(whole, node))
        return listed

    def publish(self, context: Context, page_id: str) -> Steps[Page]:
        """Show a page to readers, then get it. Raises ``Forbidden``, ``PageNotFound``."""
        yield from self._nodes.publish(context, page_id)
        return (yield from self.get(context, page_id))

    def unpublish(self, context: Context, page_id: str) -> Steps[Page]:
        """Make a page a draft again, then get it. Raises ``Forbidden``, ``PageNotFound``."""
        yield from self._nodes.unpublish(context, page_id)
        return (yield from self.get(context, page_id))

    def delete(self, context: Context, page_id: str) -> Steps[None]:
        """Remove a page and its blocks: as built one by one, each for good at once (P3); repaired, all or nothing.

        Raises ``Forbidden``, and repaired ``PageNotFound``.
        """
        if self._settings.design == "as_built":
            yield from self._blocks.delete_of_page(context, page_id)
            yield from self._nodes.delete(context, page_id)
            return
        with (yield from self._nodes.begin(context)) as work:
            node = yield from work.hold(page_id)
            if node.kind != PAGE:
                raise PageNotFound(f"node {page_id} is a {node.kind}")
            for block in (yield from work.children(page_id, BLOCK)):
                yield from work.delete(block)
            yield from work.delete(node)
            yield from work.commit()

    def _write(self, work: NodeWork, context: Context, new: NewPage) -> Steps[str]:
        page_id = yield from work.create(_node_of(context, new))
        for block in new.blocks:
            yield from work.create(block_node(page_id, block, locale=context.locale))
        return page_id


def _node_of(context: Context, new: NewPage) -> NewNode:
    return NewNode(
        kind=PAGE,
        status="published" if new.publish else "draft",
        author_id=context.actor.user_id,
        metadata={"template": new.template},
        translations=new.translations,
        bodies=() if new.body is None else (new.body,),
    )
