"""RusToK's ModerationService of the forum: what only those may do who may change any post."""

from collections.abc import Callable
from typing import Any, Final, Literal, TypeAlias

from rustok_sim.core.content import Metadata, NodeChanges, NodeHead, Nodes
from rustok_sim.core.content_states import topics
from rustok_sim.core.context import Context
from rustok_sim.core.lifecycle import InvalidTransition
from rustok_sim.core.ports import Steps
from rustok_sim.modules.forum.errors import ReplyNotFound, TopicNotFound
from rustok_sim.modules.forum.records import REPLY, TOPIC, ReplyStatus, flags_of
from rustok_sim.modules.forum.settings import ForumSettings

TopicStep: TypeAlias = Literal["pin", "unpin", "lock", "unlock", "close", "reopen", "archive"]
Change: TypeAlias = Callable[[NodeHead], Metadata]

_FLAGS: Final[dict[str, tuple[str, bool]]] = {
    "pin": ("is_pinned", True),
    "unpin": ("is_pinned", False),
    "lock": ("is_locked", True),
    "unlock": ("is_locked", False),
}


class ModerationService:
    """Flags of topics and the status of replies, which lie in the JSON document of the node."""

    __slots__ = ("_nodes", "_settings")

    def __init__(self, nodes: Nodes, settings: ForumSettings) -> None:
        self._nodes = nodes
        self._settings = settings

    def topic(self, context: Context, topic_id: str, step: TopicStep) -> Steps[None]:
        """Pin, lock, close or archive a topic, and back.

        As built, pins and locks from any state, and no others: no code moves the status (F2). Repaired, the steps of
        the topic's state. Raises ``TopicNotFound``, ``Forbidden``, ``InvalidTransition``, ``Conflict`` if versioned.
        """
        change = _flag if self._settings.design == "as_built" else _step

        def changed(node: NodeHead) -> Metadata:
            if node.kind != TOPIC:
                raise TopicNotFound(f"node {topic_id} is a {node.kind}")
            return {**node.metadata, **change(node, step)}

        return self._write(context, topic_id, changed)

    def reply(self, context: Context, reply_id: str, status: ReplyStatus) -> Steps[None]:
        """Approve, reject or hide a reply, from any status; as built, of any node.

        Raises ``ReplyNotFound``, ``Forbidden``, ``Conflict`` if versioned.
        """

        def changed(node: NodeHead) -> Metadata:
            if node.kind != REPLY and self._settings.design == "repaired":
                raise ReplyNotFound(f"node {reply_id} is a {node.kind}")
            return {**node.metadata, "reply_status": status}

        return self._write(context, reply_id, changed)

    def _write(self, context: Context, node_id: str, changed: Change) -> Steps[None]:
        """Rewrite the whole document: on what was read before, as built; on the locked row, repaired."""
        if self._settings.writes_flags == "row_lock":
            with (yield from self._nodes.begin(context)) as work:
                held = yield from work.hold(node_id)
                yield from work.update(held, NodeChanges(metadata=changed(held)))
                yield from work.commit()
            return
        node = yield from self._nodes.get(context, node_id)
        expected = node.version if self._settings.writes_flags == "versioned" else None
        changes = NodeChanges(metadata=changed(node), expected_version=expected)
        yield from self._nodes.update(context, node_id, changes)


def _flag(node: NodeHead, step: TopicStep) -> Metadata:
    if step not in _FLAGS:
        raise InvalidTransition(str(flags_of(node)["forum_status"]), step)
    name, value = _FLAGS[step]
    return {name: value}


def _step(node: NodeHead, step: TopicStep) -> Metadata:
    state: Any = topics.restore(flags_of(node))
    take = getattr(state, step, None)
    if take is None:
        raise InvalidTransition(type(state).__name__.lower(), step)
    return topics.columns_of(take())
