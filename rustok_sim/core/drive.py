"""Services outside the engine: a runtime whose clock moves only by sleeps or by hand.

For unit tests, and for running a service where nothing is simulated. It is a small cooperative scheduler: whatever
is due runs in order of time, then of arrival, so two runs of one program are the same.
"""

import heapq
from collections.abc import Callable
from hashlib import blake2b
from math import inf
from typing import Generic, TypeVar, cast

from rustok_sim.core.errors import RunError, TimedOut
from rustok_sim.core.journal import KINDS, Record
from rustok_sim.core.ports import Call, Steps

T = TypeVar("T")


class Wait:
    """What a service yields here: something that will be over, or never."""

    __slots__ = ("_then", "done", "runtime")

    def __init__(self, runtime: "ManualRuntime") -> None:
        self.runtime = runtime
        self.done = False
        self._then: list[Callable[[], None]] = []

    def then(self, action: Callable[[], None]) -> None:
        """Do *action*, in a step of its own, once this is over."""
        if self.done:
            self.runtime.soon(action)
        else:
            self._then.append(action)

    def fire(self) -> None:
        """Be over; a second time changes nothing."""
        if not self.done:
            self.done = True
            for action in self._then:
                self.runtime.soon(action)

    def settle(self) -> None:
        """Run everything else until this is over. Raises ``RunError`` when that can never be."""
        over: list[bool] = []
        self.then(lambda: over.append(True))
        while not over:
            if not self.runtime.step():
                raise RunError("the service waits for something that can never come: nothing else is left to run")


def drive(steps: Steps[T]) -> T:
    """Run a service to its end and return what it returns.

    Its waits move the clock of the :class:`ManualRuntime` they came from, and run that runtime's background work.
    Raises ``RunError`` when the service waits for something that can never come.
    """
    try:
        while True:
            _wait_of(next(steps)).settle()
    except StopIteration as end:
        return cast(T, end.value)
    finally:
        steps.close()


def _wait_of(yielded: object) -> Wait:
    if not isinstance(yielded, Wait):
        raise TypeError(f"outside the engine a service may only wait by a ManualRuntime, not for {yielded!r}")
    return yielded


class Task(Generic[T]):
    """A service that runs beside others, and whose end one may ask for."""

    __slots__ = ("_detached", "_error", "_steps", "_value", "done")

    def __init__(self, steps: Steps[T], *, detached: bool = False) -> None:
        self._steps = steps
        self._detached = detached
        self._value: T | None = None
        self._error: Exception | None = RunError("the task has not ended yet")
        self.done = False

    def resume(self) -> None:
        """Run to the next wait, or to the end."""
        if self.done:
            return
        try:
            wait = _wait_of(next(self._steps))
        except StopIteration as end:
            self._end(end.value, None)
        except Exception as error:
            self._end(None, error)
            if self._detached:
                raise
        else:
            wait.then(self.resume)

    def drop(self) -> None:
        """Stop it where it stands, as dropping a future does in Rust: ``finally`` blocks run and nothing else."""
        if not self.done:
            self._end(None, RunError("the task was dropped"))
            self._steps.close()

    def result(self) -> T:
        """What the service returned. Raises what it raised, or ``RunError`` if it was dropped or has not ended."""
        if self._error is not None:
            raise self._error
        return cast(T, self._value)

    def _end(self, value: T | None, error: Exception | None) -> None:
        self.done, self._value, self._error = True, value, error


class ManualSignal:
    """A :class:`rustok_sim.core.ports.Signal` of a :class:`ManualRuntime`."""

    __slots__ = ("_runtime", "_waiting")

    def __init__(self, runtime: "ManualRuntime") -> None:
        self._runtime = runtime
        self._waiting: list[Wait] = []

    def wait(self) -> Steps[None]:
        """Wait until the next :meth:`wake`."""
        wait = Wait(self._runtime)
        self._waiting.append(wait)
        yield wait

    def wake(self) -> None:
        """Wake everyone who waits now; each continues after the current step, in order of arrival."""
        waiting, self._waiting = self._waiting, []
        for wait in waiting:
            wait.fire()


class ManualRuntime:
    """A :class:`rustok_sim.core.ports.Runtime` with nothing behind it; ``records`` is its event log."""

    def __init__(self, node: str = "node-1", *, now_s: float = 0.0) -> None:
        self.node = node
        self.records: list[Record] = []
        self._now_s = now_s
        self._order = 0
        self._due: list[tuple[float, int, Callable[[], None]]] = []

    def now(self) -> float:
        """Seconds on the manual clock."""
        return self._now_s

    def clock(self) -> float:
        """The same: the manual clock is right."""
        return self._now_s

    def sleep(self, duration_s: float) -> Steps[None]:
        """Let *duration_s* pass while others run. A sleep that is dropped does not move the clock."""
        timer = self._timer(duration_s)
        try:
            yield timer
        except GeneratorExit:
            self._cancel(timer)
            raise

    def signal(self) -> ManualSignal:
        """A new signal that nobody waits for yet."""
        return ManualSignal(self)

    def spawn(self, steps: Steps[object]) -> None:
        """Run *steps* in the background, from the next step on; an error in them surfaces in whoever runs the clock."""
        self.soon(Task(steps, detached=True).resume)

    def start(self, steps: Steps[T]) -> Task[T]:
        """Run *steps* beside others, from the next step on."""
        task = Task(steps)
        self.soon(task.resume)
        return task

    def within(self, limit_s: float, steps: Steps[T]) -> Steps[T]:
        """Run *steps* for at most *limit_s*. What ends at the very limit is in time, as with tokio's ``timeout``."""
        deadline = self._timer(limit_s)
        try:
            while True:
                wait = _wait_of(next(steps))
                yield self._first_of(wait, deadline)
                if not wait.done:
                    raise TimedOut(f"no answer within {limit_s:g} s")
        except StopIteration as end:
            return cast(T, end.value)
        finally:
            self._cancel(deadline)
            steps.close()

    def uniform(self, site: str, call: Call) -> float:
        """A draw from [0, 1): a hash of what it is keyed by, so the same on every machine."""
        key = f"{site}|{call.source}|{call.entity}|{call.attempt(site)}"
        return (int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big") >> 11) / 2.0**53

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
        """Add one record to ``records``. Raises ``ValueError`` for a kind the event log does not list."""
        if kind not in KINDS:
            raise ValueError(f"{kind} is not a kind of record: see rustok_sim.core.journal.KINDS")
        tenant = (call.tenant or None) if call else None
        correlation = call.id if call else None
        who = (self._now_s, kind, self.node, tenant, correlation, None)
        self.records.append(Record(*who, site, outcome, status, begin_s, wait_s, value, detail))

    def advance(self, duration_s: float) -> None:
        """Let *duration_s* pass, and run what is due in it, its very end included."""
        until_s = self._now_s + duration_s
        while self.step(until_s=until_s):
            pass
        self._now_s = until_s

    def finish(self) -> None:
        """Run until nothing is left that could run; what waits for a signal that never comes is left waiting."""
        while self.step():
            pass

    def soon(self, action: Callable[[], None]) -> None:
        """Do *action* at the present time, after everything that is already due now."""
        self._at(self._now_s, action)

    def step(self, *, until_s: float = inf) -> bool:
        """Do the next thing that is due by *until_s*; false if there is none."""
        if not self._due or self._due[0][0] > until_s:
            return False
        self._now_s, _, action = heapq.heappop(self._due)
        action()
        return True

    def _at(self, at_s: float, action: Callable[[], None]) -> None:
        self._order += 1
        heapq.heappush(self._due, (at_s, self._order, action))

    def _timer(self, duration_s: float) -> Wait:
        wait = Wait(self)
        self._at(self._now_s + duration_s, wait.fire)
        return wait

    def _cancel(self, timer: Wait) -> None:
        self._due = [due for due in self._due if due[2] != timer.fire]
        heapq.heapify(self._due)

    def _first_of(self, *waits: Wait) -> Wait:
        first = Wait(self)
        for wait in waits:
            wait.then(first.fire)
        return first
