"""Who may write in a repaired forum: its public."""

from typing import Final

from rustok_sim.core.auth import Action, Actor, Resource, Role, Scope, scope_of
from rustok_sim.modules.forum.records import REPLY, TOPIC

_OF_THE_PUBLIC: Final = frozenset({TOPIC, REPLY})
_WRITING: Final = frozenset({Action.CREATE, Action.UPDATE, Action.DELETE})


def for_the_public(actor: Actor, kind: str, action: Action) -> Scope:
    """What posts allow; and to customers who are logged in, topics and replies of their own (F7)."""
    scope = scope_of(actor, Resource.POSTS, action)
    if scope is Scope.NONE and actor.role is Role.CUSTOMER and actor.user_id is not None:
        return Scope.OWN if kind in _OF_THE_PUBLIC and action in _WRITING else scope
    return scope
