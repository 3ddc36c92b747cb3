"""Who a caller is taken for, and whether they may go on."""

from typing import Final

from rustok_sim.core.auth.actor import SYSTEM, Actor, Role
from rustok_sim.core.auth.doors import ENTRIES, Door
from rustok_sim.core.auth.matrix import scope_of
from rustok_sim.core.auth.settings import AuthSettings
from rustok_sim.core.auth.vocabulary import Resource, Scope
from rustok_sim.core.errors import Forbidden, Unauthenticated
from rustok_sim.core.values import value

STAFF: Final = (Role.SUPER_ADMIN, Role.ADMIN)
GUEST_ROLE: Final = Role.CUSTOMER
"""In which role headers are believed: they name none, and what believes them asks for none."""
LOOKUPS: Final = ("sessions", "users", "user_roles", "role_permissions", "permissions")


@value(frozen=True, slots=True)
class Token:
    """What a token says of its bearer: a user of one tenant, until a moment."""

    tenant_id: str
    actor: Actor
    expires_at_s: float
    active: bool = True
    """Whether the user is not disabled."""


@value(frozen=True, slots=True)
class Claims:
    """What a request says of its caller; only a token proves anything."""

    tenant_id: str
    user_id: str | None = None
    token: Token | None = None


def actor_of(claims: Claims, operation: str, now_s: float, settings: AuthSettings) -> Actor:
    """Whom the request is done for. Raises ``Unauthenticated``, and ``Forbidden`` for a token of no use here."""
    if not asks_for_token(operation, settings):
        return Actor(GUEST_ROLE, claims.user_id)
    if claims.token is not None:
        return _bearer(claims.token, claims.tenant_id, now_s)
    if settings.enforcement == "as_built" and ENTRIES[operation].door is Door.SYSTEM:
        return SYSTEM
    raise Unauthenticated("this needs a token")


def asks_for_token(operation: str, settings: AuthSettings) -> bool:
    """Whether a token of the caller's would be looked at, if there is one."""
    door, permission = ENTRIES[operation]
    return permission is not None and (door is not Door.TRUSTING or settings.enforcement == "enforced")


def lookups_of(claims: Claims, operation: str, settings: AuthSettings) -> tuple[str, ...]:
    """The tables a node reads one row of, one after the other and outside any transaction, before it believes a token.

    As built the permissions that the last three give are attached to the user and never asked for (R5).
    """
    if claims.token is None or not asks_for_token(operation, settings):
        return ()
    return LOOKUPS if settings.lookups == "as_built" else LOOKUPS[:1]


def _bearer(token: Token, tenant_id: str, now_s: float) -> Actor:
    if now_s >= token.expires_at_s:
        raise Unauthenticated("the token has expired", code="token_expired")
    if token.tenant_id != tenant_id:
        raise Forbidden("the token is another tenant's", code="foreign_token")
    if not token.active:
        raise Forbidden("the user is disabled", code="account_disabled")
    return token.actor


def authorise(actor: Actor, operation: str, settings: AuthSettings) -> Scope:
    """How far *actor* may carry *operation*, asked before its handler. Raises ``Forbidden``.

    As built, the services of content ask for themselves, and nobody asks on behalf of commerce.
    """
    door, permission = ENTRIES[operation]
    if permission is None:
        return Scope.ALL
    gate = settings.module_gate if permission.resource is Resource.MODULES else settings.enforcement
    if gate != "as_built":
        scope = scope_of(actor, *permission)
    elif door is Door.ROLES and actor.role not in STAFF:
        scope = Scope.NONE
    else:
        scope = Scope.ALL
    if scope is Scope.NONE:
        raise Forbidden(f"{actor.role.value} may not do {operation}, which needs {permission}")
    return scope
