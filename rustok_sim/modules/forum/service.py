"""The forum as one: its four services."""

from rustok_sim.core.content import Nodes
from rustok_sim.modules.forum.categories import CategoryService
from rustok_sim.modules.forum.moderation import ModerationService
from rustok_sim.modules.forum.permissions import for_the_public
from rustok_sim.modules.forum.replies import ReplyService
from rustok_sim.modules.forum.settings import ForumSettings
from rustok_sim.modules.forum.topics import TopicService


class Forum:
    """Opens the services of a design on the nodes it is handed; moderators need the permission for posts in each."""

    __slots__ = ("categories", "moderation", "replies", "topics")

    def __init__(self, nodes: Nodes, settings: ForumSettings) -> None:
        public = nodes if settings.design == "as_built" else nodes.under(for_the_public)
        self.categories = CategoryService(nodes, settings)
        self.topics = TopicService(public, settings)
        self.replies = ReplyService(public, settings)
        self.moderation = ModerationService(nodes, settings)
