"""What each operation asks of who calls it, as RusToK built it and by the matrix."""

from collections.abc import Mapping
from enum import Enum
from typing import Final, NamedTuple

from rustok_sim.core.auth.vocabulary import Action, Permission, Resource


class Door(Enum):
    """How RusToK guards an operation, as built."""

    TRUSTING = "trusting"
    """Who the headers or arguments say it is, may."""
    TOKEN = "token"  # noqa: S105 -- a kind of door, no password
    """A token; the service asks the matrix."""
    SYSTEM = "system"
    """A token, or without one the system itself."""
    ROLES = "roles"
    """A token of an admin or a super admin."""


class Entry(NamedTuple):
    """One operation's door, and the permission that the matrix would ask for; none: everybody may."""

    door: Door
    permission: Permission | None


READ, LIST, CREATE, UPDATE, DELETE = Action.READ, Action.LIST, Action.CREATE, Action.UPDATE, Action.DELETE


def _entries(door: Door, prefix: str, resource: Resource, actions: Mapping[str, Action]) -> dict[str, Entry]:
    return {prefix + name: Entry(door, Permission(resource, action)) for name, action in actions.items()}


OPEN: Final = Entry(Door.TRUSTING, None)
WRITING: Final = {
    "create": CREATE,
    "update": UPDATE,
    "publish": UPDATE,
    "unpublish": UPDATE,
    "delete": DELETE,
    "get": READ,
    "list": LIST,
}
ENTRIES: Final[Mapping[str, Entry]] = {
    "tenant.resolve": OPEN,
    "health.live": OPEN,
    "tenant.create": OPEN,
    **_entries(Door.ROLES, "tenant.", Resource.TENANTS, dict.fromkeys(("update", "suspend", "reactivate"), UPDATE)),
    **_entries(Door.ROLES, "tenant.", Resource.SETTINGS, dict.fromkeys(("enable_locale", "disable_locale"), UPDATE)),
    **_entries(Door.ROLES, "module.", Resource.MODULES, dict.fromkeys(("enable", "disable"), UPDATE)),
    **_entries(Door.TRUSTING, "product.", Resource.PRODUCTS, WRITING),
    "variant.update": Entry(Door.TRUSTING, Permission(Resource.PRODUCTS, UPDATE)),
    "index.reindex": Entry(Door.ROLES, Permission(Resource.SETTINGS, UPDATE)),
    "search": Entry(Door.TRUSTING, Permission(Resource.PRODUCTS, LIST)),
    **_entries(Door.TRUSTING, "price.", Resource.PRODUCTS, {"set": UPDATE, "set_many": UPDATE, "get": READ}),
    "price.discount": Entry(Door.TRUSTING, Permission(Resource.DISCOUNTS, CREATE)),
    **_entries(Door.TRUSTING, "inventory.", Resource.INVENTORY, dict.fromkeys(("adjust", "set", "reserve"), UPDATE)),
    # Buyers have no permission on stock, and see with the product whether there is any.
    "inventory.check": Entry(Door.TRUSTING, Permission(Resource.PRODUCTS, READ)),
    # A customer may create orders and not update them: the steps up to payment are the making of one.
    **_entries(Door.TRUSTING, "order.", Resource.ORDERS, dict.fromkeys(("place", "submit", "pay", "cancel"), CREATE)),
    **_entries(Door.TRUSTING, "order.", Resource.ORDERS, dict.fromkeys(("ship", "deliver"), UPDATE)),
    "checkout": Entry(Door.TRUSTING, Permission(Resource.ORDERS, CREATE)),
    **_entries(Door.TOKEN, "node.", Resource.POSTS, WRITING),
    **_entries(Door.SYSTEM, "blog.", Resource.POSTS, {"post": CREATE, "get": READ, "list": LIST}),
    **_entries(
        Door.TOKEN, "forum.", Resource.POSTS, {"topic": CREATE, "reply": CREATE, "moderate": UPDATE, "list": LIST}
    ),
}
"""By operation. RusToK has no route for orders; they stand with the rest of commerce."""
