"""The forum: categories, topics and replies, which are nodes of three kinds, and moderation.

It is handed the nodes it works on (``core.content.Nodes``) and knows no table. A topic's state lies in its node's
metadata, where RusToK keeps it; repaired, it is read into the types of ``core.content_states.topics`` on a locked row.

A topic names its category as its parent alone. RusToK writes the category's node into ``category_id`` too, whose
foreign key is on another table: on PostgreSQL that would refuse every topic, and here nothing could be asked of one.
"""

from rustok_sim.modules.forum.errors import CategoryNotFound, ReplyNotFound, TopicClosed, TopicNotFound
from rustok_sim.modules.forum.moderation import TopicStep
from rustok_sim.modules.forum.records import (
    Category,
    NewCategory,
    NewReply,
    NewTopic,
    Reply,
    ReplyStatus,
    Topic,
)
from rustok_sim.modules.forum.seed import made_up_forum
from rustok_sim.modules.forum.service import Forum
from rustok_sim.modules.forum.settings import ForumSettings

__all__ = [
    "Category",
    "CategoryNotFound",
    "Forum",
    "ForumSettings",
    "NewCategory",
    "NewReply",
    "NewTopic",
    "Reply",
    "ReplyNotFound",
    "ReplyStatus",
    "Topic",
    "TopicClosed",
    "TopicNotFound",
    "TopicStep",
    "made_up_forum",
]
