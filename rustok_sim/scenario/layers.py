"""The files that a scenario is made of: read, parsed, and followed along ``extends``."""

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from rustok_sim.core.errors import Problem, ScenarioError
from rustok_sim.scenario.datafiles import marked
from rustok_sim.scenario.findings import Finding, dotted, escaped, shown
from rustok_sim.scenario.plain import DEPTH_MAX, plain

if TYPE_CHECKING:
    from rustok_sim.scenario.positions import Positions

SIZE_MAX_BYTES = 1_048_576
"""No scenario file is larger; what is larger is not one."""

SCHEMA_VERSION = 1
"""The version of the format that is read."""

_NAME = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_DEEP_KEY = re.compile(rf"(?:^|[\[{{,])[ \t]*(?:{_NAME}[ \t]*\.[ \t]*){{{DEPTH_MAX}}}", re.MULTILINE)
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True)
class Layer:
    """One file, and what it holds."""

    path: Path
    text: str
    values: Mapping[str, object]
    findings: tuple[Finding, ...] = ()

    @property
    def name(self) -> str:
        """The file as messages show it."""
        return escaped(str(self.path))

    @cached_property
    def positions(self) -> "Positions":
        """Where its keys and values stand."""
        from rustok_sim.scenario.positions import Positions  # only a file with a mistake needs the second parser

        return Positions(self.text)

    def problem(self, finding: Finding) -> Problem:
        """The finding, with its line and column in this file."""
        line, column = self.positions.find(finding.path, at=finding.at)
        return Problem(self.name, line, column, dotted(finding.path), finding.message)


def asks(values: Mapping[str, object]) -> bool:
    """Whether these are a study's values and no scenario's: it asks a question, or has a base."""
    return not {"question", "base"}.isdisjoint(values)


def read_chain(path: Path) -> list[Layer]:
    """The file and all it extends, the last extended one first. Raises ``ScenarioError``."""
    return extended(read_layer(path))


def extended(layer: Layer) -> list[Layer]:
    """*layer* and all it extends, the last extended one first. Raises ``ScenarioError``."""
    layers = [layer]
    seen = [os.path.realpath(layer.path)]
    while (parent := _parent(layers[-1])) is not None:
        real = os.path.realpath(parent)
        if real in seen:
            names = [layer.name for layer in layers[seen.index(real) :]]
            circle = " -> ".join([*names, names[0]])
            raise _at_extends(layers[-1], f"goes in a circle: {circle}, allowed: a chain with an end")
        layers.append(_read_parent(layers[-1], parent))
        seen.append(real)
    return layers[::-1]


def _parent(layer: Layer) -> Path | None:
    extends = layer.values.get("extends")
    if extends is None:
        return None
    if not isinstance(extends, str) or not extends or Path(extends).is_absolute():
        raise _at_extends(layer, f"must be the path of a file, relative to this one, not {shown(extends)}")
    return Path(os.path.normpath(layer.path.parent / extends))


def _read_parent(child: Layer, path: Path) -> Layer:
    try:
        text = read_text(path)
    except ScenarioError as error:
        raise _at_extends(child, f"names {escaped(str(path))}, which {error.problems[0].message}") from None
    return parse(text, path)


def _at_extends(layer: Layer, message: str) -> ScenarioError:
    return ScenarioError([layer.problem(Finding(("extends",), message))])


def read_layer(path: Path) -> Layer:
    """One file alone. Raises ``ScenarioError``."""
    return parse(read_text(path), path)


def read_text(path: Path) -> str:
    """The text of a regular file of UTF-8 and bearable size. Raises ``ScenarioError``."""
    content = _read(path)
    if len(content) > SIZE_MAX_BYTES:
        raise _refused(path, f"is larger than 1 MiB ({SIZE_MAX_BYTES:,} bytes), allowed: a scenario file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _refused(path, "is not UTF-8 text, as TOML must be", line=line) from None


def _read(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISREG(mode):
            with path.open("rb") as stream:
                return stream.read(SIZE_MAX_BYTES + 1)
    except FileNotFoundError:
        raise _refused(path, "does not exist") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise _refused(path, f"cannot be read: {reason}") from None
    kind = "a directory" if stat.S_ISDIR(mode) else "no regular file (a pipe, a device or a socket)"
    raise _refused(path, f"is {kind}, allowed: a scenario file")


def _refused(path: Path, message: str, *, line: int = 0, column: int = 0) -> ScenarioError:
    return ScenarioError([Problem(escaped(str(path)), line, column, "", message)])


def parse(text: str, path: Path) -> Layer:
    """The TOML text as a layer. Raises ``ScenarioError`` with line and column where it is not TOML."""
    if _DEEP_KEY.search(text):  # the parser would need memory by the square of the depth
        raise _refused(path, "is nested too deeply")
    try:
        values = tomllib.loads(text)
    except RecursionError:
        raise _refused(path, "is nested too deeply") from None
    except ValueError as error:
        raise _syntax_error(text, path, error) from None
    checked, findings = plain(values)
    version = checked.get("schema_version", SCHEMA_VERSION)
    if version != SCHEMA_VERSION:  # told of every file: a lower layer's version is hidden by the one above
        message = f"must be {SCHEMA_VERSION}, the only version that is read here, not {shown(version)}"
        findings.append(Finding(("schema_version",), message))
    return Layer(path, text, marked(checked, path.parent), tuple(findings))


def _syntax_error(text: str, path: Path, error: ValueError) -> ScenarioError:
    message = str(error)
    place = _AT.search(message)
    if place is None:  # a number with more digits than Python converts
        return _refused(path, f"is not TOML: {message}")
    lines = text.split("\n")
    line, column = (int(place[1]), int(place[2])) if place[1] else (len(lines), len(lines[-1]) + 1)
    reason = message[: place.start()]
    return _refused(path, f"is not TOML: {reason[:1].lower()}{reason[1:]}", line=line, column=column)
