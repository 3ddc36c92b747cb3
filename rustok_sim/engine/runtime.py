"""The ports of one node, as the engine provides them."""

from typing import Any

from rustok_sim.core.errors import DomainError, TimedOut
from rustok_sim.core.journal import Journal, Row
from rustok_sim.core.ports import Call, Steps, T
from rustok_sim.engine.draws import Draws
from rustok_sim.engine.task import Gate, Task
from rustok_sim.engine.world import World


class _Expired(BaseException):
    """Passes through a service whose time is up. No ``except Exception`` stops it, as nothing stops a drop in Rust."""


class _Deadline:
    """A limit to what the present task does next."""

    __slots__ = ("_task", "_world", "error", "off")

    def __init__(self, world: World, limit_s: float) -> None:
        self._world = world
        self._task: Task = world.task
        self.error: _Expired | None = None
        self.off = False
        world.alarm_in(limit_s, self)

    def ring(self) -> None:
        """Interrupt the task; but work that ends at this very moment is done in time (tokio looks at it first)."""
        self._world.call_in(0.0, self._interrupt)

    def _interrupt(self, _: None) -> None:
        if not self.off:
            self.error = _Expired()
            self._task.interrupt(self.error)


def _forget_row(row: Row, /) -> None:
    """Take *row* and keep nothing of it."""


class NodeRuntime:
    """One incarnation of a node. When the node crashes all its tasks are dropped, in the order of their start."""

    def __init__(self, world: World, node: str, draws: Draws, journal: Journal) -> None:
        self.node = node
        self._world = world
        self._draws = draws
        self._append = journal.append
        self._wants = journal.wants
        self._tasks: dict[Task, None] = {}

    def now(self) -> float:
        """Seconds since the start of the run."""
        return self._world._now

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
        return task

    def drop(self, task: Task) -> None:
        """End *task* where it stands."""
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
        deadline = _Deadline(self._world, limit_s)
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
