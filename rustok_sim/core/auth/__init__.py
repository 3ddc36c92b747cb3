"""Who may do what: roles, resources, actions, the scope in which an action is allowed, and who a caller is taken for.

Pure values and rules, as RusToK built them and repaired; it knows no user table, no wire and no module.
"""

from rustok_sim.core.auth.access import Claims, Token, actor_of, asks_for_token, authorise, lookups_of
from rustok_sim.core.auth.accounts import check_log_in, may_give_role
from rustok_sim.core.auth.actor import SYSTEM, Actor, Role
from rustok_sim.core.auth.matrix import PERMISSIONS, allows, permitted, scope_of
from rustok_sim.core.auth.settings import AuthSettings
from rustok_sim.core.auth.vocabulary import Action, Permission, Resource, Scope

__all__ = [
    "PERMISSIONS",
    "SYSTEM",
    "Action",
    "Actor",
    "AuthSettings",
    "Claims",
    "Permission",
    "Resource",
    "Role",
    "Scope",
    "Token",
    "actor_of",
    "allows",
    "asks_for_token",
    "authorise",
    "check_log_in",
    "lookups_of",
    "may_give_role",
    "permitted",
    "scope_of",
]
