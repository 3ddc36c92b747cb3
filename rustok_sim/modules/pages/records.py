"""What pages are told to write, and what they tell."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from rustok_sim.core.content import Body, ListedNode, Metadata, Node, NodeHead, Status, Translation

PAGE: Final = "page"
BLOCK: Final = "block"
MENU: Final = "menu"
MENU_ITEM: Final = "menu_item"
TEMPLATE: Final = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBlock:
    """A piece of a page; what it shows lies in *data*."""

    block_type: str
    position: int = 0
    data: Metadata = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPage:
    """A page with its blocks."""

    translations: Sequence[Translation]
    body: Body | None = None
    template: str = TEMPLATE
    publish: bool = False
    blocks: Sequence[NewBlock] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMenuItem:
    """A line of a menu."""

    title: str
    url: str = "/"
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMenu:
    """A menu and where it stands."""

    name: str
    location: str = "header"
    items: Sequence[NewMenuItem] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A block as a page shows it."""

    id: str
    block_type: str
    position: int
    data: Any


@dataclass(frozen=True, slots=True)
class Page:
    """A page with its blocks, in order of their positions."""

    node: Node
    template: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPage:
    """A page as a list shows it."""

    id: str
    status: Status
    template: str
    title: str | None
    slug: str | None


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A line of a menu."""

    id: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu with its lines, in order of their positions."""

    id: str
    name: str
    location: str
    items: tuple[MenuItem, ...]


def block_of(node: NodeHead) -> Block:
    """The block that a node is."""
    said = node.metadata
    return Block(node.id, str(said.get("block_type", "")), node.position, said.get("data", {}))


def template_of(node: NodeHead) -> str:
    """The template that a page is shown by."""
    return str(node.metadata.get("template", TEMPLATE))


def listed_of(node: NodeHead, named: ListedNode) -> ListedPage:
    """The page that a node is, under the name that the list has for it."""
    return ListedPage(id=node.id, status=node.status, template=template_of(node), title=named.title, slug=named.slug)
