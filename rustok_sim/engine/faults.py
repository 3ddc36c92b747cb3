"""Faults: when each strikes and ends, and what it does to its target."""

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

from rustok_sim.core.journal import Journal
from rustok_sim.engine.condition import Condition
from rustok_sim.engine.distributions import standard_exponential
from rustok_sim.engine.draws import Draws, SiteDraws
from rustok_sim.engine.world import World

Act: TypeAlias = Callable[[], None]


class Leavable(Protocol):
    """A load class whose clients may walk away."""

    leavers: dict[int, tuple[float, float, SiteDraws]]


class FaultPlan:
    """One fault of the scenario: strikes once in a window, or again and again with exponential times between."""

    def __init__(
        self, world: World, number: int, spec: Any, begin: Act, end: Act | None, *, draws: Draws, journal: Journal
    ) -> None:
        self._world = world
        self._spec = spec
        self._begin = begin
        self._end = end
        self._journal = journal
        self._detail = f"{spec.kind} faults.{number}"
        self._times = draws.stream("fault", str(number), transform=lambda u: standard_exponential(u[:, 0]))
        self._strikes = 0
        self._active = False
        self._over = False

    def schedule(self) -> None:
        """Put the first strike into the agenda."""
        if self._spec.mtbf_s is not None:
            self._world.call_at(self._spec.mtbf_s * self._times(0), self._strike)
        elif self._spec.at_s == 0.0 and self._end is not None:
            # What is broken from the start is broken while the platform boots. What strikes in a moment needs no boot.
            self._begin()
            self._active = True
            self._world.call_at(0.0, self._note, "fault.began")
            self._plan_end(self._spec.at_s)
        else:
            self._world.call_at(self._spec.at_s, self._strike)

    def _plan_end(self, begin_s: float) -> None:
        spec = self._spec
        if self._end is None:
            return
        if spec.mttr_s is not None:
            self._world.call_in(spec.mttr_s * self._times(2 * self._strikes - 1), self._heal)
        elif spec.duration_s is not None:
            self._world.call_at(begin_s + spec.duration_s, self._heal)

    def end_for_good(self) -> None:
        """End what is active; nothing strikes any more."""
        self._over = True
        if self._active:
            self._end_now()

    def _strike(self, _: None) -> None:
        if self._over:
            return
        self._strikes += 1
        self._note("fault.began")
        self._active = self._end is not None
        self._begin()
        if self._end is None:
            self._note("fault.ended")
            self._plan_next()
        else:
            self._plan_end(self._world.now)

    def _heal(self, _: None) -> None:
        if self._active:
            self._end_now()
            self._plan_next()

    def _end_now(self) -> None:
        assert self._end is not None
        self._active = False
        self._end()
        self._note("fault.ended")

    def _plan_next(self) -> None:
        if self._spec.mtbf_s is not None:
            self._world.call_in(self._spec.mtbf_s * self._times(2 * self._strikes), self._strike)

    def _note(self, kind: str) -> None:
        if self._journal.wants(kind):
            self._journal.append(
                (
                    self._world.now,
                    kind,
                    None,
                    None,
                    None,
                    None,
                    self._spec.target,
                    None,
                    None,
                    None,
                    None,
                    None,
                    self._detail,
                )
            )


def on_condition(spec: Any, number: int, condition: Condition, draws: Draws) -> tuple[Act, Act]:
    """What outage, hang, slow and errors do to a component's condition, and how that ends."""
    match spec.kind:
        case "outage":
            return condition.refuse, condition.accept
        case "hang":
            return condition.hang, condition.wake
        case "slow":
            return (
                lambda: condition.slow_down(number, spec.factor, spec.add_s),
                lambda: condition.speed_up(number),
            )
        case "errors":
            luck = SiteDraws(draws, f"errors.{number}")
            return lambda: condition.err(number, spec.ratio, luck), lambda: condition.stop_erring(number)
    raise ValueError(f"a {spec.kind} fault does not act on a component")


def on_clients(spec: Any, number: int, load: Leavable, draws: Draws) -> tuple[Act, Act]:
    """What cancel does to a load class, and how that ends."""
    luck = SiteDraws(draws, f"cancel.{number}")

    def begin() -> None:
        load.leavers[number] = (spec.ratio, spec.after_s, luck)

    def end() -> None:
        del load.leavers[number]

    return begin, end
