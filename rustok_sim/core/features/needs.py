"""Who needs whom: the dependencies between modules and features."""

from collections.abc import Collection, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter


class Needs:
    """A graph without circles over names, each with the names it needs.

    Raises ``ValueError`` for a need that is no name of the graph, and for a circle.
    """

    __slots__ = ("_needed_by", "_needs", "names")

    def __init__(self, needs: Mapping[str, Sequence[str]]) -> None:
        self._needs = {name: tuple(needs[name]) for name in sorted(needs)}
        self._needed_by: dict[str, list[str]] = {name: [] for name in self._needs}
        for name, needed in self._needs.items():
            for other in needed:
                if other not in self._needs:
                    raise ValueError(f"{name} needs {other}, which does not exist")
                self._needed_by[other].append(name)
        self.names = self._in_order()

    def _in_order(self) -> tuple[str, ...]:
        """All names, each after those it needs."""
        try:
            return tuple(TopologicalSorter(self._needs).static_order())
        except CycleError as error:
            circle = " needs ".join(reversed(error.args[1]))
            raise ValueError(f"a circle of needs: {circle}") from None

    def __contains__(self, name: object) -> bool:
        return name in self._needs

    def of(self, name: str) -> tuple[str, ...]:
        """What *name* itself needs, as declared."""
        return self._needs[name]

    def missing(self, name: str, on: Collection[str]) -> tuple[str, ...]:
        """What *name* itself needs and is not among *on*."""
        return tuple(other for other in self._needs[name] if other not in on)

    def dependents(self, name: str, on: Collection[str]) -> tuple[str, ...]:
        """Those among *on* that themselves need *name*."""
        return tuple(other for other in self._needed_by[name] if other in on)

    def unmet(self, on: Collection[str]) -> tuple[tuple[str, str], ...]:
        """Every one among *on* beside a need of it that is not: empty as long as nobody broke the rule."""
        return tuple((name, other) for name in self._needs if name in on for other in self.missing(name, on))
