"""Several changes to nodes in one transaction."""

from types import TracebackType
from typing import Final, Literal, Self

from rustok_sim.core.auth import Action
from rustok_sim.core.content import NewNode, NodeChanges, NodeHead
from rustok_sim.core.context import Context
from rustok_sim.core.data import Transaction, col, same
from rustok_sim.core.ports import Steps
from rustok_sim.modules.content.errors import NodeNotFound
from rustok_sim.modules.content.permissions import Guard
from rustok_sim.modules.content.rows import head_of
from rustok_sim.modules.content.tables import NODES
from rustok_sim.modules.content.writing import NodeWriter

ID: Final = col("id")


class Work:
    """A :class:`rustok_sim.core.content.NodeWork` on a transaction that has begun."""

    __slots__ = ("_context", "_guard", "_tx", "_writer")

    def __init__(self, writer: NodeWriter, guard: Guard, context: Context, tx: Transaction) -> None:
        self._writer = writer
        self._guard = guard
        self._context = context
        self._tx = tx

    def __enter__(self) -> Self:
        self._tx.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tx.__exit__(kind, error, trace)

    def commit(self) -> Steps[None]:
        """Make it last. Raises ``DatabaseError``."""
        return self._tx.commit()

    def create(self, new: NewNode) -> Steps[str]:
        """Write a node; its identifier. Raises ``Forbidden``, ``Validation``."""
        author_id = self._guard.author_of_new(self._context.actor, new)
        self._writer.check(new)
        return self._writer.insert(self._tx, self._context, new, author_id)

    def read(self, node_id: str) -> Steps[NodeHead]:
        """Read a node, which others may change meanwhile. Raises ``NodeNotFound``."""
        return self._found(node_id, None)

    def hold(self, node_id: str) -> Steps[NodeHead]:
        """Read a node and lock it until the end. Raises ``NodeNotFound``."""
        return self._found(node_id, "update")

    def children(self, parent_id: str, kind: str) -> Steps[list[NodeHead]]:
        """The nodes of this kind right under *parent_id*, locked until the end, in order of their ids."""
        of_parent = same(parent_id=parent_id, kind=kind)
        rows = yield from self._writer.reach(self._tx).select(NODES, of_parent, lock="update")
        return [head_of(row) for row in rows]

    def update(self, node: NodeHead, changes: NodeChanges) -> Steps[NodeHead]:
        """Change a node; the node as written. Raises ``Forbidden``, and what :meth:`touch` raises."""
        self._guard.check_update(self._context.actor, node, changes)
        return self.touch(node, changes)

    def touch(self, node: NodeHead, changes: NodeChanges) -> Steps[NodeHead]:
        """Change a node on the platform's own behalf. Raises ``Validation``, ``InvalidTransition``, ``StaleEdit``."""
        return self._writer.edit(self._tx, self._context, node, changes)

    def publish(self, node: NodeHead) -> Steps[NodeHead]:
        """Show a node to readers; the node as written. Raises ``Forbidden``, ``InvalidTransition``."""
        self._guard.check(self._context.actor, Action.UPDATE, node)
        return self._writer.step(self._tx, self._context, node, "publish")

    def delete(self, node: NodeHead) -> Steps[None]:
        """Remove a node and all under it. Raises ``Forbidden``."""
        self._guard.check(self._context.actor, Action.DELETE, node)
        return self._writer.remove(self._tx, self._context, node)

    def _found(self, node_id: str, lock: Literal["update"] | None) -> Steps[NodeHead]:
        row = yield from self._writer.reach(self._tx).first(NODES, (ID.equals(node_id),), lock=lock)
        if row is None:
            raise NodeNotFound(f"no node {node_id}")
        return head_of(row)
