"""Who may do what to a node: the resource of its kind, and the scope All, Own or None."""

from collections.abc import Mapping
from typing import Final

from rustok_sim.core.auth import Action, Actor, Resource, Scope, allows, scope_of
from rustok_sim.core.content import KEEP, NewNode, NodeChanges, NodeHead, Policy
from rustok_sim.core.errors import Forbidden

_RESOURCES: Final[Mapping[str, Resource]] = {
    "post": Resource.POSTS,
    "page": Resource.PAGES,
    "comment": Resource.COMMENTS,
}


def resource_of(kind: str) -> Resource:
    """The resource whose permissions hold for a kind: posts for all that has none of its own, menus included."""
    return _RESOURCES.get(kind, Resource.POSTS)


def by_resource(actor: Actor, kind: str, action: Action) -> Scope:
    """RusToK's policy: the role's scope on the resource of the kind."""
    return scope_of(actor, resource_of(kind), action)


class Guard:
    """Asks the policy, and compares authors where the scope is a user's own. All of it raises ``Forbidden``."""

    __slots__ = ("_named", "_policy")

    def __init__(self, policy: Policy, *, named: bool) -> None:
        self._policy = policy
        self._named = named

    def scope(self, actor: Actor, kind: str, action: Action) -> Scope:
        """All or Own: None is refused."""
        scope = self._policy(actor, kind, action)
        if scope is Scope.NONE:
            raise Forbidden(f"{actor.role.value} may not {action.value} a {kind}")
        return scope

    def check(self, actor: Actor, action: Action, node: NodeHead) -> Scope:
        """All, or Own and the actor's: a user without identity owns the nodes without author, unless *named*."""
        scope = self.scope(actor, node.kind, action)
        if not allows(scope, actor, node.author_id, named=self._named):
            raise Forbidden(f"not the author of this {node.kind}")
        return scope

    def check_update(self, actor: Actor, node: NodeHead, changes: NodeChanges) -> None:
        """As :meth:`check`; who changes a node of their own may not give it another author."""
        if self.check(actor, Action.UPDATE, node) is Scope.OWN and changes.author_id is not KEEP:
            raise Forbidden("the author of a node of one's own cannot be changed")

    def author_of_new(self, actor: Actor, new: NewNode) -> str | None:
        """The actor where they may only write their own; else whom the node names, whoever that is."""
        return actor.user_id if self.scope(actor, new.kind, Action.CREATE) is Scope.OWN else new.author_id
