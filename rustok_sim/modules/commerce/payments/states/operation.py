"""One thing asked of the provider, written down before it is asked, so that a crash leaves a trace.

Pending, executing, then what came of it: the provider did it and it is in our books too (committed); the provider did
not, and may be asked again; or nobody knows. What nobody knows is never asked again by itself: a look at the
provider's books, its own message, or a person settles it.
"""

from dataclasses import InitVar, dataclass
from typing import Final, TypeAlias

from rustok_sim.core.data import Row
from rustok_sim.core.lifecycle import Seal, UnknownStatus

_SEAL: Final = Seal("provider operation")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Operation:
    id: str
    attempts: int
    seal: InitVar[Seal]

    def __post_init__(self, seal: Seal) -> None:
        _SEAL.check(seal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending(_Operation):
    """Planned."""

    @classmethod
    def plan(cls, operation_id: str) -> "Pending":
        """A new operation."""
        return cls(id=operation_id, attempts=0, seal=_SEAL)

    def execute(self) -> "Executing":
        """Ask the provider."""
        return Executing(id=self.id, attempts=1, seal=_SEAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Executing(_Operation):
    """Asked; no answer yet."""

    def succeed(self, reference: str) -> "ProviderSucceeded":
        """The provider did it, under its own *reference*."""
        return ProviderSucceeded(id=self.id, attempts=self.attempts, reference=reference, seal=_SEAL)

    def fail(self, error: str) -> "ProviderError":
        """The provider did not."""
        return ProviderError(id=self.id, attempts=self.attempts, error=error, seal=_SEAL)

    def lose(self) -> "ReconciliationRequired":
        """No answer came, and nobody knows."""
        return ReconciliationRequired(id=self.id, attempts=self.attempts, seal=_SEAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSucceeded(_Operation):
    """Done there, and not yet in our books."""

    reference: str

    def commit(self) -> "Committed":
        """Write it into our books."""
        return Committed(id=self.id, attempts=self.attempts, reference=self.reference, seal=_SEAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderError(_Operation):
    """Not done there, for a reason that ``error`` names."""

    error: str

    def execute(self) -> Executing:
        """Ask again."""
        return Executing(id=self.id, attempts=self.attempts + 1, seal=_SEAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationRequired(_Operation):
    """Done there or not: nobody knows. It has no ``execute``."""

    def find(self, reference: str) -> ProviderSucceeded:
        """It turns out that the provider did it."""
        return ProviderSucceeded(id=self.id, attempts=self.attempts, reference=reference, seal=_SEAL)

    def miss(self) -> ProviderError:
        """It turns out that the provider knows nothing of it."""
        return ProviderError(id=self.id, attempts=self.attempts, error="not_found", seal=_SEAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed(_Operation):
    """Done there, and in our books."""

    reference: str


Operation: TypeAlias = Pending | Executing | ProviderSucceeded | Committed | ProviderError | ReconciliationRequired
"""An operation in any of its states."""


def restore(row: Row) -> Operation:
    """The operation that a row tells of. Raises ``UnknownStatus``."""
    operation_id, attempts = str(row["id"]), int(row["attempts"] or 0)
    reference = str(row["provider_reference"] or "")
    match row["status"]:
        case "pending":
            return Pending(id=operation_id, attempts=attempts, seal=_SEAL)
        case "executing":
            return Executing(id=operation_id, attempts=attempts, seal=_SEAL)
        case "provider_succeeded":
            return ProviderSucceeded(id=operation_id, attempts=attempts, reference=reference, seal=_SEAL)
        case "committed":
            return Committed(id=operation_id, attempts=attempts, reference=reference, seal=_SEAL)
        case "provider_error":
            return ProviderError(id=operation_id, attempts=attempts, error=str(row["last_error"] or ""), seal=_SEAL)
        case "reconciliation_required":
            return ReconciliationRequired(id=operation_id, attempts=attempts, seal=_SEAL)
    raise UnknownStatus(f"provider operation {operation_id}: {row['status']}")
