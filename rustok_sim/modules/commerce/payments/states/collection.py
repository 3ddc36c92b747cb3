"""What an order owes: pending, authorized, captured; cancelled before the money is captured."""

from dataclasses import InitVar, dataclass
from typing import Final, TypeAlias

from rustok_sim.core.data import Row
from rustok_sim.core.lifecycle import Seal, UnknownStatus

_SEAL: Final = Seal("payment collection")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Collection:
    id: str
    seal: InitVar[Seal]

    def __post_init__(self, seal: Seal) -> None:
        _SEAL.check(seal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending(_Collection):
    """Owed."""

    @classmethod
    def open(cls, collection_id: str) -> "Pending":
        """A new debt."""
        return cls(id=collection_id, seal=_SEAL)

    def authorize(self, *, at_s: float) -> "Authorized":
        """The provider keeps the money ready."""
        return Authorized(id=self.id, authorized_at_s=at_s, seal=_SEAL)

    def cancel(self, *, at_s: float) -> "Cancelled":
        """Owed no more."""
        return Cancelled(id=self.id, cancelled_at_s=at_s, seal=_SEAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorized(_Collection):
    """The provider keeps the money ready, and has not taken it."""

    authorized_at_s: float

    def capture(self, *, at_s: float) -> "Captured":
        """The provider has taken the money."""
        return Captured(id=self.id, authorized_at_s=self.authorized_at_s, captured_at_s=at_s, seal=_SEAL)

    def cancel(self, *, at_s: float) -> "Cancelled":
        """The provider lets go of it."""
        return Cancelled(id=self.id, cancelled_at_s=at_s, seal=_SEAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured(_Collection):
    """Paid. What goes back from here on is a refund."""

    authorized_at_s: float
    captured_at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled(_Collection):
    """Nothing is owed, and nothing was taken."""

    cancelled_at_s: float


Collection: TypeAlias = Pending | Authorized | Captured | Cancelled
"""A collection in any of its states."""


def restore(row: Row) -> Collection:
    """The collection that a row tells of. Raises ``UnknownStatus``."""
    collection_id = str(row["id"])
    authorized_at_s, captured_at_s = float(row["authorized_at"] or 0.0), float(row["captured_at"] or 0.0)
    match row["status"]:
        case "pending":
            return Pending(id=collection_id, seal=_SEAL)
        case "authorized":
            return Authorized(id=collection_id, authorized_at_s=authorized_at_s, seal=_SEAL)
        case "captured":
            return Captured(id=collection_id, authorized_at_s=authorized_at_s, captured_at_s=captured_at_s, seal=_SEAL)
        case "cancelled":
            return Cancelled(id=collection_id, cancelled_at_s=float(row["cancelled_at"] or 0.0), seal=_SEAL)
    raise UnknownStatus(f"payment collection {collection_id}: {row['status']}")
