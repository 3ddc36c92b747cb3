"""RusToK's TopicService of the forum."""

from rustok_sim.core.content import Body, ListedNode, NewNode, NodeFilter, Nodes, Translation
from rustok_sim.core.content_states import topics
from rustok_sim.core.context import Context
from rustok_sim.core.ids import NIL
from rustok_sim.core.ports import Steps
from rustok_sim.modules.forum.errors import TopicNotFound
from rustok_sim.modules.forum.records import TOPIC, NewTopic, Topic, topic_of
from rustok_sim.modules.forum.settings import ForumSettings


class TopicService:
    """Topics are nodes under the node of their category."""

    __slots__ = ("_nodes", "_settings")

    def __init__(self, nodes: Nodes, settings: ForumSettings) -> None:
        self._nodes = nodes
        self._settings = settings

    def create(self, context: Context, new: NewTopic) -> Steps[Topic]:
        """Open a topic, published at once. Raises ``Forbidden``, ``Validation``.

        As built, who may write for all is not put down as its author; repaired, whoever asks is.
        """
        author_id = context.actor.user_id if self._settings.design == "repaired" else None
        node = yield from self._nodes.create(context, topic_node(new, author_id=author_id))
        return topic_of(node, new.title)

    def get(self, context: Context, topic_id: str) -> Steps[Topic]:
        """A topic. Raises ``TopicNotFound``."""
        node = yield from self._nodes.get(context, topic_id)
        if node.kind != TOPIC:
            raise TopicNotFound(f"node {topic_id} is a {node.kind}")
        return topic_of(node, node.title(context.locale))

    def list(self, context: Context, category_id: str, *, page: int = 1, per_page: int = 20) -> Steps[list[Topic]]:
        """One page of a category's topics. Raises ``Forbidden``.

        As built, each row says open, not pinned, not locked, no replies, and names no category (F6).
        """
        wanted = NodeFilter(kind=TOPIC, parent_id=category_id, locale=context.locale, page=page, per_page=per_page)
        found = yield from self._nodes.page(context, wanted)
        shown = _faked if self._settings.design == "as_built" else _true
        return [shown(node) for node in found.nodes]

    def delete(self, context: Context, topic_id: str) -> Steps[None]:
        """Remove a topic and its replies. Raises ``Forbidden``."""
        return self._nodes.delete(context, topic_id)


def topic_node(new: NewTopic, *, author_id: str | None) -> NewNode:
    """The node that a topic is written as."""
    state = topics.columns_of(topics.Open.start(""))
    return NewNode(
        kind=TOPIC,
        status="published",
        parent_id=new.category_id,
        author_id=author_id,
        metadata={**state, "tags": list(new.tags)},
        translations=(Translation(locale=new.locale, title=new.title),),
        bodies=(Body(locale=new.locale, body=new.body),),
    )


def _true(node: ListedNode) -> Topic:
    return topic_of(node, node.title or "")


def _faked(node: ListedNode) -> Topic:
    return Topic(
        id=node.id,
        category_id=NIL,
        title=node.title or "",
        status="open",
        is_pinned=False,
        is_locked=False,
        reply_count=0,
    )
