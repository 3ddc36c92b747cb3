"""Who may do what: roles, resources, actions, and the scope in which an action is allowed.

Pure values and rules; it knows no user table, no request and no module.
"""

from rustok_sim.core.auth.actor import SYSTEM, Actor, Role

__all__ = ["SYSTEM", "Actor", "Role"]
