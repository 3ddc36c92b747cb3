"""Nodes as values: what may be written, what may be changed, and what is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, Literal, TypeAlias

Status: TypeAlias = Literal["draft", "published", "archived"]
Metadata: TypeAlias = Mapping[str, Any]
"""A JSON object that belongs to the node's kind."""


class Keep(Enum):
    """The one value that leaves a column as it is where ``None`` would clear it."""

    KEEP = "keep"


KEEP: Final = Keep.KEEP


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """What a node is called in one language; without *slug*, one is made of the title."""

    locale: str
    title: str | None = None
    slug: str | None = None
    excerpt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A node's text in one language; ``None`` keeps the text that is there and changes its format alone."""

    locale: str
    body: str | None = None
    format: str = "markdown"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNode:
    """A node to be written; who may only write their own become its author, whatever it says."""

    kind: str
    translations: Sequence[Translation]
    bodies: Sequence[Body] = ()
    status: Status = "draft"
    parent_id: str | None = None
    author_id: str | None = None
    category_id: str | None = None
    position: int = 0
    depth: int = 0
    metadata: Metadata = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeChanges:
    """What to change; all else stays. Translations and bodies are named whole: none of them is changed in part."""

    status: Status | None = None
    parent_id: str | Keep | None = KEEP
    author_id: str | Keep | None = KEEP
    category_id: str | Keep | None = KEEP
    position: int | None = None
    depth: int | None = None
    reply_count: int | None = None
    metadata: Metadata | None = None
    translations: Sequence[Translation] | None = None
    bodies: Sequence[Body] | None = None
    expected_version: int | None = None
    """Refuse unless the node is still at this version, under every design."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeHead:
    """A node without its texts."""

    id: str
    tenant_id: str
    kind: str
    status: Status
    parent_id: str | None
    author_id: str | None
    category_id: str | None
    position: int
    depth: int
    reply_count: int
    metadata: Metadata
    created_at: float
    updated_at: float
    published_at: float | None
    version: int
    """Counts the writes, from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node(NodeHead):
    """A node as a whole."""

    translations: tuple[Translation, ...]
    bodies: tuple[Body, ...]

    def translation(self, locale: str) -> Translation | None:
        """The one in this language, else the first there is."""
        return next((one for one in self.translations if one.locale == locale), next(iter(self.translations), None))

    def title(self, locale: str) -> str:
        """What it is called in this language, or in the first there is; empty where it is not called anything."""
        translation = self.translation(locale)
        return "" if translation is None else translation.title or ""

    def text(self, locale: str) -> str:
        """What it says in this language, or in the first there is; empty where it says nothing."""
        body = next((one for one in self.bodies if one.locale == locale), next(iter(self.bodies), None))
        return "" if body is None else body.body or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedNode(NodeHead):
    """A node as a list shows it, in one language; nothing of it where there is no translation into that."""

    title: str | None
    slug: str | None
    excerpt: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeFilter:
    """Which nodes a list shows, and which page of them; pages count from 1, and have no upper bound in size."""

    kind: str | None = None
    status: Status | None = None
    parent_id: str | None = None
    author_id: str | None = None
    locale: str = "en"
    page: int = 1
    per_page: int = 20


@dataclass(frozen=True, slots=True)
class NodePage:
    """One page of a list, of *total* nodes in all."""

    nodes: tuple[ListedNode, ...]
    total: int
