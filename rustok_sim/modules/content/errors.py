"""What content refuses with."""

from rustok_sim.core.errors import Conflict, NotFound


class NodeNotFound(NotFound):
    """There is no such node, or not for this tenant."""

    code = "node_not_found"


class StaleEdit(Conflict):
    """The node was changed since it was read."""

    code = "stale_edit"


class DuplicateSlug(Conflict):
    """Another node of the tenant has this slug in this language."""

    code = "duplicate_slug"
