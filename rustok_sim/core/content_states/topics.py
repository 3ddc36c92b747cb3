"""A forum topic's life, repaired: open, locked, closed, archived.

RusToK keeps a status and a lock side by side, has no code that moves the status, and never asks for either when a
reply comes (F2). Here only an open topic has a reply, so nobody can forget to ask.
"""

from dataclasses import InitVar, dataclass
from typing import Final, TypeAlias, assert_never

from rustok_sim.core.data import Row
from rustok_sim.core.lifecycle import Seal, UnknownStatus

_SEAL: Final = Seal("topic")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Topic:
    id: str
    pinned: bool
    reply_count: int
    seal: InitVar[Seal]

    def __post_init__(self, seal: Seal) -> None:
        _SEAL.check(seal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Open(_Topic):
    """Takes replies."""

    @classmethod
    def start(cls, topic_id: str) -> "Open":
        """A new topic."""
        return cls(id=topic_id, pinned=False, reply_count=0, seal=_SEAL)

    def reply(self) -> "Open":
        """Count one more reply."""
        return Open(id=self.id, pinned=self.pinned, reply_count=self.reply_count + 1, seal=_SEAL)

    def pin(self) -> "Open":
        """Keep it on top of the list."""
        return Open(id=self.id, pinned=True, reply_count=self.reply_count, seal=_SEAL)

    def unpin(self) -> "Open":
        """Let it find its place in the list."""
        return Open(id=self.id, pinned=False, reply_count=self.reply_count, seal=_SEAL)

    def lock(self) -> "Locked":
        """Take no replies for a while."""
        return Locked(id=self.id, pinned=self.pinned, reply_count=self.reply_count, seal=_SEAL)

    def close(self) -> "Closed":
        """Take no more replies."""
        return Closed(id=self.id, pinned=self.pinned, reply_count=self.reply_count, seal=_SEAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked(_Topic):
    """Takes no replies until a moderator unlocks it."""

    def unlock(self) -> Open:
        """Take replies again."""
        return Open(id=self.id, pinned=self.pinned, reply_count=self.reply_count, seal=_SEAL)

    def pin(self) -> "Locked":
        """Keep it on top of the list."""
        return Locked(id=self.id, pinned=True, reply_count=self.reply_count, seal=_SEAL)

    def unpin(self) -> "Locked":
        """Let it find its place in the list."""
        return Locked(id=self.id, pinned=False, reply_count=self.reply_count, seal=_SEAL)

    def close(self) -> "Closed":
        """Take no more replies."""
        return Closed(id=self.id, pinned=self.pinned, reply_count=self.reply_count, seal=_SEAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(_Topic):
    """Done with: readable, and takes no replies."""

    def reopen(self) -> Open:
        """Take replies again."""
        return Open(id=self.id, pinned=self.pinned, reply_count=self.reply_count, seal=_SEAL)

    def archive(self) -> "Archived":
        """Take it off the list."""
        return Archived(id=self.id, pinned=False, reply_count=self.reply_count, seal=_SEAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived(_Topic):
    """Kept, and off the list for good."""


Topic: TypeAlias = Open | Locked | Closed | Archived
"""A topic in any of its states."""


def restore(row: Row) -> Topic:
    """The topic that ``id``, ``forum_status``, ``is_pinned``, ``is_locked`` and ``reply_count`` tell of.

    The lock of a topic that is not open means nothing. Raises ``UnknownStatus``.
    """
    topic_id, pinned, replies = str(row["id"]), bool(row["is_pinned"]), int(row["reply_count"] or 0)
    match row["forum_status"], bool(row["is_locked"]):
        case "open", False:
            return Open(id=topic_id, pinned=pinned, reply_count=replies, seal=_SEAL)
        case "open", True:
            return Locked(id=topic_id, pinned=pinned, reply_count=replies, seal=_SEAL)
        case "closed", _:
            return Closed(id=topic_id, pinned=pinned, reply_count=replies, seal=_SEAL)
        case "archived", _:
            return Archived(id=topic_id, pinned=pinned, reply_count=replies, seal=_SEAL)
    raise UnknownStatus(f"topic {topic_id}: {row['forum_status']}")


def columns_of(topic: Topic) -> Row:
    """What RusToK keeps of it in the node's metadata."""
    return {
        "forum_status": _status_of(topic),
        "is_locked": isinstance(topic, Locked),
        "is_pinned": topic.pinned,
        "reply_count": topic.reply_count,
    }


def _status_of(topic: Topic) -> str:
    match topic:
        case Open() | Locked():
            return "open"
        case Closed():
            return "closed"
        case Archived():
            return "archived"
    assert_never(topic)
