"""RusToK's BlockService."""

from typing import Final

from rustok_sim.core.content import NewNode, NodeFilter, NodeHead, Nodes, Translation
from rustok_sim.core.context import Context
from rustok_sim.core.ports import Steps
from rustok_sim.modules.pages.records import BLOCK, Block, NewBlock, block_of
from rustok_sim.modules.pages.settings import PagesSettings

LIST_MAX: Final = 100


class BlockService:
    """Blocks are nodes under the node of their page, of which a page shows at most 100."""

    __slots__ = ("_nodes", "_settings")

    def __init__(self, nodes: Nodes, settings: PagesSettings) -> None:
        self._nodes = nodes
        self._settings = settings

    def create(self, context: Context, page_id: str, new: NewBlock) -> Steps[Block]:
        """Add a block to a page. As built it has no translation, so this raises ``Validation``, always (P1, D25)."""
        locale = context.locale if self._settings.one_transaction else None
        node = yield from self._nodes.create(context, block_node(page_id, new, locale=locale))
        return block_of(node)

    def of_page(self, context: Context, page_id: str) -> Steps[tuple[Block, ...]]:
        """A page's blocks, in order of their positions; as built, each is got as a whole. Raises ``Forbidden``."""
        wanted = NodeFilter(kind=BLOCK, parent_id=page_id, locale=context.locale, per_page=LIST_MAX)
        nodes: list[NodeHead] = []
        for node in (yield from self._nodes.page(context, wanted)).nodes:
            repaired = self._settings.design == "repaired"
            nodes.append(node if repaired else (yield from self._nodes.get(context, node.id)))
        return tuple(block_of(node) for node in sorted(nodes, key=_position))

    def delete(self, context: Context, block_id: str) -> Steps[None]:
        """Remove a block. Raises ``Forbidden``."""
        return self._nodes.delete(context, block_id)

    def delete_of_page(self, context: Context, page_id: str) -> Steps[None]:
        """Remove a page's blocks, each in a transaction of its own. Raises ``Forbidden``."""
        for block in (yield from self.of_page(context, page_id)):
            yield from self.delete(context, block.id)


def block_node(page_id: str, new: NewBlock, *, locale: str | None) -> NewNode:
    """The node that a block is written as; with *locale* it is named after its type, as no node is without a name."""
    named = () if locale is None else (Translation(locale=locale, title=new.block_type),)
    return NewNode(
        kind=BLOCK,
        status="published",
        parent_id=page_id,
        position=new.position,
        metadata={"block_type": new.block_type, "data": new.data},
        translations=named,
    )


def _position(node: NodeHead) -> tuple[int, str]:
    return node.position, node.id
