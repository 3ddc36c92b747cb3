"""Writing nodes within a transaction, without asking who may."""

from typing import Final

from rustok_sim.core.content import Keep, NewNode, NodeChanges, NodeHead
from rustok_sim.core.context import Context
from rustok_sim.core.data import Condition, Operand, Transaction, col
from rustok_sim.core.errors import NotFound, Validation
from rustok_sim.core.events import Event, NodeCreated, NodeDeleted, NodePublished, NodeUnpublished, NodeUpdated
from rustok_sim.core.ports import Steps
from rustok_sim.core.shared import Shared
from rustok_sim.modules.content.errors import NodeNotFound, StaleEdit
from rustok_sim.modules.content.rows import changed_columns, head_of, new_version, node_row
from rustok_sim.modules.content.rules import check_changes, check_new
from rustok_sim.modules.content.settings import ContentSettings
from rustok_sim.modules.content.states import AnyToAny, States, Step, Typed
from rustok_sim.modules.content.tables import CATEGORIES, NODES
from rustok_sim.modules.content.texts import Place, Texts

ID: Final = col("id")
VERSION: Final = col("version")


class NodeWriter:
    """Writes rows and raises events; these are stamped with the caller's tenant, whosever the node is."""

    __slots__ = ("_checked", "_scoped", "_shared", "_states", "_texts", "_versioned")

    def __init__(self, shared: Shared, settings: ContentSettings) -> None:
        self._shared = shared
        self._texts = Texts(shared.ids, settings)
        self._states: States = Typed() if settings.states == "typed" else AnyToAny()
        self._scoped = settings.isolation_of_tenants == "scoped"
        self._checked = settings.rules == "checked"
        self._versioned = settings.edits == "versioned"

    def reach(self, tx: Transaction) -> Transaction:
        """The transaction as it reaches nodes by id: those of all tenants, as built."""
        return tx if self._scoped else tx.across_tenants("D1")

    def check(self, new: NewNode) -> None:
        """Raises ``Validation`` for a node that may not be written, whoever asks."""
        if self._checked:
            check_new(new)
        if not new.translations:
            raise Validation("a node needs at least one translation")

    def insert(self, tx: Transaction, context: Context, new: NewNode, author_id: str | None) -> Steps[str]:
        """Write a node with its texts and its event; its identifier.

        As in RusToK, depth is the caller's word, and the parent's count of replies stays as it is.
        """
        yield from self._check_place(tx, new.parent_id, new.category_id)
        at_s, node_id, tenant_id = self._shared.runtime.clock(), self._shared.ids.new(context.call), context.tenant_id
        row = node_row(node_id, new, author_id=author_id, at_s=at_s) | self._states.first(node_id, new.status, at_s)
        yield from tx.insert(NODES, {**row, "tenant_id": tenant_id})
        yield from self._texts.add(Place(tx, context.call, node_id, tenant_id), new.translations, new.bodies, at_s)
        yield from self._tell(tx, context, NodeCreated(node_id, new.kind, author_id))
        if self._states.tells and row["status"] == "published":
            yield from self._tell(tx, context, NodePublished(node_id, new.kind))
        return node_id

    def edit(self, tx: Transaction, context: Context, node: NodeHead, changes: NodeChanges) -> Steps[NodeHead]:
        """Write the texts, then the row, then the event; the node as written.

        Where versions are asked for, the row is first: who is late meets its version, not another's text.

        Raises ``Validation``, ``InvalidTransition``, ``StaleEdit``, ``DuplicateSlug``, ``NodeNotFound``.
        """
        if self._checked:
            check_changes(changes)
        yield from self._check_place(tx, changes.parent_id, changes.category_id)
        at_s, reach = self._shared.runtime.clock(), self.reach(tx)
        columns = {**changed_columns(changes), **self._states.edited(node, changes.status, at_s)}
        place = Place(reach, context.call, node.id, node.tenant_id)
        texts = self._texts.replace(place, changes.translations, changes.bodies, at_s)
        if not self._versioned:
            yield from texts
        after = yield from self._write(reach, node, columns, changes.expected_version)
        if self._versioned:
            yield from texts
        self._note(tx, context, node, after)
        yield from self._tell(tx, context, NodeUpdated(node.id, node.kind))
        if self._states.tells and after.status == "published" != node.status:
            yield from self._tell(tx, context, NodePublished(node.id, node.kind))
        return after

    def step(self, tx: Transaction, context: Context, node: NodeHead, step: Step, reason: str = "") -> Steps[NodeHead]:
        """Move the status and say so; the node as written. Raises ``InvalidTransition``, ``StaleEdit``."""
        columns = {**new_version(), **self._states.stepped(node, step, self._shared.runtime.clock(), reason)}
        after = yield from self._write(self.reach(tx), node, columns, None)
        self._note(tx, context, node, after)
        yield from self._tell(tx, context, NodeUpdated(node.id, node.kind))
        if step == "publish":
            yield from self._tell(tx, context, NodePublished(node.id, node.kind))
        elif step == "unpublish":
            yield from self._tell(tx, context, NodeUnpublished(node.id, node.kind))
        return after

    def remove(self, tx: Transaction, context: Context, node: NodeHead) -> Steps[None]:
        """Remove a node; what is under it goes with it, without an event of its own. Raises ``NodeNotFound``."""
        if not (yield from self.reach(tx).delete(NODES, (ID.equals(node.id),))):
            raise NodeNotFound(f"node {node.id} is gone")
        yield from self._tell(tx, context, NodeDeleted(node.id, node.kind))

    def _write(
        self, reach: Transaction, node: NodeHead, columns: dict[str, Operand], expected: int | None
    ) -> Steps[NodeHead]:
        where: tuple[Condition, ...] = (ID.equals(node.id),)
        if self._versioned or expected is not None:
            where = (*where, VERSION.equals(node.version if expected is None else expected))
        rows = yield from reach.update_returning(NODES, columns, where)
        if rows:
            return head_of(rows[0])
        if len(where) > 1:
            raise StaleEdit(f"node {node.id} was changed since version {node.version}")
        raise NodeNotFound(f"node {node.id} is gone")

    def _check_place(
        self, tx: Transaction, parent_id: str | Keep | None, category_id: str | Keep | None
    ) -> Steps[None]:
        """Scoped: one read for each that is given. As built, any tenant's will do, if it is there at all."""
        if not self._scoped:
            return
        if isinstance(parent_id, str) and not (yield from tx.count(NODES, (ID.equals(parent_id),))):
            raise NodeNotFound(f"no node {parent_id} to stand under")
        if isinstance(category_id, str) and not (yield from tx.count(CATEGORIES, (ID.equals(category_id),))):
            raise NotFound(f"no category {category_id}")

    def _tell(self, tx: Transaction, context: Context, event: Event) -> Steps[None]:
        return self._shared.publisher.publish_in(tx, context, event)

    def _note(self, tx: Transaction, context: Context, before: NodeHead, after: NodeHead) -> None:
        """Say, when the transaction commits, which version was written upon which: what lies between is lost."""
        record = self._shared.runtime.record
        tx.after_commit(
            lambda: record(
                "content.changed", context.call, site=after.id, status=before.version, value=float(after.version)
            )
        )
