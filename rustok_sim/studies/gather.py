"""Tasks done or found done, and as many replications as a study's precision asks for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from rustok_sim.scenario import Scenario
from rustok_sim.studies.format import Plan, Point
from rustok_sim.studies.precision import Precision
from rustok_sim.studies.tasks import Summary, Task, execute, finished, task_of
from rustok_sim.studies.workers import PATIENCE, WorkerDied, Workers

TASKS: Final = "tasks"


class Gatherer:
    """Runs what a study asks for, each task once, and remembers all summaries."""

    def __init__(
        self,
        directory: Path,
        workers: Workers,
        *,
        queries: Mapping[str, str] | None = None,
        frames: Mapping[str, str] | None = None,
        events: bool = False,
        progress: bool = True,
    ) -> None:
        self.ran = 0
        """How many tasks were run."""
        self.reused = 0
        """How many were found done."""
        self._tasks = directory / TASKS
        self._workers = workers
        self._queries = queries or {}
        self._frames = frames or {}
        self._events = events
        self._progress = progress
        self._done: dict[str, Summary] = {}
        self._hashes: dict[int, tuple[Scenario, str]] = {}

    def summaries(self, scenario: Scenario, replications: int) -> list[Summary]:
        """The summaries of the first replications of *scenario*, which have been made."""
        return [self.summary(scenario, i) for i in range(replications)]

    def summary(self, scenario: Scenario, replication: int) -> Summary:
        """The summary of one replication of *scenario*, which has been made."""
        return self._done[self._task(scenario, replication).key]

    def make(self, wanted: Iterable[tuple[Scenario, int]]) -> None:
        """Have the first so many replications of each scenario, as :meth:`make_single` has them."""
        self.make_single((scenario, i) for scenario, replications in wanted for i in range(replications))

    def make_single(self, wanted: Iterable[tuple[Scenario, int]]) -> None:
        """Have this one replication of each scenario. A worker that dies is replaced, a few times. Raises ``RunError``.

        What a study interrupted here has finished is found by the next one.
        """
        tasks = (self._task(scenario, i) for scenario, i in wanted)
        asked = {task.key: task for task in tasks}
        missing = [task for task in asked.values() if not self._found(task)]
        deaths = 0
        with self._bar(len(missing)) as bar:
            while missing:
                before = self.ran
                try:
                    self._run(missing, bar)
                except WorkerDied:
                    deaths = deaths + 1 if self.ran == before else 1
                    if deaths >= PATIENCE:
                        raise
                missing = [task for task in missing if task.key not in self._done]

    def _run(self, tasks: Sequence[Task], bar: Any) -> None:
        work = partial(execute, tasks=self._tasks, events=self._events)
        for summary in self._workers.spread(work, ((task,) for task in tasks)):
            self._done[summary.key] = summary
            self.ran += 1
            bar.update()

    def _found(self, task: Task) -> bool:
        """Whether a task is done, now or by an earlier study."""
        if task.key in self._done:
            return True
        summary = finished(self._tasks, task, events=self._events)
        if summary is None:
            return False
        self._done[task.key] = summary
        self.reused += 1
        return True

    def _task(self, scenario: Scenario, replication: int) -> Task:
        # By identity, the scenario kept alive with its hash: to make the hash of each task anew would cost more.
        if id(scenario) not in self._hashes:
            self._hashes[id(scenario)] = (scenario, scenario.scenario_hash)
        return task_of(scenario, self._hashes[id(scenario)][1], replication, self._queries, self._frames)

    def _bar(self, total: int) -> Any:
        """Progress with rate and time left, in a terminal or a notebook."""
        from tqdm.auto import tqdm

        off = not self._progress or total == 0
        return tqdm(total=total, desc="runs", unit="run", disable=off, leave=False)


def precision_of(plan: Plan) -> Precision:
    """How precise the study wants to be; with --quick it takes what few replications give."""
    asked = plan.file.replications
    if plan.quick:
        return Precision(plan.file.quick.replications, plan.file.quick.replications, asked.confidence)
    return Precision(
        asked.min, asked.max, asked.confidence, asked.relative_half_width, asked.half_width, asked.look_ahead
    )


def gather(plan: Plan, gatherer: Gatherer) -> list[int]:
    """Make replications at every point until they are enough for all variants; how many are, by point.

    All variants of a point have the same replications, so that they can be paired. Which are made depends on results
    alone, never on the number of workers.
    """
    precision = precision_of(plan)
    made = [precision.least + (precision.look_ahead if precision.asked else 0)] * len(plan.points)
    enough: list[int | None] = [None] * len(plan.points)
    while any(n is None for n in enough):
        open_points = [i for i, n in enumerate(enough) if n is None]
        made = [min(n, precision.most) if precision.asked else n for n in made]
        gatherer.make((scenario, made[i]) for i in open_points for scenario in plan.points[i].scenarios.values())
        for i in open_points:
            enough[i] = _enough(plan, gatherer, plan.points[i], made[i], precision)
            made[i] += max(precision.look_ahead, made[i] // 4, 1)
    return [n for n in enough if n is not None]


def _enough(plan: Plan, gatherer: Gatherer, point: Point, made: int, precision: Precision) -> int | None:
    """How many of the replications made are enough for every wanted metric in every variant."""
    found = [
        precision.enough(values)
        for scenario in point.scenarios.values()
        for values in _wanted(plan.file.wanted, gatherer.summaries(scenario, made))
    ]
    if any(n is None for n in found) and made < precision.most:
        return None
    return max((n if n is not None else made for n in found), default=precision.least)


def _wanted(metrics: Sequence[str], summaries: Sequence[Summary]) -> Iterator[list[float]]:
    """The values of each metric by replication; a metric without a value in some is not waited for."""
    for metric in metrics:
        values = [number for one in summaries if (number := one.value(metric)) is not None]
        if len(values) == len(summaries):
            yield values
