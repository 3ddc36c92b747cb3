"""Who may write repaired pages: managers too."""

from rustok_sim.core.auth import Action, Actor, Resource, Role, Scope, scope_of


def for_managers(actor: Actor, kind: str, action: Action) -> Scope:
    """What pages allow, to blocks and menus too; and to managers, who have nothing there, what posts allow (P4)."""
    return scope_of(actor, Resource.POSTS if actor.role is Role.MANAGER else Resource.PAGES, action)
