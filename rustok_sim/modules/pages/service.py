"""Pages as one: their three services."""

from rustok_sim.core.content import Nodes
from rustok_sim.modules.pages.blocks import BlockService
from rustok_sim.modules.pages.menus import MenuService
from rustok_sim.modules.pages.pages import PageService
from rustok_sim.modules.pages.permissions import for_managers
from rustok_sim.modules.pages.settings import PagesSettings


class Pages:
    """Opens the services of a design on the nodes it is handed."""

    __slots__ = ("blocks", "menus", "pages")

    def __init__(self, nodes: Nodes, settings: PagesSettings) -> None:
        permitted = nodes if settings.design == "as_built" else nodes.under(for_managers)
        self.blocks = BlockService(permitted, settings)
        self.menus = MenuService(permitted, settings)
        self.pages = PageService(permitted, self.blocks, settings)
