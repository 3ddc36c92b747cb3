"""A content node's life as RusToK's typed machine has it, which none of RusToK's services uses.

Draft, published, archived. There is no way from published back to draft but through the archive, none from draft
into the archive, and no delete.
"""

from dataclasses import InitVar, dataclass
from typing import Final, TypeAlias, assert_never

from rustok_sim.core.data import Row
from rustok_sim.core.lifecycle import Seal, UnknownStatus

_SEAL: Final = Seal("node")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    id: str
    updated_at_s: float
    seal: InitVar[Seal]

    def __post_init__(self, seal: Seal) -> None:
        _SEAL.check(seal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(_Node):
    """Being written."""

    created_at_s: float

    @classmethod
    def create(cls, node_id: str, *, at_s: float) -> "Draft":
        """A new node."""
        return cls(id=node_id, created_at_s=at_s, updated_at_s=at_s, seal=_SEAL)

    def update(self, *, at_s: float) -> "Draft":
        """Change what it says."""
        return Draft(id=self.id, created_at_s=self.created_at_s, updated_at_s=at_s, seal=_SEAL)

    def publish(self, *, at_s: float) -> "Published":
        """Show it."""
        return Published(id=self.id, published_at_s=at_s, updated_at_s=at_s, seal=_SEAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published(_Node):
    """Shown to readers."""

    published_at_s: float

    def update(self, *, at_s: float) -> "Published":
        """Change what it says; it stays published."""
        return Published(id=self.id, published_at_s=self.published_at_s, updated_at_s=at_s, seal=_SEAL)

    def archive(self, *, reason: str, at_s: float) -> "Archived":
        """Hide it, for a reason."""
        return Archived(id=self.id, archived_at_s=at_s, reason=reason, updated_at_s=at_s, seal=_SEAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived(_Node):
    """Hidden for good, or until it is made a draft again."""

    archived_at_s: float
    reason: str

    def restore(self, *, at_s: float) -> Draft:
        """Make it a draft again, as if it were created now."""
        return Draft.create(self.id, at_s=at_s)


Node: TypeAlias = Draft | Published | Archived
"""A node in any of its states."""


def restore(row: Row) -> Node:
    """The node that a row of ``nodes`` tells of. Raises ``UnknownStatus``.

    The table has no column for the archive: there, ``updated_at`` says when, and why is not known.
    """
    node_id, updated_at_s = str(row["id"]), float(row["updated_at"] or 0.0)
    match row["status"]:
        case "draft":
            created_at_s = float(row["created_at"] or 0.0)
            return Draft(id=node_id, created_at_s=created_at_s, updated_at_s=updated_at_s, seal=_SEAL)
        case "published":
            published_at_s = float(row["published_at"] or 0.0)
            return Published(id=node_id, published_at_s=published_at_s, updated_at_s=updated_at_s, seal=_SEAL)
        case "archived":
            return Archived(id=node_id, archived_at_s=updated_at_s, reason="", updated_at_s=updated_at_s, seal=_SEAL)
    raise UnknownStatus(f"node {node_id}: {row['status']}")


def columns_of(node: Node) -> Row:
    """The columns of its row that the state decides; a column that is not named keeps its value."""
    match node:
        case Draft():
            return {"status": "draft", "published_at": None, "updated_at": node.updated_at_s}
        case Published():
            published_at_s = node.published_at_s
            return {"status": "published", "published_at": published_at_s, "updated_at": node.updated_at_s}
        case Archived():
            return {"status": "archived", "updated_at": node.updated_at_s}
    assert_never(node)
