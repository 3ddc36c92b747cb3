"""Who gets a feature first: a share of all, chosen once and for all by a hash."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

from rustok_sim.core.context import Context


def place(feature: str, subject: str) -> float:
    """Where *subject* stands in the line for *feature*, from 0 up to but not 1: the same on every machine.

    Another feature has another line, so it is not always the same few who try what is new.
    """
    key = f"{len(feature)}:{feature}|{subject}".encode()
    return (int.from_bytes(blake2b(key, digest_size=8).digest(), "big") >> 11) / 2.0**53


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A feature as it is announced. Raises ``ValueError`` for a share outside of 0 to 100 %."""

    name: str
    percent: float = 100.0
    """The share of subjects that have it. Who has it keeps it when the share grows."""
    by: Literal["tenant", "user"] = "tenant"
    """user: a guest has what the tenant has."""
    needs: tuple[str, ...] = ()
    """Modules that the tenant must have switched on."""

    def __post_init__(self) -> None:
        if not 0.0 <= self.percent <= 100.0:
            raise ValueError(f"{self.name} cannot be rolled out to {self.percent:g} %")

    def includes(self, context: Context) -> bool:
        """Whether the roll-out has come to whom this request is for."""
        user_id = context.actor.user_id if self.by == "user" else None
        return place(self.name, user_id or context.tenant_id) * 100.0 < self.percent
