"""Where schedules are played: all sessions in one thread, or each in a thread of its own."""

from collections.abc import Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from time import sleep
from typing import Final, Protocol

from rustok_sim.adapters.ports import DatabaseServer, ServerSession
from rustok_sim.adapters.sql import SqlServer
from rustok_sim.adapters.sql.session import SqlSession
from rustok_sim.core.data import Isolation, Row, Table, Value
from rustok_sim.core.drive import ManualRuntime, Task, drive
from rustok_sim.core.errors import DomainError, RunError
from rustok_sim.core.ports import Steps
from rustok_sim.testing.schedules import Answer, Step

LOOK_AGAIN_S: Final = 0.001
APART_S: Final = 0.2
"""Between two that begin to wait. Of those in a deadlock the first whose time is up gives way: they must not be up
within what a busy machine takes to notice."""
GIVE_UP_S: Final = 20.0


class FilledServer(DatabaseServer, Protocol):
    """A server whose tables can be filled and looked at from outside any session."""

    def seed(self, table: Table, rows: Iterable[Mapping[str, Value]]) -> None:
        """Put *rows* there as if long committed."""
        ...

    def rows(self, table: Table) -> list[Row]:
        """The committed rows, in the order of the primary key."""
        ...

    def crash(self) -> None:
        """Lose every session, and all that is not committed."""
        ...


class Stage(Protocol):
    """Sessions that each do at most one step at a time."""

    def start(self, step: Step) -> None:
        """Let the step's session do it; its first step begins its transaction."""
        ...

    def settle(self) -> None:
        """Return when each step that was started has ended or waits for another session."""
        ...

    def ended(self, session: str) -> bool:
        """Whether the session's step has."""
        ...

    def answer(self, session: str) -> Answer:
        """What the session's step gave."""
        ...

    def let_time_pass(self) -> None:
        """Until one more step has ended. Raises ``RunError`` when none will."""
        ...

    def close(self) -> None:
        """End every session."""
        ...


def perform(session: ServerSession, step: Step) -> Steps[Answer]:
    """Do the step. An error is an answer, and rolls back."""
    try:
        if step.action == "commit":
            yield from session.commit()
            return None
        if step.action == "rollback":
            session.rollback()
            return None
        return (yield from session.run(step.action))
    except DomainError as error:
        session.rollback()
        return error


class OneThread:
    """A :class:`Stage` for servers whose sessions wait by the runtime; time is simulated."""

    def __init__(self, server: DatabaseServer, isolation: Isolation) -> None:
        self._server = server
        self._isolation: Isolation = isolation
        self._runtime = ManualRuntime()
        self._sessions: dict[str, ServerSession] = {}
        self._tasks: dict[str, Task[Answer]] = {}

    def start(self, step: Step) -> None:
        """As a task beside the others."""
        session = self._sessions.get(step.session)
        if session is None:
            session = self._sessions[step.session] = self._server.open(self._runtime)
            session.begin(self._isolation)
        self._tasks[step.session] = self._runtime.start(perform(session, step))

    def settle(self) -> None:
        """Run what is due now."""
        self._runtime.advance(0.0)

    def ended(self, session: str) -> bool:
        """Whether the task has."""
        return self._tasks[session].done

    def answer(self, session: str) -> Answer:
        """What the task returned."""
        return self._tasks[session].result()

    def let_time_pass(self) -> None:
        """Run what is due later, the next first."""
        ended = self._count()
        while self._count() == ended:
            if not self._runtime.step():
                raise RunError("the sessions wait for each other for ever")
        self.settle()

    def close(self) -> None:
        """Drop what still waits."""
        for session in self._sessions.values():
            session.close()

    def _count(self) -> int:
        return sum(task.done for task in self._tasks.values())


class Threads:
    """A :class:`Stage` for a database that makes its sessions wait itself: one thread and one connection for each.

    Who waits is asked of the database, so no step depends on how fast the machine is. Statements come well apart
    once somebody waits.
    """

    def __init__(self, server: SqlServer, isolation: Isolation) -> None:
        self._server = server
        self._isolation: Isolation = isolation
        self._sessions: dict[str, SqlSession] = {}
        self._threads: dict[str, ThreadPoolExecutor] = {}
        self._steps: dict[str, Future[Answer]] = {}

    def start(self, step: Step) -> None:
        """In the session's thread."""
        name = step.session
        if not isinstance(step.action, str) and not all(other.done() for other in self._steps.values()):
            sleep(APART_S)
        if name not in self._sessions:
            self._sessions[name] = self._server.open(ManualRuntime())
            self._sessions[name].begin(self._isolation)
            self._threads[name] = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._steps[name] = self._threads[name].submit(lambda: drive(perform(self._sessions[name], step)))

    def settle(self) -> None:
        """A session that ends may set others free, so look until nothing changes any more."""
        ended = -1
        while ended != (ended := self._count()):
            for name, step in self._steps.items():
                while not step.done() and not self._server.blocked(self._sessions[name]):
                    wait([step], timeout=LOOK_AGAIN_S)

    def ended(self, session: str) -> bool:
        """Whether the thread has."""
        return self._steps[session].done()

    def answer(self, session: str) -> Answer:
        """What the thread returned."""
        return self._steps[session].result()

    def let_time_pass(self) -> None:
        """Wait for the database, which looks for deadlocks now and then."""
        if not wait([step for step in self._steps.values() if not step.done()], GIVE_UP_S, FIRST_COMPLETED).done:
            raise RunError("the sessions wait for each other for ever")
        self.settle()

    def close(self) -> None:
        """Wait for the threads, then end the sessions."""
        for thread in self._threads.values():
            thread.shutdown()
        for session in self._sessions.values():
            session.close()

    def _count(self) -> int:
        return sum(step.done() for step in self._steps.values())
