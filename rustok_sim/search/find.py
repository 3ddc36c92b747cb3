"""The search: many plans, the first that breaks each promise, and the smallest that still does."""

from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from time import perf_counter
from typing import Any, Final

from rustok_sim.core.errors import InvariantBroken, RustokSimError
from rustok_sim.scenario import Scenario
from rustok_sim.search.aims import step_of, struck
from rustok_sim.search.plan import Plan, realise
from rustok_sim.search.shrink import TRIALS_MAX, shrink
from rustok_sim.search.space import draw
from rustok_sim.search.trial import Violation, attempt

CHUNK_RUNS: Final = 5
"""Runs in one task: enough to make the way to a worker cheap."""

Tell = Callable[["Search"], object]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run of a search: its number, its plan, and what it broke."""

    number: int
    plan: Plan
    violations: tuple[Violation, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """The first run that broke a promise in one way, and the smallest plan that still does."""

    violation: Violation
    number: int
    """The run that broke it first, counted from 0."""
    plan: Plan
    """The smallest plan known; that of the run itself until it is shrunk."""
    times: int = 1
    """In how many runs it was broken so."""
    trials: int = 0
    """Trials that shrinking took."""

    def to_dict(self) -> dict[str, Any]:
        """As in ``find --json``."""
        return {
            "invariant": self.violation.invariant,
            "problem": self.violation.problem,
            "run": self.number,
            "times": self.times,
            "faults": len(self.plan.faults),
            "classes": list(self.plan.classes),
            "nodes": self.plan.nodes,
            "horizon_s": self.plan.heal_s + self.plan.within_s,
            "trials": self.trials,
        }


@dataclass(slots=True)
class Search:
    """How far a search is: what it ran, what faults it met, and what it found."""

    wanted: int
    runs: int = 0
    broken: int = 0
    """Runs in which something was broken."""
    wall_s: float = 0.0
    strikes: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many runs met each kind of fault on each target."""
    steps: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many runs had each kind of fault wait for each step of the code."""
    findings: dict[tuple[str, str], Finding] = field(default_factory=dict)
    interrupted: bool = False

    @property
    def rate_per_min(self) -> float:
        """Runs a minute so far."""
        return 60.0 * self.runs / self.wall_s if self.wall_s > 0.0 else 0.0

    def take(self, outcome: Outcome) -> None:
        """Count one run."""
        self.runs += 1
        self.broken += bool(outcome.violations)
        faults = outcome.plan.faults
        self.strikes.update({(str(fault["kind"]), target) for fault in faults for target in struck(fault)})
        self.steps.update({(str(fault["kind"]), step) for fault in faults if (step := step_of(fault)) is not None})
        for violation in outcome.violations:
            known = self.findings.get(violation.key)
            if known is None:
                self.findings[violation.key] = Finding(violation, outcome.number, outcome.plan)
            else:
                self.findings[violation.key] = _again(known)

    def to_dict(self) -> dict[str, Any]:
        """As ``find --json`` prints it."""
        return {
            "runs": self.runs,
            "broken": self.broken,
            "wall_s": self.wall_s,
            "rate_per_min": self.rate_per_min,
            "interrupted": self.interrupted,
            "coverage": [
                {"kind": kind, "target": target, "runs": runs} for (kind, target), runs in sorted(self.strikes.items())
            ],
            "steps": [{"kind": kind, "step": step, "runs": runs} for (kind, step), runs in sorted(self.steps.items())],
            "findings": [finding.to_dict() for finding in self.findings.values()],
        }


def _again(known: Finding) -> Finding:
    return replace(known, times=known.times + 1)


def find(
    base: Scenario,
    *,
    runs: int,
    seed: int = 0,
    jobs: int = 1,
    invariants: tuple[str, ...] = ("*",),
    shrinking: int = TRIALS_MAX,
    until: Container[str] = (),
    tell: Tell = lambda _: None,
) -> Search:
    """Search *base* with plans drawn from *seed*; what is found is shrunk in up to *shrinking* trials each (0: not).

    The result depends on neither *jobs* nor the clock, but for ``wall_s``. An interrupt ends it with what there is.
    *tell* hears of every run and every shrunk finding. The search ends early when one of *until* is broken.
    """
    search, begin_s = Search(runs), perf_counter()
    work = partial(_runs, base, seed, invariants)
    tasks = [range(first, min(first + CHUNK_RUNS, runs)) for first in range(0, runs, CHUNK_RUNS)]
    try:
        for outcomes in _spread(work, tasks, jobs):
            for outcome in outcomes:
                search.take(outcome)
            search.wall_s = perf_counter() - begin_s
            tell(search)
            if any(invariant in until for invariant, _ in search.findings):
                break
        if shrinking:
            shorten = partial(_smaller, base, shrinking)
            for key, finding in zip(
                list(search.findings), _spread(shorten, list(search.findings.values()), jobs), strict=True
            ):
                search.findings[key] = finding
                tell(search)
    except KeyboardInterrupt:
        search.interrupted = True
    return search


def _spread(work: Callable[[Any], Any], tasks: Sequence[Any], jobs: int) -> Iterator[Any]:
    """What *work* makes of each task, in their order, over so many processes (-1, or 0: one a core)."""
    if jobs == 1 or len(tasks) == 1:
        yield from map(work, tasks)
        return
    from joblib import Parallel, delayed
    from joblib.externals.loky import get_reusable_executor

    try:
        yield from Parallel(n_jobs=jobs or -1, return_as="generator")(delayed(work)(task) for task in tasks)
    finally:
        get_reusable_executor().shutdown(wait=True, kill_workers=True)


def _runs(base: Scenario, seed: int, invariants: tuple[str, ...], numbers: Sequence[int]) -> list[Outcome]:
    outcomes = []
    for number in numbers:
        plan = draw(base, seed, number)
        outcomes.append(Outcome(number, plan, tuple(tried(base, plan, invariants))))
    return outcomes


def tried(base: Scenario, plan: Plan, invariants: tuple[str, ...] = ("*",)) -> list[Violation]:
    """What the plan breaks. An error of the workbench itself is a violation too: no plan may end in one."""
    try:
        return attempt(realise(base, plan, invariants=invariants))
    except (RustokSimError, InvariantBroken) as error:
        return [Violation("run_ends", type(error).__name__, {"problem": str(error)})]


def _smaller(base: Scenario, trials: int, finding: Finding) -> Finding:
    return smaller(base, finding, trials=trials)


def smaller(base: Scenario, finding: Finding, *, trials: int = TRIALS_MAX) -> Finding:
    """The finding with the smallest plan that still breaks the same promise in the same way."""
    wanted = finding.violation

    def breaks(plan: Plan) -> bool:
        try:
            return wanted.key in {one.key for one in tried(base, plan, (wanted.invariant,))}
        except ValueError:
            return False  # a fault on a node that is left out: no plan at all

    plan, made = shrink(finding.plan, breaks, trials_max=trials)
    return replace(finding, plan=plan, trials=made)


def coverage(strikes: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """How many targets each kind of fault has struck; of ``steps``: at how many steps it has waited."""
    return dict(sorted(Counter(kind for kind, _ in strikes).items()))
