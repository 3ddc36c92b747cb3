"""Money at the provider: authorized, then captured, or cancelled and never taken."""

from dataclasses import InitVar, dataclass
from typing import Final, TypeAlias

from rustok_sim.core.data import Row
from rustok_sim.core.lifecycle import Seal, UnknownStatus

_SEAL: Final = Seal("payment")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Payment:
    id: str
    reference: str
    amount: int
    seal: InitVar[Seal]

    def __post_init__(self, seal: Seal) -> None:
        _SEAL.check(seal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorized(_Payment):
    """Kept ready under the provider's own ``reference``."""

    @classmethod
    def take_note(cls, payment_id: str, *, reference: str, amount: int) -> "Authorized":
        """The provider says that it keeps the money ready."""
        return cls(id=payment_id, reference=reference, amount=amount, seal=_SEAL)

    def capture(self, *, at_s: float) -> "Captured":
        """The provider says that it has taken the money."""
        return Captured(id=self.id, reference=self.reference, amount=self.amount, captured_at_s=at_s, seal=_SEAL)

    def cancel(self, *, at_s: float) -> "Cancelled":
        """The provider says that it has let go of the money."""
        return Cancelled(id=self.id, reference=self.reference, amount=self.amount, cancelled_at_s=at_s, seal=_SEAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured(_Payment):
    """Taken."""

    captured_at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled(_Payment):
    """Never taken."""

    cancelled_at_s: float


Payment: TypeAlias = Authorized | Captured | Cancelled
"""A payment in any of its states."""


def restore(row: Row) -> Payment:
    """The payment that a row tells of. Raises ``UnknownStatus``."""
    payment_id, reference, amount = str(row["id"]), str(row["provider_reference"]), int(row["amount"] or 0)
    match row["status"]:
        case "authorized":
            return Authorized(id=payment_id, reference=reference, amount=amount, seal=_SEAL)
        case "captured":
            at_s = float(row["captured_at"] or 0.0)
            return Captured(id=payment_id, reference=reference, amount=amount, captured_at_s=at_s, seal=_SEAL)
        case "cancelled":
            at_s = float(row["cancelled_at"] or 0.0)
            return Cancelled(id=payment_id, reference=reference, amount=amount, cancelled_at_s=at_s, seal=_SEAL)
    raise UnknownStatus(f"payment {payment_id}: {row['status']}")
