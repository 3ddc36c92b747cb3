"""RusToK's four compiled-in permission sets, and the scope that follows from them."""

from collections.abc import Mapping
from itertools import product
from typing import Final

from rustok_sim.core.auth.actor import Actor, Role
from rustok_sim.core.auth.vocabulary import Action, Permission, Resource, Scope

LETTERS: Final = {
    "C": Action.CREATE,
    "R": Action.READ,
    "U": Action.UPDATE,
    "D": Action.DELETE,
    "L": Action.LIST,
    "M": Action.MANAGE,
}
MATRIX: Final[Mapping[Resource, tuple[str, str, str, str]]] = {
    Resource.USERS: ("M", "M", "", ""),
    Resource.TENANTS: ("M", "", "", ""),
    Resource.MODULES: ("M", "RL", "", ""),
    Resource.SETTINGS: ("M", "M", "", ""),
    Resource.PRODUCTS: ("M", "M", "CRUDL", "RL"),
    Resource.CATEGORIES: ("M", "M", "CRUDL", "RL"),
    Resource.ORDERS: ("M", "M", "RUL", "CRL"),
    Resource.CUSTOMERS: ("M", "M", "RL", ""),
    Resource.INVENTORY: ("M", "M", "CRUL", ""),
    Resource.DISCOUNTS: ("M", "M", "", ""),
    Resource.POSTS: ("M", "M", "CRUDL", "RL"),
    Resource.PAGES: ("M", "M", "", ""),
    Resource.NODES: ("M", "M", "CRUDL", "RL"),
    Resource.MEDIA: ("M", "M", "CRUDL", ""),
    Resource.COMMENTS: ("M", "M", "", "CRL"),
    Resource.ANALYTICS: ("M", "M", "R", ""),
    Resource.LOGS: ("M", "", "", ""),
    Resource.WEBHOOKS: ("M", "M", "", ""),
}
"""The actions of super admins, admins, managers and customers, by their first letters."""


def _set_of(place: int) -> frozenset[Permission]:
    return frozenset(
        Permission(resource, LETTERS[letter]) for resource, letters in MATRIX.items() for letter in letters[place]
    )


PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = {role: _set_of(place) for place, role in enumerate(Role)}
"""What each role is given; a role may do more than that where it manages."""


def permitted(role: Role, resource: Resource, action: Action) -> bool:
    """Whether the role's set has the action, or manages the resource."""
    given = PERMISSIONS[role]
    return Permission(resource, action) in given or Permission(resource, Action.MANAGE) in given


def _scope(role: Role, resource: Resource, action: Action) -> Scope:
    if role is Role.CUSTOMER and resource is Resource.COMMENTS and action in (Action.UPDATE, Action.DELETE):
        # RusToK answers so although neither is in the customer's set.
        return Scope.OWN
    if not permitted(role, resource, action):
        return Scope.NONE
    return Scope.OWN if role is Role.CUSTOMER and resource is Resource.ORDERS else Scope.ALL


SCOPES: Final = {asked: _scope(*asked) for asked in product(Role, Resource, Action)}


def scope_of(who: Actor | Role, resource: Resource, action: Action) -> Scope:
    """How far *who* may do this: staff everywhere or nowhere, customers to their own orders and their own comments."""
    return SCOPES[who.role if isinstance(who, Actor) else who, resource, action]


def allows(scope: Scope, actor: Actor, owner_id: str | None, *, named: bool = False) -> bool:
    """Whether *scope* reaches a thing of this owner.

    RusToK compares two optional values, so that a guest owns all that has no owner; with *named* nobody does.
    """
    if scope is Scope.OWN:
        return actor.user_id == owner_id and not (named and owner_id is None)
    return scope is Scope.ALL
