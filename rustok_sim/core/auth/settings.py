"""The settings of access, as a scenario writes them."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Gt

from rustok_sim.core.strict import STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthSettings:
    """Who is believed, and who may do what: each value ``as_built`` is RusToK's way, the other one its repair."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    enforcement: Literal["as_built", "enforced"] = "as_built"
    """as_built: commerce believes the headers of a request and asks for no permission (D5, D6), the blog takes who has
    no token for the system itself; enforced: every operation wants a token of its tenant and its permission (D32), and
    customers have orders of their own only."""
    module_gate: Literal["as_built", "permissions"] = "as_built"
    """Who may switch modules: as_built: admins and super admins by their role (R6); permissions: who may update
    modules, which an admin may not."""
    role_ceiling: Literal["as_built", "own_role"] = "as_built"
    """Which roles an administrator may give: as_built: any, so that an admin makes super admins (R2); own_role: none
    above the giver's."""
    log_in: Literal["as_built", "checked"] = "as_built"
    """as_built: a disabled user gets tokens, which are then refused one by one (R3); checked: no tokens."""
    lookups: Literal["as_built", "session"] = "as_built"
    """What a token costs: as_built: five reads for permissions that nobody uses (R5); session: the one that tells
    whether it was revoked."""
    access_token_s: Annotated[float, Gt(0)] = 604_800.0
    """Life of an access token."""
    refresh_token_s: Annotated[float, Gt(0)] = 1_209_600.0
    """Life of a refresh token; 30 days where no configuration says so."""
    reset_token_s: Annotated[float, Gt(0)] = 900.0
    """Life of a token that sets a new password."""
    verification_token_s: Annotated[float, Gt(0)] = 86_400.0
    """Life of a token that proves an e-mail address."""
