"""Pages, their blocks, and menus: nodes of four kinds.

It is handed the nodes it works on (``core.content.Nodes``) and knows no table. As built, blocks and menus go by the
permissions for posts, as all kinds without a resource of their own do.
"""

from rustok_sim.modules.pages.errors import MenuNotFound, PageNotFound
from rustok_sim.modules.pages.records import (
    Block,
    ListedPage,
    Menu,
    MenuItem,
    NewBlock,
    NewMenu,
    NewMenuItem,
    NewPage,
    Page,
)
from rustok_sim.modules.pages.service import Pages
from rustok_sim.modules.pages.settings import PagesSettings

__all__ = [
    "Block",
    "ListedPage",
    "Menu",
    "MenuItem",
    "MenuNotFound",
    "NewBlock",
    "NewMenu",
    "NewMenuItem",
    "NewPage",
    "Page",
    "PageNotFound",
    "Pages",
    "PagesSettings",
]
