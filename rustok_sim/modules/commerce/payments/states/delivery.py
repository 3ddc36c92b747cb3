"""One message of the provider in the inbox: received, processing, processed; failed and tried again, or given up."""

from dataclasses import InitVar, dataclass
from typing import Final, TypeAlias

from rustok_sim.core.data import Row
from rustok_sim.core.lifecycle import Seal, UnknownStatus

_SEAL: Final = Seal("webhook delivery")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Delivery:
    id: str
    attempts: int
    seal: InitVar[Seal]

    def __post_init__(self, seal: Seal) -> None:
        _SEAL.check(seal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(_Delivery):
    """Written down, and nothing done yet."""

    @classmethod
    def receive(cls, delivery_id: str) -> "Received":
        """A new message."""
        return cls(id=delivery_id, attempts=0, seal=_SEAL)

    def claim(self, *, until_s: float) -> "Processing":
        """Work on it; nobody else does so until *until_s*."""
        return Processing(id=self.id, attempts=1, lease_until_s=until_s, seal=_SEAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Processing(_Delivery):
    """Being worked on, by one worker until its lease is over."""

    lease_until_s: float

    def reclaim(self, *, until_s: float) -> "Processing":
        """Take over from a worker whose lease is over."""
        return Processing(id=self.id, attempts=self.attempts + 1, lease_until_s=until_s, seal=_SEAL)

    def finish(self) -> "Processed":
        """Its effect is in our books."""
        return Processed(id=self.id, attempts=self.attempts, seal=_SEAL)

    def fail(self, error: str) -> "Failed":
        """Not yet: try again later."""
        return Failed(id=self.id, attempts=self.attempts, error=error, seal=_SEAL)

    def bury(self, error: str) -> "DeadLetter":
        """Never: a person must look."""
        return DeadLetter(id=self.id, attempts=self.attempts, error=error, seal=_SEAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed(_Delivery):
    """Did not fit; may fit later."""

    error: str

    def claim(self, *, until_s: float) -> Processing:
        """Work on it again."""
        return Processing(id=self.id, attempts=self.attempts + 1, lease_until_s=until_s, seal=_SEAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Processed(_Delivery):
    """Done with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter(_Delivery):
    """Given up."""

    error: str


Delivery: TypeAlias = Received | Processing | Processed | Failed | DeadLetter
"""A delivery in any of its states."""


def restore(row: Row) -> Delivery:
    """The delivery that a row tells of. Raises ``UnknownStatus``."""
    delivery_id, attempts, error = str(row["id"]), int(row["attempts"] or 0), str(row["last_error"] or "")
    match row["status"]:
        case "received":
            return Received(id=delivery_id, attempts=attempts, seal=_SEAL)
        case "processing":
            until_s = float(row["lease_until"] or 0.0)
            return Processing(id=delivery_id, attempts=attempts, lease_until_s=until_s, seal=_SEAL)
        case "processed":
            return Processed(id=delivery_id, attempts=attempts, seal=_SEAL)
        case "failed":
            return Failed(id=delivery_id, attempts=attempts, error=error, seal=_SEAL)
        case "dead_letter":
            return DeadLetter(id=delivery_id, attempts=attempts, error=error, seal=_SEAL)
    raise UnknownStatus(f"webhook delivery {delivery_id}: {row['status']}")
