"""Faults: when each strikes and ends."""

from dataclasses import dataclass
from typing import Any, Final

from rustok_sim.core.journal import Journal
from rustok_sim.engine.distributions import standard_exponential
from rustok_sim.engine.draws import Draws
from rustok_sim.engine.effects import Effect
from rustok_sim.engine.steps import Awaited, StepWatch
from rustok_sim.engine.world import World

HERE: Final = "here"
"""The target that is the node which reached the step."""


@dataclass(frozen=True, slots=True)
class Around:
    """What plans of faults need of their run."""

    world: World
    journal: Journal
    draws: Draws
    steps: StepWatch | None
    """There is one where a fault of the scenario waits for a step."""
    nodes: frozenset[str]
    """The names of all nodes."""


class FaultPlan:
    """One fault of the scenario: strikes once, at a step, or again and again with exponential times between."""

    def __init__(self, around: Around, number: int, spec: Any, effect: Effect) -> None:
        self._around = around
        self._world = around.world
        self._spec = spec
        self._effect = effect
        self._number = number
        self._detail = f"{spec.kind} faults.{number}"
        transform = lambda u: standard_exponential(u[:, 0])  # noqa: E731 -- a name for what follows
        self._times = around.draws.stream("fault", str(number), transform=transform)
        self._strikes = 0
        self._active: tuple[str, ...] = ()
        self._over = False

    def schedule(self) -> None:
        """Put the first strike into the agenda."""
        spec, targets = self._spec, self._spec.struck
        if spec.at_step is not None:
            self._wait_for_step()
        elif spec.mtbf_s is not None:
            self._world.call_in(spec.mtbf_s * self._times(0), self._strike, targets)
        elif spec.at_s == 0.0 and self._effect.at_boot:
            # What is broken from the start is broken while the platform boots. What strikes in a moment needs no boot.
            self._active = targets
            for target in targets:
                self._effect.begin(target)
            for target in targets:
                self._world.call_at(0.0, self._note_began, target)
            self._plan_end(spec.at_s)
        else:
            self._world.call_at(spec.at_s, self._strike, targets)

    def _wait_for_step(self) -> None:
        spec, steps = self._spec, self._around.steps
        assert steps is not None
        own = self._around.nodes.intersection(spec.struck)
        awaited = Awaited(
            strike=self._reach,
            nodes=own or None,
            since_s=spec.at_s or 0.0,
            outcome=spec.step_outcome,
            detail=spec.step_detail,
            occurrence=spec.occurrence or 1,
            ratio=spec.step_ratio,
            luck=self._around.draws.stream("step", str(self._number)),
        )
        steps.wait(spec.at_step, awaited)

    def _reach(self, node: str) -> None:
        """The step was reached. A fault that is at work does not strike again."""
        if not self._active:
            self._strike(tuple(node if target == HERE else target for target in self._spec.struck))

    def _plan_end(self, begin_s: float) -> None:
        spec = self._spec
        if self._effect.end is None:
            return
        mttr_s = getattr(spec, "mttr_s", None)
        duration_s = self._effect.lasts_s if self._effect.lasts_s is not None else spec.duration_s
        if mttr_s is not None:
            self._world.call_in(mttr_s * self._times(2 * self._strikes - 1), self._heal)
        elif duration_s is not None:
            self._world.call_at(begin_s + duration_s, self._heal)

    def end_for_good(self) -> None:
        """End what is active; nothing strikes any more."""
        self._over = True
        if self._active:
            self._end_now()

    def _strike(self, targets: tuple[str, ...]) -> None:
        if self._over:
            return
        self._strikes += 1
        for target in targets:
            self._note("fault.began", target)
        for target in targets:
            self._effect.begin(target)
        if self._effect.end is None:
            for target in targets:
                self._note("fault.ended", target)
            self._plan_next()
        else:
            self._active = targets
            self._plan_end(self._world.now)

    def _heal(self, _: None) -> None:
        if self._active:
            self._end_now()
            self._plan_next()

    def _end_now(self) -> None:
        assert self._effect.end is not None
        targets, self._active = self._active, ()
        for target in targets:
            self._effect.end(target)
        for target in targets:
            self._note("fault.ended", target)

    def _plan_next(self) -> None:
        if self._spec.mtbf_s is not None:
            self._world.call_in(self._spec.mtbf_s * self._times(2 * self._strikes), self._strike, self._spec.struck)

    def _note_began(self, target: str) -> None:
        self._note("fault.began", target)

    def _note(self, kind: str, target: str) -> None:
        journal = self._around.journal
        if journal.wants(kind):
            now = self._world.now
            journal.append((now, kind, None, None, None, None, target, None, None, None, None, None, self._detail))
