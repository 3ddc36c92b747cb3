"""What may become of users: who gives which role, and who gets tokens."""

from typing import Final

from rustok_sim.core.auth.actor import Role
from rustok_sim.core.auth.matrix import permitted
from rustok_sim.core.auth.settings import AuthSettings
from rustok_sim.core.auth.vocabulary import Action, Resource
from rustok_sim.core.errors import Forbidden

RANKS: Final = {role: rank for rank, role in enumerate(reversed(Role))}


def may_give_role(giver: Role, given: Role, settings: AuthSettings) -> bool:
    """Whether a user in one role may make one in another: who creates users may, up to the ceiling if there is one."""
    if not permitted(giver, Resource.USERS, Action.CREATE):
        return False
    return settings.role_ceiling == "as_built" or RANKS[given] <= RANKS[giver]


def check_log_in(status: str, settings: AuthSettings) -> None:
    """Refuse tokens to a user who is not active, if the settings say so. Raises ``Forbidden``."""
    if settings.log_in == "checked" and status != "active":
        raise Forbidden(f"the user is {status}", code="account_disabled")
