"""What the blog refuses with."""

from rustok_sim.core.errors import NotFound


class PostNotFound(NotFound):
    """There is a node, and it is no post."""

    code = "post_not_found"
