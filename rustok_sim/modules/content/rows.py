"""Nodes as rows, and rows as nodes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

from rustok_sim.core.content import KEEP, Body, ListedNode, NewNode, Node, NodeChanges, NodeHead, Translation
from rustok_sim.core.data import Operand, Row, Value, col

DOCUMENTS: Final = json.JSONEncoder(sort_keys=True)
HEAD: Final = tuple(field.name for field in fields(NodeHead))
ONE_MORE: Final = col("version").plus(1)


def _head(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "tenant_id": row["tenant_id"],
        "kind": row["kind"],
        "status": row["status"],
        "parent_id": row["parent_id"],
        "author_id": row["author_id"],
        "category_id": row["category_id"],
        "position": row["position"],
        "depth": row["depth"],
        "reply_count": row["reply_count"],
        "metadata": json.loads(row["metadata"]),
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "published_at": row["published_at"],
        "version": row["version"],
    }


def head_of(row: Row) -> NodeHead:
    """The node of a row of ``nodes``."""
    return NodeHead(**_head(row))


def whole_of(head: NodeHead, translations: Sequence[Row], bodies: Sequence[Row]) -> Node:
    """The node with its texts."""
    texts = tuple(map(_translation_of, translations)), tuple(map(_body_of, bodies))
    return Node(**{name: getattr(head, name) for name in HEAD}, translations=texts[0], bodies=texts[1])


def listed_of(row: Row, translation: Row | None) -> ListedNode:
    """The node as a list shows it."""
    shown: Mapping[str, Any] = translation or {}
    return ListedNode(**_head(row), title=shown.get("title"), slug=shown.get("slug"), excerpt=shown.get("excerpt"))


def _translation_of(row: Mapping[str, Any]) -> Translation:
    return Translation(locale=row["locale"], title=row["title"], slug=row["slug"], excerpt=row["excerpt"])


def _body_of(row: Mapping[str, Any]) -> Body:
    return Body(locale=row["locale"], body=row["body"], format=row["format"])


def node_row(node_id: str, new: NewNode, *, author_id: str | None, at_s: float) -> Row:
    """The row of a new node, but for its tenant and what its status decides."""
    return {
        "id": node_id,
        "parent_id": new.parent_id,
        "author_id": author_id,
        "kind": new.kind,
        "category_id": new.category_id,
        "position": new.position,
        "depth": new.depth,
        "reply_count": 0,
        "metadata": DOCUMENTS.encode(new.metadata),
        "created_at": at_s,
        "updated_at": at_s,
        "version": 1,
    }


def translation_row(row_id: str, node_id: str, translation: Translation, *, slug: str, at_s: float) -> Row:
    """The row of a translation, but for its tenant."""
    return {
        "id": row_id,
        "node_id": node_id,
        "locale": translation.locale,
        "title": translation.title,
        "slug": slug,
        "excerpt": translation.excerpt,
        "created_at": at_s,
        "updated_at": at_s,
    }


def body_row(row_id: str, node_id: str, body: Body, *, at_s: float) -> Row:
    """The row of a body, but for its tenant."""
    return {
        "id": row_id,
        "node_id": node_id,
        "locale": body.locale,
        "body": body.body,
        "format": body.format,
        "updated_at": at_s,
    }


def new_version() -> dict[str, Operand]:
    """The column that every write changes."""
    return {"version": ONE_MORE}


def changed_columns(changes: NodeChanges) -> dict[str, Operand]:
    """The columns that *changes* name, but for the status; and the next version."""
    columns = new_version()
    named: tuple[tuple[str, Value], ...] = (
        ("position", changes.position),
        ("depth", changes.depth),
        ("reply_count", changes.reply_count),
    )
    columns.update({name: value for name, value in named if value is not None})
    if changes.parent_id is not KEEP:
        columns["parent_id"] = changes.parent_id
    if changes.author_id is not KEEP:
        columns["author_id"] = changes.author_id
    if changes.category_id is not KEEP:
        columns["category_id"] = changes.category_id
    if changes.metadata is not None:
        columns["metadata"] = DOCUMENTS.encode(changes.metadata)
    return columns
