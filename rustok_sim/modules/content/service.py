"""RusToK's NodeService: each operation costs the round trips that its docstring says."""

from rustok_sim.core.auth import Action
from rustok_sim.core.content import NewNode, Node, NodeChanges, NodeFilter, NodePage, Policy
from rustok_sim.core.context import Context
from rustok_sim.core.ports import Steps
from rustok_sim.core.shared import Shared
from rustok_sim.modules.content.permissions import Guard, by_resource
from rustok_sim.modules.content.reading import NodeReader
from rustok_sim.modules.content.settings import ContentSettings
from rustok_sim.modules.content.states import Step
from rustok_sim.modules.content.work import Work
from rustok_sim.modules.content.writing import NodeWriter


class NodeService:
    """A :class:`rustok_sim.core.content.Nodes`. Begin and commit are a round trip each, as is any statement."""

    __slots__ = ("_guard", "_reader", "_settings", "_shared", "_writer")

    def __init__(self, shared: Shared, settings: ContentSettings, *, policy: Policy = by_resource) -> None:
        self._shared = shared
        self._settings = settings
        self._guard = Guard(policy, named=settings.ownership == "named")
        self._reader = NodeReader(shared.store, settings)
        self._writer = NodeWriter(shared, settings)

    def under(self, policy: Policy) -> "NodeService":
        """The same nodes under other permissions than those of their kinds' resources."""
        return NodeService(self._shared, self._settings, policy=policy)

    def create(self, context: Context, new: NewNode) -> Steps[Node]:
        """Write a node: begin, one row, one per translation, two per body, one event, commit; then read it (3).

        Raises ``Forbidden``, ``Validation``, ``InvalidTransition``, ``DuplicateSlug``.
        """
        author_id = self._guard.author_of_new(context.actor, new)
        self._writer.check(new)
        with (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            node_id = yield from self._writer.insert(tx, context, new, author_id)
            yield from tx.commit()
        return (yield from self.get(context, node_id))

    def get(self, context: Context, node_id: str) -> Steps[Node]:
        """A node as a whole, in three reads; whoever asks may read. Raises ``NodeNotFound``."""
        head = yield from self._reader.head(context, node_id)
        return (yield from self._reader.with_texts(context, head))

    def get_by_slug(self, context: Context, kind: str, slug: str) -> Steps[Node | None]:
        """The tenant's node of this kind with the slug in the context's language, in up to four reads."""
        return self._reader.by_slug(context, kind, slug)

    def page(self, context: Context, wanted: NodeFilter) -> Steps[NodePage]:
        """One page of the tenant's nodes, in three reads. Raises ``Forbidden``."""
        return self._reader.page(context, self._guard, wanted)

    def update(self, context: Context, node_id: str, changes: NodeChanges) -> Steps[Node]:
        """Change a node: read it; begin, texts, the row, one event, commit; read its texts (2).

        As built, what others wrote since that first read is written over (D15). Raises ``NodeNotFound``,
        ``Forbidden``, ``Validation``, ``InvalidTransition``, ``StaleEdit``, ``DuplicateSlug``.
        """
        node = yield from self._reader.head(context, node_id)
        self._guard.check_update(context.actor, node, changes)
        with (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            after = yield from self._writer.edit(tx, context, node, changes)
            yield from tx.commit()
        return (yield from self._reader.with_texts(context, after))

    def publish(self, context: Context, node_id: str) -> Steps[Node]:
        """Show a node to readers: read it; begin, the row, two events, commit; read its texts (2).

        Raises ``NodeNotFound``, ``Forbidden``, ``InvalidTransition``, ``StaleEdit``.
        """
        return self._step(context, node_id, "publish")

    def unpublish(self, context: Context, node_id: str) -> Steps[Node]:
        """Make a node a draft again, as :meth:`publish`; under typed states there is no such step."""
        return self._step(context, node_id, "unpublish")

    def archive(self, context: Context, node_id: str, reason: str) -> Steps[Node]:
        """Hide a node for a reason, as :meth:`publish`, with one event: no event says archived."""
        return self._step(context, node_id, "archive", reason)

    def restore(self, context: Context, node_id: str) -> Steps[Node]:
        """Make a hidden node a draft, as :meth:`archive`; under typed states it counts as created now."""
        return self._step(context, node_id, "restore")

    def delete(self, context: Context, node_id: str) -> Steps[None]:
        """Remove a node and all under it: read it; begin, the row, one event, commit.

        Raises ``NodeNotFound``, ``Forbidden``.
        """
        node = yield from self._reader.head(context, node_id)
        self._guard.check(context.actor, Action.DELETE, node)
        with (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            yield from self._writer.remove(tx, context, node)
            yield from tx.commit()

    def begin(self, context: Context) -> Steps[Work]:
        """Begin several changes that last together."""
        tx = yield from self._shared.store.transaction(context.call, context.tenant_id)
        return Work(self._writer, self._guard, context, tx)

    def _step(self, context: Context, node_id: str, step: Step, reason: str = "") -> Steps[Node]:
        node = yield from self._reader.head(context, node_id)
        self._guard.check(context.actor, Action.UPDATE, node)
        with (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            after = yield from self._writer.step(tx, context, node, step, reason)
            yield from tx.commit()
        return (yield from self._reader.with_texts(context, after))
