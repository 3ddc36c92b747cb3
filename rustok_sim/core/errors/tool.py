"""The errors of this tool itself, by whose fault they are."""

from collections.abc import Iterable
from dataclasses import dataclass


class RustokSimError(Exception):
    """Base of all errors that rustok-sim raises about itself and its input."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a file, and where: lines and columns count from 1, 0 is unknown."""

    file: str
    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return f"{place}: {self.path} {self.message}" if self.path else f"{place}: {self.message}"


class ScenarioError(RustokSimError, ValueError):
    """The file asks for something that cannot be. The user's to fix; holds every problem found, in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class RunError(RustokSimError):
    """The run could not be carried out or kept: no room on the disk, a service that waits for ever."""


class RuleError(RustokSimError, ValueError):
    """A rule or an expression for alerts that cannot be read or evaluated. The user's to fix."""


class InvariantBroken(RustokSimError, AssertionError):
    """The model contradicts itself. Ours to fix; says how to see it again."""

    def __init__(self, message: str, *, seed: int | None = None, commit: str | None = None) -> None:
        super().__init__(message)
        self.seed = seed
        self.commit = commit

    def __str__(self) -> str:
        message = super().__str__()
        if self.seed is not None:
            message += f" (seed {self.seed})"
        if self.commit is not None:
            message += f" (commit {self.commit})"
        return message


class ReplayDiverged(RustokSimError):
    """Two runs of one seed differ: something reads a clock, a set's order or an unkeyed draw. Ours to fix."""
