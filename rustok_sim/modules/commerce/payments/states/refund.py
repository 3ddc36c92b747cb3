"""Money on its way back: pending, then refunded, or cancelled for nothing went back."""

from dataclasses import InitVar, dataclass
from typing import Final, TypeAlias

from rustok_sim.core.data import Row
from rustok_sim.core.lifecycle import Seal, UnknownStatus

_SEAL: Final = Seal("refund")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Refund:
    id: str
    amount: int
    seal: InitVar[Seal]

    def __post_init__(self, seal: Seal) -> None:
        _SEAL.check(seal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending(_Refund):
    """Promised: it counts against what was captured from now on."""

    @classmethod
    def promise(cls, refund_id: str, *, amount: int) -> "Pending":
        """A new refund."""
        return cls(id=refund_id, amount=amount, seal=_SEAL)

    def complete(self, *, at_s: float) -> "Refunded":
        """The provider has sent the money back."""
        return Refunded(id=self.id, amount=self.amount, refunded_at_s=at_s, seal=_SEAL)

    def cancel(self, *, at_s: float) -> "Cancelled":
        """The provider has not, and will not."""
        return Cancelled(id=self.id, amount=self.amount, cancelled_at_s=at_s, seal=_SEAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunded(_Refund):
    """Sent back."""

    refunded_at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled(_Refund):
    """Not sent back; it counts against nothing."""

    cancelled_at_s: float


Refund: TypeAlias = Pending | Refunded | Cancelled
"""A refund in any of its states."""


def restore(row: Row) -> Refund:
    """The refund that a row tells of. Raises ``UnknownStatus``."""
    refund_id, amount = str(row["id"]), int(row["amount"] or 0)
    match row["status"]:
        case "pending":
            return Pending(id=refund_id, amount=amount, seal=_SEAL)
        case "refunded":
            return Refunded(id=refund_id, amount=amount, refunded_at_s=float(row["refunded_at"] or 0.0), seal=_SEAL)
        case "cancelled":
            return Cancelled(id=refund_id, amount=amount, cancelled_at_s=float(row["cancelled_at"] or 0.0), seal=_SEAL)
    raise UnknownStatus(f"refund {refund_id}: {row['status']}")
