"""A task steps one service from wait to wait, without SimPy's process, its start event and its end event."""

from collections.abc import Callable, Generator
from heapq import heappush
from typing import Any, Protocol, TypeAlias

from simpy.events import Event

from rustok_sim.core.ports import Steps
from rustok_sim.engine.world import NORMAL, World

Resume: TypeAlias = Callable[[int], None]


class Waitable(Protocol):
    """What a service may yield besides a number of seconds and a SimPy event."""

    def add(self, resume: Resume, turn: int, /) -> None:
        """Call ``resume(turn)`` once the wait is over."""
        ...


class Task:
    """One service on its way.

    Each wait has a turn number. A wake-up for an older turn is void, which is how a task is dropped or
    interrupted while an entry in the agenda still names it.
    """

    __slots__ = ("_on_end", "_steps", "_turn", "world")

    def __init__(self, world: World, steps: Steps[Any], on_end: Callable[[Any, BaseException | None], None]) -> None:
        self.world = world
        self._steps = steps
        self._on_end = on_end
        self._turn = 0

    def start(self) -> None:
        """Step to the first wait now."""
        self.resume(0)

    def start_soon(self) -> None:
        """Step to the first wait after what is already due now."""
        self.world.call_in(0.0, self.resume, 0)

    @property
    def over(self) -> bool:
        """Whether the service has ended or was dropped."""
        return self._turn < 0

    def resume(self, turn: int) -> None:
        """Go on to the next wait, unless *turn* has passed."""
        if turn != self._turn:
            return
        world = self.world
        outer, world.task = world.task, self
        try:
            wait = self._steps.send(None)
        except StopIteration as stop:
            self._end(stop.value, None)
        except Exception as error:
            self._end(None, error)
        else:
            # Inlined: one of three waits is a number, and this is the hottest line of a run.
            self._turn = turn = turn + 1
            if type(wait) is float:
                heappush(world.agenda, (world._now + wait, NORMAL, next(world.numbers), self.resume, turn))
            else:
                self._wait_for(wait, turn)
        finally:
            world.task = outer

    def _wait_for(self, wait: Any, turn: int) -> None:
        if isinstance(wait, Event):
            if wait.processed:
                self.world.call_in(0.0, self.resume, turn)
            else:
                wait.callbacks.append(lambda _: self.resume(turn))
        else:
            wait.add(self.resume, turn)

    def interrupt(self, error: BaseException) -> None:
        """Raise *error* in the service where it waits. Nothing happens to a task that is over."""
        if self._turn < 0:
            return
        world = self.world
        outer, world.task = world.task, self
        self._turn += 1
        try:
            wait = self._steps.throw(error)
        except StopIteration as stop:
            self._end(stop.value, None)
        except Exception as failure:
            self._end(None, failure)
        else:
            self._turn += 1
            if type(wait) is float:
                world.call_in(wait, self.resume, self._turn)
            else:
                self._wait_for(wait, self._turn)
        finally:
            world.task = outer

    def drop(self) -> None:
        """End the service where it stands, as dropping a future does in Rust: only clean-up blocks run."""
        if self._turn >= 0:
            self._turn = -1
            self._steps.close()

    def freeze(self) -> "Frozen":
        """Let the task stand still: what would step it from now on is remembered until it is thawed."""
        frozen = Frozen(self._steps)
        self._steps = frozen
        return frozen

    def thaw(self, frozen: "Frozen") -> None:
        """Let it go on, after what is already due now if something would have stepped it in the meantime."""
        if self._turn < 0:
            return
        self._steps = frozen.steps
        if frozen.error is not None:
            self.world.call_in(0.0, self.interrupt, frozen.error)
        elif frozen.woken:
            self.world.call_in(0.0, self.resume, self._turn)

    def _end(self, value: Any, error: BaseException | None) -> None:
        self._turn = -1
        self._on_end(value, error)


class Frozen(Generator[object, None, Any]):
    """Stands in for the steps of a task that stands still, and takes its wake-ups. What came first counts."""

    def __init__(self, steps: Steps[Any]) -> None:
        self.steps = steps
        self.woken = False
        self.error: BaseException | None = None

    def send(self, _: None, /) -> object:
        """The wait is over; the task does not hear of it yet."""
        self.woken = True
        return NEVER

    def throw(self, error: Any, *_: Any) -> object:
        """Something broke the wait, unless it was over."""
        if not self.woken:
            self.woken, self.error = True, error
        return NEVER

    def close(self) -> None:
        """The task is dropped all the same."""
        self.steps.close()


class Gate:
    """A signal: wakes those who wait now and leaves nothing for those who come later."""

    __slots__ = ("_waiting", "_world")

    def __init__(self, world: World) -> None:
        self._world = world
        self._waiting: list[tuple[Resume, int]] = []

    def add(self, resume: Resume, turn: int, /) -> None:
        """Remember one that waits."""
        self._waiting.append((resume, turn))

    def wait(self) -> Steps[None]:
        """Wait for the next :meth:`wake`."""
        yield self

    def wake(self) -> None:
        """Let all who wait go on, after what is already due now and in the order in which they came."""
        waiting, self._waiting = self._waiting, []
        for resume, turn in waiting:
            self._world.call_in(0.0, resume, turn)


class Never:
    """A wait without end."""

    __slots__ = ()

    def add(self, resume: Resume, turn: int, /) -> None:
        """Forget the one that waits: nothing will come."""


NEVER = Never()
