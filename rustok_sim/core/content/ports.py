"""What other modules ask of content, which one module answers."""

from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self, TypeAlias

from rustok_sim.core.auth import Action, Actor, Scope
from rustok_sim.core.content.records import NewNode, Node, NodeChanges, NodeFilter, NodeHead, NodePage
from rustok_sim.core.context import Context
from rustok_sim.core.ports import Steps

Policy: TypeAlias = Callable[[Actor, str, Action], Scope]
"""In which scope an actor may do something to nodes of a kind."""


class NodeWork(Protocol):
    """Several changes in one transaction; for ``with``, which rolls back what was not committed.

    Every step asks for permission, but for :meth:`touch`.
    """

    def __enter__(self) -> Self:
        """Begun already."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Roll back what is not committed."""
        ...

    def create(self, new: NewNode) -> Steps[str]:
        """Write a node; its identifier. Raises ``Forbidden``, ``Validation``."""
        ...

    def read(self, node_id: str) -> Steps[NodeHead]:
        """Read a node, which others may change meanwhile. Raises ``NotFound``."""
        ...

    def hold(self, node_id: str) -> Steps[NodeHead]:
        """Read a node and lock it until the end. Raises ``NotFound``."""
        ...

    def children(self, parent_id: str, kind: str) -> Steps[list[NodeHead]]:
        """The nodes of this kind under *parent_id*, locked until the end."""
        ...

    def update(self, node: NodeHead, changes: NodeChanges) -> Steps[NodeHead]:
        """Change a node; the node as written. Raises ``Forbidden``, ``Validation``, ``Conflict``."""
        ...

    def touch(self, node: NodeHead, changes: NodeChanges) -> Steps[NodeHead]:
        """Change a node on the platform's own behalf, whoever asks."""
        ...

    def publish(self, node: NodeHead) -> Steps[NodeHead]:
        """Show a node to readers; the node as written. Raises ``Forbidden``."""
        ...

    def delete(self, node: NodeHead) -> Steps[None]:
        """Remove a node and all under it. Raises ``Forbidden``."""
        ...

    def commit(self) -> Steps[None]:
        """Make it last. Raises ``DatabaseError``."""
        ...


class Nodes(Protocol):
    """The nodes of all tenants. What names a node that is not there raises ``NotFound``."""

    def under(self, policy: Policy) -> "Nodes":
        """The same nodes under other permissions than those of their kinds' resources."""
        ...

    def create(self, context: Context, new: NewNode) -> Steps[Node]:
        """Write a node. Raises ``Forbidden``, ``Validation``."""
        ...

    def get(self, context: Context, node_id: str) -> Steps[Node]:
        """A node as a whole; everybody may read."""
        ...

    def get_by_slug(self, context: Context, kind: str, slug: str) -> Steps[Node | None]:
        """The node of this kind that has the slug in the context's language; if several have, any one of them."""
        ...

    def page(self, context: Context, wanted: NodeFilter) -> Steps[NodePage]:
        """One page of a list. Raises ``Forbidden``; who may only list their own sees no others."""
        ...

    def update(self, context: Context, node_id: str, changes: NodeChanges) -> Steps[Node]:
        """Change a node. Raises ``Forbidden``, ``Validation``, ``Conflict``."""
        ...

    def publish(self, context: Context, node_id: str) -> Steps[Node]:
        """Show a node to readers. Raises ``Forbidden``."""
        ...

    def unpublish(self, context: Context, node_id: str) -> Steps[Node]:
        """Make a node a draft again. Raises ``Forbidden``, and ``BusinessRule`` where there is no such step."""
        ...

    def delete(self, context: Context, node_id: str) -> Steps[None]:
        """Remove a node and all under it. Raises ``Forbidden``."""
        ...

    def begin(self, context: Context) -> Steps[NodeWork]:
        """Begin several changes that last together."""
        ...
