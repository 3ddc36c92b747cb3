"""Where keys and values stand in a TOML text.

The standard library's parser gives values without places, tree-sitter gives places without values; the two meet in
the key path. A text that tree-sitter reads otherwise than the parser costs a place, never a value.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from tree_sitter import Language, Node, Parser
from tree_sitter_toml import language

from rustok_sim.scenario.findings import KeyPath

Place: TypeAlias = tuple[int, int]
"""Line and column, both from 1; columns count characters."""


@dataclass(frozen=True, slots=True)
class _Spot:
    key: Node
    value: Node


class Positions:
    """The places of one text, which is TOML."""

    def __init__(self, text: str) -> None:
        content = text.encode("utf-8")
        self._lines = content.split(b"\n")
        self._spots: dict[KeyPath, _Spot] = {}
        self._counts: dict[KeyPath, int] = {}
        self._read_document(Parser(Language(language())).parse(content).root_node)

    def find(self, path: KeyPath, *, at: Literal["key", "value"] = "value") -> Place:
        """The place of the key or of its value; of the nearest table above where the key does not stand.

        The value of a table with a header is the header.
        """
        for length in range(len(path), 0, -1):
            spot = self._spots.get(path[:length])
            if spot is not None:
                return self._place(spot.key if at == "key" and length == len(path) else spot.value)
        return 1, 1

    def _place(self, node: Node) -> Place:
        row, column = node.start_point
        return row + 1, len(self._lines[row][:column].decode("utf-8", "replace")) + 1

    def _read_document(self, document: Node) -> None:
        for node in document.named_children:
            match node.type:
                case "pair":
                    self._read_pair(node, ())
                case "table":
                    self._read_pairs(node, self._header(node))
                case "table_array_element":
                    self._read_pairs(node, self._next_entry(node))

    def _header(self, node: Node) -> KeyPath:
        key = node.named_children[0]
        path = self._into((), key, node)
        self._spots[path] = _Spot(self._spots[path].key, node)
        return path

    def _next_entry(self, node: Node) -> KeyPath:
        path = self._into((), node.named_children[0], node)
        index = self._counts[path] = self._counts.get(path, -1) + 1
        self._spots[*path, index] = _Spot(node, node)
        return (*path, index)

    def _into(self, path: KeyPath, key: Node, value: Node) -> KeyPath:
        """The path of a dotted key; in arrays of tables a header goes on in the last entry."""
        for name, part in _parts(key):
            if path in self._counts:
                path = (*path, self._counts[path])
            path = (*path, name)
            self._spots.setdefault(path, _Spot(part, value))
        return path

    def _read_pairs(self, parent: Node, path: KeyPath) -> None:
        for node in parent.named_children:
            if node.type == "pair":
                self._read_pair(node, path)

    def _read_pair(self, pair: Node, path: KeyPath) -> None:
        nodes = [node for node in pair.named_children if node.type != "comment"]
        if len(nodes) == 2:  # else tree-sitter has lost its way here
            key, value = nodes
            self._read_value(value, self._into(path, key, value))

    def _read_value(self, value: Node, path: KeyPath) -> None:
        if value.type == "inline_table":
            self._read_pairs(value, path)
        elif value.type == "array":
            entries = (node for node in value.named_children if node.type != "comment")
            for index, entry in enumerate(entries):
                self._spots[*path, index] = _Spot(entry, entry)
                self._read_value(entry, (*path, index))


def _parts(key: Node) -> Iterator[tuple[str, Node]]:
    """The names of a dotted key, from the left."""
    nodes = []
    while key.type == "dotted_key":
        first, *_, last = key.named_children
        nodes.append(last)
        key = first
    nodes.append(key)
    return ((_name(node), node) for node in reversed(nodes))


def _name(node: Node) -> str:
    text = (node.text or b"").decode("utf-8", "replace")
    if node.type == "bare_key":
        return text
    try:
        return next(iter(tomllib.loads(f"{text} = 0")))
    except tomllib.TOMLDecodeError:
        return text
