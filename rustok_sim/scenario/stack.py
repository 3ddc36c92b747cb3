"""The layers of one scenario: what they give together, and which of them a problem is in."""

from collections.abc import Mapping, Sequence
from enum import Enum, auto

from rustok_sim.core.errors import Problem
from rustok_sim.scenario.findings import Finding, KeyPath
from rustok_sim.scenario.layers import Layer
from rustok_sim.scenario.merge import merge
from rustok_sim.scenario.overrides import Override, apply


class _Seen(Enum):
    HERE = auto()
    ABSENT = auto()
    HIDES = auto()


class Stack:
    """Files, the lowest first, and what is set on top of them."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = layers
        self.overrides: list[Override] = []
        self.values: dict[str, object] = {}
        for layer in layers:
            self.values = merge(self.values, {key: value for key, value in layer.values.items() if key != "extends"})

    def set(self, override: Override) -> Problem | None:
        """Set one value, or say why it cannot be set."""
        applied, problem = apply(self.values, override)
        if problem is None:
            self.overrides.append(applied)
        return problem

    def problem(self, finding: Finding) -> Problem:
        """The finding with its place: in the layer that has the last word on its path, or on a table above it."""
        for length in range(len(finding.path), 0, -1):
            path = finding.path[:length]
            for override in reversed(self.overrides):
                if _holds(override, path):
                    return override.problem(finding.path, finding.message)
            layer = self._owner(path)
            if layer is not None:
                return layer.problem(finding)
            for override in reversed(self.overrides):
                if override.path[:length] == path:
                    return override.problem(finding.path, finding.message)
        return self.layers[-1].problem(finding)

    def _owner(self, path: KeyPath) -> Layer | None:
        for layer in reversed(self.layers):
            match _look(layer.values, path):
                case _Seen.HERE:
                    return layer
                case _Seen.HIDES:
                    return None
        return None

    def order(self, problem: Problem) -> tuple[int, int, int]:
        """Problems of the topmost file come first, those of overrides last."""
        names = [layer.name for layer in reversed(self.layers)]
        file = names.index(problem.file) if problem.file in names else len(names)
        return file, problem.line, problem.column


def _holds(override: Override, path: KeyPath) -> bool:
    depth = len(override.path)
    return path[:depth] == override.path and _look(override.value, path[depth:]) is _Seen.HERE


def _look(value: object, path: KeyPath) -> _Seen:
    """Whether *value* has something at *path*; an array or single value on the way hides what lies below it."""
    absent = _Seen.ABSENT
    for part in path:
        if isinstance(value, Mapping):
            if part not in value:
                return absent
            value = value[part]
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value, absent = value[part], _Seen.HIDES
        else:
            return _Seen.HIDES
    return _Seen.HERE
