"""What pages refuse with."""

from rustok_sim.core.errors import NotFound


class PageNotFound(NotFound):
    """There is a node, and it is no page."""

    code = "page_not_found"


class MenuNotFound(NotFound):
    """There is a node, and it is no menu."""

    code = "menu_not_found"
