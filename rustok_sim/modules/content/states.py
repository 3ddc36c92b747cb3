"""What a status may become: anything, as RusToK's service has it, or what the typed machine allows."""

from typing import Final, Literal, Protocol, TypeAlias

from rustok_sim.core.content import NodeHead, Status
from rustok_sim.core.content_states import nodes
from rustok_sim.core.data import Row
from rustok_sim.core.lifecycle import InvalidTransition

Step: TypeAlias = Literal["publish", "unpublish", "archive", "restore"]

_WAYS: Final = {
    ("draft", "published"): "publish",
    ("published", "archived"): "archive",
    ("archived", "draft"): "restore",
}


class States(Protocol):
    """One design of a node's life: each answers with the columns to write."""

    tells: bool
    """Whether a node that becomes published by its creation or an edit is announced as published."""

    def first(self, node_id: str, status: Status, at_s: float) -> Row:
        """A new node in this status. Raises ``InvalidTransition``."""
        ...

    def edited(self, node: NodeHead, status: Status | None, at_s: float) -> Row:
        """An edit, which may name a status. Raises ``InvalidTransition``."""
        ...

    def stepped(self, node: NodeHead, step: Step, at_s: float, reason: str = "") -> Row:
        """A step by its name. Raises ``InvalidTransition``."""
        ...


class AnyToAny:
    """RusToK's service: nothing is asked of the status a node has. An edit moves the status and no moment."""

    tells = False

    def first(self, node_id: str, status: Status, at_s: float) -> Row:
        """In any status."""
        return {"status": status, "published_at": at_s if status == "published" else None}

    def edited(self, node: NodeHead, status: Status | None, at_s: float) -> Row:
        """Into any status."""
        return {"updated_at": at_s} if status is None else {"status": status, "updated_at": at_s}

    def stepped(self, node: NodeHead, step: Step, at_s: float, reason: str = "") -> Row:
        """From any status."""
        match step:
            case "publish":
                return {"status": "published", "published_at": at_s, "updated_at": at_s}
            case "archive":
                return {"status": "archived", "archive_reason": reason, "updated_at": at_s}
        return {"status": "draft", "published_at": None, "updated_at": at_s}


class Typed:
    """The machine of :mod:`rustok_sim.core.content_states.nodes`; deletion is no step of it, and stays possible."""

    tells = True

    def first(self, node_id: str, status: Status, at_s: float) -> Row:
        """A draft, and published right after if that is asked for."""
        draft = nodes.Draft.create(node_id, at_s=at_s)
        if status == "archived":
            raise InvalidTransition("draft", "archive")
        return nodes.columns_of(draft if status == "draft" else draft.publish(at_s=at_s))

    def edited(self, node: NodeHead, status: Status | None, at_s: float) -> Row:
        """By a step if the status is another one."""
        if status is not None and status != node.status:
            step = _WAYS.get((node.status, status))
            if step is None:
                raise InvalidTransition(node.status, f"to {status}")
            return self._after(node, step, at_s)
        return self._after(node, "update", at_s)

    def stepped(self, node: NodeHead, step: Step, at_s: float, reason: str = "") -> Row:
        """If the node's state has the step."""
        return self._after(node, step, at_s, reason)

    def _after(self, node: NodeHead, step: str, at_s: float, reason: str = "") -> Row:
        match _restored(node), step:
            case (nodes.Draft() | nodes.Published()) as state, "update":
                return nodes.columns_of(state.update(at_s=at_s))
            case nodes.Draft() as draft, "publish":
                return nodes.columns_of(draft.publish(at_s=at_s))
            case nodes.Published() as published, "archive":
                return {**nodes.columns_of(published.archive(reason=reason, at_s=at_s)), "archive_reason": reason}
            case nodes.Archived() as archived, "restore":
                draft = archived.restore(at_s=at_s)
                return {**nodes.columns_of(draft), "created_at": draft.created_at_s, "archive_reason": None}
        raise InvalidTransition(node.status, step)


def _restored(node: NodeHead) -> nodes.Node:
    return nodes.restore(
        {
            "id": node.id,
            "status": node.status,
            "created_at": node.created_at,
            "updated_at": node.updated_at,
            "published_at": node.published_at,
        }
    )
