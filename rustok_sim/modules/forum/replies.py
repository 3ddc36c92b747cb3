"""RusToK's ReplyService of the forum."""

from typing import Final

from rustok_sim.core.content import (
    Body,
    ListedNode,
    NewNode,
    Node,
    NodeChanges,
    NodeFilter,
    Nodes,
    NodeWork,
    Translation,
)
from rustok_sim.core.content_states import topics
from rustok_sim.core.context import Context
from rustok_sim.core.ports import Steps
from rustok_sim.modules.forum.errors import ReplyNotFound, TopicClosed, TopicNotFound
from rustok_sim.modules.forum.records import REPLY, TOPIC, NewReply, Reply, ReplyStatus, flags_of, status_of
from rustok_sim.modules.forum.settings import ForumSettings

LIST_MAX: Final = 200
TITLE_LENGTH: Final = 60
PREVIEW_LENGTH: Final = 200


class ReplyService:
    """Replies are nodes under the node of their topic."""

    __slots__ = ("_nodes", "_settings")

    def __init__(self, nodes: Nodes, settings: ForumSettings) -> None:
        self._nodes = nodes
        self._settings = settings

    def create(self, context: Context, new: NewReply) -> Steps[Reply]:
        """Answer a topic.

        As built, the node has no translation, so this raises ``Validation``, always (F1, D24). Repaired, in one
        transaction that holds the topic: raises ``TopicClosed`` unless it is open, counts the reply, and lets it wait
        for a moderator where its category says so. Raises ``Forbidden``.
        """
        if self._settings.design == "as_built":
            return _reply_of((yield from self._nodes.create(context, _untitled(new))), new.locale)
        with (yield from self._nodes.begin(context)) as work:
            reply_id = yield from self._reply(work, context, new)
            yield from work.commit()
        return _reply_of((yield from self._nodes.get(context, reply_id)), new.locale)

    def get(self, context: Context, reply_id: str) -> Steps[Reply]:
        """A reply. Raises ``ReplyNotFound``."""
        node = yield from self._nodes.get(context, reply_id)
        if node.kind != REPLY:
            raise ReplyNotFound(f"node {reply_id} is a {node.kind}")
        return _reply_of(node, context.locale)

    def list(self, context: Context, topic_id: str, *, page: int = 1, per_page: int = 20) -> Steps[list[Reply]]:
        """A topic's replies. Raises ``Forbidden``.

        As built, the first 200, whatever page is asked for, each of them approved (F6).
        """
        as_built = self._settings.design == "as_built"
        page, per_page = (1, LIST_MAX) if as_built else (page, per_page)
        wanted = NodeFilter(kind=REPLY, parent_id=topic_id, locale=context.locale, page=page, per_page=per_page)
        found = yield from self._nodes.page(context, wanted)
        return [_listed(node, "approved" if as_built else status_of(node)) for node in found.nodes]

    def delete(self, context: Context, reply_id: str) -> Steps[None]:
        """Remove a reply; its topic goes on counting it. Raises ``Forbidden``."""
        return self._nodes.delete(context, reply_id)

    def _reply(self, work: NodeWork, context: Context, new: NewReply) -> Steps[str]:
        node = yield from work.hold(new.topic_id)
        if node.kind != TOPIC:
            raise TopicNotFound(f"node {node.id} is a {node.kind}")
        topic = topics.restore(flags_of(node))
        if not isinstance(topic, topics.Open):
            raise TopicClosed(f"topic {node.id} takes no replies")
        moderated = False
        if node.parent_id is not None:
            category = yield from work.read(node.parent_id)
            moderated = bool(category.metadata.get("moderated", False))
        reply_id = yield from work.create(
            reply_node(new, "pending" if moderated else "approved", context.actor.user_id)
        )
        answered = topic.reply()
        metadata = {**node.metadata, **topics.columns_of(answered)}
        yield from work.touch(node, NodeChanges(metadata=metadata, reply_count=answered.reply_count))
        return reply_id


def reply_node(new: NewReply, status: ReplyStatus, author_id: str | None) -> NewNode:
    """The node that a repaired reply is written as: its beginning is its title, as no node is without."""
    named = Translation(locale=new.locale, title=new.content[:TITLE_LENGTH], excerpt=new.content[:PREVIEW_LENGTH])
    return _node_of(new, status, author_id, (named,))


def _untitled(new: NewReply) -> NewNode:
    return _node_of(new, "approved", None, ())


def _node_of(
    new: NewReply, status: ReplyStatus, author_id: str | None, translations: tuple[Translation, ...]
) -> NewNode:
    return NewNode(
        kind=REPLY,
        status="published",
        parent_id=new.topic_id,
        author_id=author_id,
        metadata={"reply_status": status},
        translations=translations,
        bodies=(Body(locale=new.locale, body=new.content),),
    )


def _reply_of(node: Node, locale: str) -> Reply:
    return Reply(id=node.id, topic_id=node.parent_id, content=node.text(locale), status=status_of(node))


def _listed(node: ListedNode, status: str) -> Reply:
    return Reply(id=node.id, topic_id=node.parent_id, content=node.excerpt or "", status=status)
