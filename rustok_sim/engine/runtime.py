"""The ports of one node, as the engine provides them."""

from typing import Any

from rustok_sim.core.errors import DomainError, TimedOut
from rustok_sim.core.journal import Journal, Row
from rustok_sim.core.ports import Call, Steps, T
from rustok_sim.engine.draws import Draws
from rustok_sim.engine.pause import Pause
from rustok_sim.engine.steps import StepWatch
from rustok_sim.engine.task import Gate, Task
from rustok_sim.engine.world import World


class _Expired(BaseException):
    """Passes through a service whose time is up. No ``except Exception`` stops it, as nothing stops a drop in Rust."""


class _Deadline:
    """A limit to what the present task does next."""

    __slots__ = ("_runtime", "_task", "_world", "error", "off")

    def __init__(self, runtime: "NodeRuntime", world: World, limit_s: float) -> None:
        self._runtime = runtime
        self._world = world
        self._task: Task = world.task
        self.error: _Expired | None = None
        self.off = False
        world.alarm_in(limit_s, self)

    def ring(self) -> None:
        """Interrupt the task, but not one whose node stands still, nor one whose work ends at this very moment."""
        self._pass(None)

    def _pass(self, _: None) -> None:
        if self.off:
            return
        if self._runtime.pause is not None:
            self._runtime.pause.put_off_limit(self._pass)
        else:
            # Work that ends at this very moment is done in time (tokio looks at the work first).
            self._world.call_in(0.0, self._interrupt)

    def _interrupt(self, _: None) -> None:
        if not self.off:
            self.error = _Expired()
            self._task.interrupt(self.error)


def _forget_row(row: Row, /) -> None:
    """Take *row* and keep nothing of it."""


class Clock:
    """A node's clock: wrong by so much, whatever the node goes through."""

    __slots__ = ("offset_s",)

    def __init__(self) -> None:
        self.offset_s = 0.0


class NodeRuntime:
    """One incarnation of a node. When the node crashes all its tasks are dropped, in the order of their start."""

    def __init__(self, world: World, node: str, draws: Draws, journal: Journal, *, clock: Clock | None = None) -> None:
        self.node = node
        self.pause: Pause | None = None
        """That the node stands still."""
        self._clock = clock or Clock()
        self._world = world
        self._draws = draws
        self._append = journal.append
        self._wants = journal.wants
        self._tasks: dict[Task, None] = {}

    def now(self) -> float:
        """Seconds since the start of the run."""
        return self._world._now

    def clock(self) -> float:
        """What the node's clock shows."""
        return self._world._now + self._clock.offset_s

    def sleep(self, duration_s: float) -> Steps[None]:
        """Let *duration_s* pass."""
        yield float(duration_s)

    def signal(self) -> Gate:
        """A new signal."""
        return Gate(self._world)

    def spawn(self, steps: Steps[object]) -> None:
        """Run *steps* in the background. A domain error ends it quietly, as a detached task's result is lost."""
        self.task(steps, self._forget).start_soon()

    @staticmethod
    def _forget(_: object, error: BaseException | None) -> None:
        if error is not None and not isinstance(error, DomainError):
            raise error

    def task(self, steps: Steps[Any], on_end: Any) -> Task:
        """A task that dies with the node; *on_end* gets its value or its error. It is not started yet."""

        def end(value: Any, error: BaseException | None) -> None:
            self._tasks.pop(task, None)
            on_end(value, error)

        task = Task(self._world, steps, end)
        self._tasks[task] = None
        if self.pause is not None:
            self.pause.freeze(task)
        return task

    @property
    def tasks(self) -> list[Task]:
        """Those that have not ended, in the order of their start."""
        return list(self._tasks)

    def drop(self, task: Task) -> None:
        """End *task* where it stands; a node that stands still notices when it goes on."""
        if self.pause is not None:
            self.pause.put_off(lambda: self._drop(task))
        else:
            self._drop(task)

    def _drop(self, task: Task) -> None:
        self._tasks.pop(task, None)
        task.drop()

    def kill(self) -> None:
        """Drop every task."""
        tasks, self._tasks = list(self._tasks), {}
        for task in tasks:
            task.drop()

    def close(self) -> None:
        """End all work without a record: the run is over, and what its clean-up would say did not happen in it."""
        self._append = _forget_row
        self.kill()

    def within(self, limit_s: float, steps: Steps[T]) -> Steps[T]:
        """Run *steps* for at most *limit_s*, then drop them and raise ``TimedOut``."""
        deadline = _Deadline(self, self._world, limit_s)
        try:
            return (yield from steps)
        except _Expired as error:
            if error is not deadline.error:
                raise
            raise TimedOut(f"no answer within {limit_s:g} s") from None
        finally:
            deadline.off = True

    def uniform(self, site: str, call: Call) -> float:
        """A draw from [0, 1) for this call at this site."""
        return self._draws.luck(site).of(call)

    def record(
        self,
        kind: str,
        call: Call | None = None,
        *,
        site: str | None = None,
        outcome: str | None = None,
        status: int | None = None,
        begin_s: float | None = None,
        wait_s: float | None = None,
        value: float | None = None,
        detail: str | None = None,
    ) -> None:
        """Write one record, now and under this node's name. What happens before the run, at boot, is not recorded."""
        now = self._world._now
        if now < 0.0 or not self._wants(kind):
            return
        tenant = correlation = None
        if call is not None:
            tenant, correlation = call.tenant or None, call.id
        self._append(
            (now, kind, self.node, tenant, correlation, None, site, outcome, status, begin_s, wait_s, value, detail)
        )


class WatchedRuntime(NodeRuntime):
    """One whose steps a fault waits for."""

    def __init__(
        self, world: World, node: str, draws: Draws, journal: Journal, *, clock: Clock | None = None, watch: StepWatch
    ) -> None:
        super().__init__(world, node, draws, journal, clock=clock)
        self._watch = watch

    def record(
        self,
        kind: str,
        call: Call | None = None,
        *,
        site: str | None = None,
        outcome: str | None = None,
        status: int | None = None,
        begin_s: float | None = None,
        wait_s: float | None = None,
        value: float | None = None,
        detail: str | None = None,
    ) -> None:
        """Write it, and tell who waits for it."""
        super().record(
            kind,
            call,
            site=site,
            outcome=outcome,
            status=status,
            begin_s=begin_s,
            wait_s=wait_s,
            value=value,
            detail=detail,
        )
        if self._append is not _forget_row:
            self._watch.reached(self.node, kind, outcome, detail)
