"""A lifecycle as people read it: a picture, a table, and Mermaid's text."""

from dataclasses import dataclass
from typing import Any

from rustok_sim.core.lifecycle.svg import svg_of
from rustok_sim.core.lifecycle.table import Lifecycle, Transition, lifecycle_of


@dataclass(frozen=True, slots=True)
class Diagram:
    """Shows itself in a notebook."""

    lifecycle: Lifecycle

    @property
    def transitions(self) -> tuple[Transition, ...]:
        """What it shows, as data."""
        return self.lifecycle.transitions

    def _repr_svg_(self) -> str:
        return self.svg

    @property
    def svg(self) -> str:
        """The picture."""
        return svg_of(self.lifecycle)

    @property
    def markdown(self) -> str:
        """The table of steps, one a line."""
        rows = [f"| {one.source or '–'} | {one.action} | {one.target} |" for one in self.transitions]
        return "\n".join(["| from | step | to |", "| --- | --- | --- |", *rows])

    @property
    def mermaid(self) -> str:
        """A state diagram in Mermaid's language."""
        steps = [f"    {one.source or '[*]'} --> {one.target}: {one.action}" for one in self.transitions]
        ends = [f"    {state} --> [*]" for state in self.lifecycle.final]
        return "\n".join(["stateDiagram-v2", *steps, *ends])


def diagram(name: str, union: Any, *makers: Any) -> Diagram:
    """The diagram of the lifecycle whose states are the classes of *union*: see :func:`lifecycle_of`."""
    return Diagram(lifecycle_of(name, union, *makers))
