"""Who may do what: roles, resources, actions, and the scope in which an action is allowed.

Pure values and rules; it knows no user table, no request and no module.
"""

from rustok_sim.core.auth.actor import SYSTEM, Actor, Role
from rustok_sim.core.auth.matrix import PERMISSIONS, allows, permitted, scope_of
from rustok_sim.core.auth.vocabulary import Action, Permission, Resource, Scope

__all__ = [
    "PERMISSIONS",
    "SYSTEM",
    "Action",
    "Actor",
    "Permission",
    "Resource",
    "Role",
    "Scope",
    "allows",
    "permitted",
    "scope_of",
]
