"""Where the states of a lifecycle stand in its picture: further right, further on; the longest way on top."""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from rustok_sim.core.lifecycle.table import Lifecycle


class Place(NamedTuple):
    """A cell of the picture's grid."""

    column: int
    row: int


Arrow: TypeAlias = tuple[str, str]
"""From one state to another, or to itself."""


def arrows_of(lifecycle: Lifecycle) -> dict[Arrow, str]:
    """Each pair of states that a step connects, with the names of all such steps."""
    found: dict[Arrow, list[str]] = {}
    for source, action, target in lifecycle.transitions:
        if source is not None:
            found.setdefault((source, target), []).append(action.replace("_", " "))
    return {arrow: ", ".join(actions) for arrow, actions in found.items()}


def places_of(lifecycle: Lifecycle) -> dict[str, Place]:
    """A cell for each state.

    A state's column is the length of the longest way to it, steps that lead back left aside; the states of the longest
    way of all are the top row, the others stand below in their columns.
    """
    onward = _onward(lifecycle)
    column: dict[str, int] = dict.fromkeys(lifecycle.states, 0)
    before: dict[str, str] = {}
    for state in onward:
        for target in onward[state]:
            if column[state] + 1 > column[target]:
                column[target], before[target] = column[state] + 1, state
    road = _road(column, before)
    depth: dict[int, int] = dict.fromkeys((column[state] for state in road), 1)
    places: dict[str, Place] = {}
    for state in lifecycle.states:
        row = 0 if state in road else depth[column[state]]
        depth[column[state]] += row > 0
        places[state] = Place(column[state], row)
    return places


def _road(column: Mapping[str, int], before: Mapping[str, str]) -> list[str]:
    state: str | None = max(column, key=lambda one: column[one])
    road = []
    while state is not None:
        road.append(state)
        state = before.get(state)
    return road


def _onward(lifecycle: Lifecycle) -> dict[str, list[str]]:
    """For each state the states that its steps lead to, without steps that lead back; sources before targets."""
    targets: dict[str, list[str]] = {state: [] for state in lifecycle.states}
    for source, target in arrows_of(lifecycle):
        targets[source].append(target)
    done: list[str] = []
    open_: list[str] = []
    onward: dict[str, list[str]] = {}

    def visit(state: str) -> None:
        open_.append(state)
        onward[state] = [target for target in targets[state] if target not in open_]
        for target in onward[state]:
            if target not in done:
                visit(target)
        open_.pop()
        done.append(state)

    for state in (*lifecycle.first, *lifecycle.states):
        if state not in done:
            visit(state)
    return {state: onward[state] for state in reversed(done)}
