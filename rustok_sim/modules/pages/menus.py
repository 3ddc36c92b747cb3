"""RusToK's MenuService."""

from typing import Final

from rustok_sim.core.content import NewNode, NodeFilter, Nodes, Translation
from rustok_sim.core.context import Context
from rustok_sim.core.ports import Steps
from rustok_sim.modules.pages.errors import MenuNotFound
from rustok_sim.modules.pages.records import MENU, MENU_ITEM, Menu, MenuItem, NewMenu, NewMenuItem
from rustok_sim.modules.pages.settings import PagesSettings

LOCALE_AS_BUILT: Final = "default"
"""Seven characters, for a column of five (P2)."""
LIST_MAX: Final = 100


class MenuService:
    """Menus and their lines are nodes; a menu shows at most 100 lines."""

    __slots__ = ("_nodes", "_settings")

    def __init__(self, nodes: Nodes, settings: PagesSettings) -> None:
        self._nodes = nodes
        self._settings = settings

    def create(self, context: Context, new: NewMenu) -> Steps[Menu]:
        """Write a menu and its lines.

        As built, each in a transaction of its own, the first of which raises ``ValueTooLong`` for its language (P2),
        or ``Validation`` where content's rules are checked. Repaired, in one, in the context's language. Raises
        ``Forbidden``.
        """
        if self._settings.design == "as_built":
            menu_id = (yield from self._nodes.create(context, _menu_node(context, new, LOCALE_AS_BUILT))).id
            for item in new.items:
                yield from self._nodes.create(context, _item_node(context, menu_id, item, LOCALE_AS_BUILT))
        else:
            with (yield from self._nodes.begin(context)) as work:
                menu_id = yield from work.create(_menu_node(context, new, context.locale))
                for item in new.items:
                    yield from work.create(_item_node(context, menu_id, item, context.locale))
                yield from work.commit()
        return (yield from self.get(context, menu_id))

    def get(self, context: Context, menu_id: str) -> Steps[Menu]:
        """A menu with its lines. Raises ``MenuNotFound``, ``Forbidden``."""
        node = yield from self._nodes.get(context, menu_id)
        if node.kind != MENU:
            raise MenuNotFound(f"node {menu_id} is a {node.kind}")
        wanted = NodeFilter(kind=MENU_ITEM, parent_id=menu_id, locale=context.locale, per_page=LIST_MAX)
        items = sorted((yield from self._nodes.page(context, wanted)).nodes, key=lambda item: (item.position, item.id))
        lines = tuple(MenuItem(item.id, item.title or "", str(item.metadata.get("url", "#"))) for item in items)
        return Menu(node.id, node.title(context.locale), str(node.metadata.get("location", "header")), lines)


def _menu_node(context: Context, new: NewMenu, locale: str) -> NewNode:
    return NewNode(
        kind=MENU,
        status="published",
        author_id=context.actor.user_id,
        metadata={"location": new.location},
        translations=(Translation(locale=locale, title=new.name),),
    )


def _item_node(context: Context, menu_id: str, new: NewMenuItem, locale: str) -> NewNode:
    return NewNode(
        kind=MENU_ITEM,
        status="published",
        parent_id=menu_id,
        author_id=context.actor.user_id,
        position=new.position,
        metadata={"menu_id": menu_id, "url": new.url},
        translations=(Translation(locale=locale, title=new.title),),
    )
