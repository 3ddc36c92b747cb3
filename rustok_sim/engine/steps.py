"""Steps of the code at which faults strike: the records that nodes write."""

from collections.abc import Callable
from dataclasses import dataclass

from rustok_sim.engine.draws import Stream
from rustok_sim.engine.world import World


@dataclass(slots=True, kw_only=True)
class Awaited:
    """One fault that waits for a step: the *occurrence*-th, or a share of all."""

    strike: Callable[[str], None]
    """Called with the node."""
    nodes: frozenset[str] | None
    """Whose steps count; ``None``: those of all."""
    since_s: float
    outcome: str | None
    detail: str | None
    occurrence: int
    ratio: float | None
    luck: Stream
    count: int = 0

    def counts(self, node: str, outcome: str | None, detail: str | None) -> bool:
        """Count this step if it is one; whether it is the one."""
        if (
            (self.nodes is not None and node not in self.nodes)
            or (self.outcome is not None and outcome != self.outcome)
            or (self.detail is not None and detail != self.detail)
        ):
            return False
        self.count += 1
        return self.count == self.occurrence if self.ratio is None else self.luck(self.count) < self.ratio


class StepWatch:
    """Who waits for which step. Where no fault of a scenario does, there is none."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._awaited: dict[str, list[Awaited]] = {}

    def wait(self, kind: str, awaited: Awaited) -> None:
        """Strike when a node has written the record of *kind* that *awaited* tells."""
        self._awaited.setdefault(kind, []).append(awaited)

    def reached(self, node: str, kind: str, outcome: str | None, detail: str | None) -> None:
        """A node has written a record. What strikes, strikes when the present step is over, in the same moment."""
        now = self._world.now
        for awaited in self._awaited.get(kind, ()):
            if now >= awaited.since_s and awaited.counts(node, outcome, detail):
                self._world.call_in(0.0, awaited.strike, node)
