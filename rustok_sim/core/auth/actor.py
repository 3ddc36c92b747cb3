"""Who acts."""

from enum import Enum
from typing import Final

from rustok_sim.core.values import value


class Role(Enum):
    """RusToK's four fixed roles."""

    SUPER_ADMIN = "super_admin"
    ADMIN = "admin"
    MANAGER = "manager"
    CUSTOMER = "customer"


@value(frozen=True, slots=True)
class Actor:
    """A user in a role; ``user_id`` is ``None`` for the system itself and for guests."""

    role: Role
    user_id: str | None = None


SYSTEM: Final = Actor(Role.SUPER_ADMIN)
"""RusToK's system context."""
