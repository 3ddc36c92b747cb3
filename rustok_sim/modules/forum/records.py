"""What the forum is told to write, and what it tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from rustok_sim.core.content import NodeHead
from rustok_sim.core.data import Row

CATEGORY: Final = "forum_category"
TOPIC: Final = "forum_topic"
REPLY: Final = "forum_reply"

ReplyStatus: TypeAlias = Literal["pending", "approved", "rejected", "hidden"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCategory:
    """A category; in a moderated one, replies are to wait for a moderator."""

    name: str
    slug: str
    locale: str = "en"
    description: str | None = None
    position: int = 0
    moderated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTopic:
    """A topic and its first words."""

    category_id: str
    title: str
    body: str
    locale: str = "en"
    tags: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReply:
    """A reply to a topic."""

    topic_id: str
    content: str
    locale: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category as a list shows it."""

    id: str
    name: str
    slug: str
    moderated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic; *status* is open, closed or archived, and a lock stands beside it."""

    id: str
    category_id: str | None
    title: str
    status: str
    is_pinned: bool
    is_locked: bool
    reply_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A reply; in a list, *content* is its beginning."""

    id: str
    topic_id: str | None
    content: str
    status: str


def topic_of(node: NodeHead, title: str) -> Topic:
    """The topic that a node is."""
    flags = flags_of(node)
    return Topic(
        id=node.id,
        category_id=node.parent_id,
        title=title,
        status=str(flags["forum_status"]),
        is_pinned=bool(flags["is_pinned"]),
        is_locked=bool(flags["is_locked"]),
        reply_count=int(flags["reply_count"] or 0),
    )


def flags_of(node: NodeHead) -> Row:
    """What the metadata says of a topic's state; with RusToK's values for what it does not say."""
    said = node.metadata
    return {
        "id": node.id,
        "forum_status": said.get("forum_status", "open"),
        "is_pinned": said.get("is_pinned", False),
        "is_locked": said.get("is_locked", False),
        "reply_count": said.get("reply_count", 0),
    }


def status_of(node: NodeHead) -> str:
    """A reply's status; approved where the metadata does not say."""
    return str(node.metadata.get("reply_status", "approved"))
