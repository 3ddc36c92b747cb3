"""What the forum refuses with."""

from rustok_sim.core.errors import BusinessRule, NotFound


class CategoryNotFound(NotFound):
    """There is a node, and it is no category of the forum."""

    code = "category_not_found"


class TopicNotFound(NotFound):
    """There is a node, and it is no topic."""

    code = "topic_not_found"


class ReplyNotFound(NotFound):
    """There is a node, and it is no reply."""

    code = "reply_not_found"


class TopicClosed(BusinessRule):
    """The topic is locked, closed or archived, and takes no replies."""

    code = "topic_closed"
