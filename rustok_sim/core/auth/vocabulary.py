"""What can be done, and to what."""

from enum import Enum
from typing import NamedTuple


class Resource(Enum):
    """RusToK's eighteen resources."""

    USERS = "users"
    TENANTS = "tenants"
    MODULES = "modules"
    SETTINGS = "settings"
    PRODUCTS = "products"
    CATEGORIES = "categories"
    ORDERS = "orders"
    CUSTOMERS = "customers"
    INVENTORY = "inventory"
    DISCOUNTS = "discounts"
    POSTS = "posts"
    PAGES = "pages"
    NODES = "nodes"
    MEDIA = "media"
    COMMENTS = "comments"
    ANALYTICS = "analytics"
    LOGS = "logs"
    WEBHOOKS = "webhooks"


class Action(Enum):
    """RusToK's eight actions."""

    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    DELETE = "delete"
    LIST = "list"
    EXPORT = "export"
    IMPORT = "import"
    MANAGE = "manage"
    """Implies all the others."""


class Scope(Enum):
    """How far a permission reaches."""

    ALL = "all"
    OWN = "own"
    """What the actor owns; who asks must compare owners, see :func:`rustok_sim.core.auth.allows`."""
    NONE = "none"


class Permission(NamedTuple):
    """One action on one resource."""

    resource: Resource
    action: Action

    def __str__(self) -> str:
        return f"{self.resource.value}:{self.action.value}"
