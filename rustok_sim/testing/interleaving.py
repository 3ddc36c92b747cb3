"""Plays a schedule: each step in its turn, as far as its session is free."""

from collections import deque
from typing import Final

from rustok_sim.adapters.sql import SqlServer
from rustok_sim.core.data import Delete, Isolation
from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.core.errors import DomainError
from rustok_sim.testing.locks import TABLES
from rustok_sim.testing.schedules import (
    START,
    TEST,
    Answer,
    History,
    Line,
    Played,
    Schedule,
    Step,
    answer_text,
    outcome_of,
)
from rustok_sim.testing.stages import FilledServer, OneThread, Stage, Threads

WAITS: Final = "waits"
THEN: Final = "then "


def play(server: FilledServer, schedule: Schedule, isolation: Isolation) -> Played:
    """Play *schedule* on *server*, which has the tables of the schedules, and tell what became of it.

    What was in the tables is lost, but for the two rows that every schedule begins with. A step of a session that
    still waits is done when it waits no more; a session that met an error does no more.
    """
    _empty(server)
    server.seed(TEST, [{"id": key, "value": value} for key, value in START.items()])
    if isinstance(server, SqlServer) and not server.polite:
        stage: Stage = Threads(server, isolation)
    else:
        stage = OneThread(server, isolation)
    try:
        lines, history = _Director(stage).direct(schedule)
    finally:
        stage.close()
    history.final = {int(str(row["id"])): int(str(row["value"])) for row in server.rows(TEST)}
    waited = any(line.answer == WAITS for line in lines)
    outcome = outcome_of(schedule, history, waited=waited)
    return Played(schedule, isolation, tuple(lines), outcome, history.final)


def _empty(server: FilledServer) -> None:
    session = server.open(ManualRuntime())
    for table in reversed(TABLES):
        drive(session.run(Delete(table)))
    session.close()


class _Director:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._lines: list[Line] = []
        self._history = History()
        self._waiting: dict[str, tuple[int, Step]] = {}
        self._later: dict[str, deque[tuple[int, Step]]] = {}
        self._refused: set[str] = set()

    def direct(self, schedule: Schedule) -> tuple[list[Line], History]:
        for number, step in enumerate(schedule.steps, start=1):
            if step.session in self._waiting:
                self._later.setdefault(step.session, deque()).append((number, step))
            else:
                self._begin(number, step)
        while self._waiting:
            self._stage.let_time_pass()
            self._go_on()
        return self._lines, self._history

    def _begin(self, number: int, step: Step) -> None:
        if step.session in self._refused:
            return
        self._stage.start(step)
        self._stage.settle()
        if self._stage.ended(step.session):
            self._note(number, step, "")
        else:
            self._waiting[step.session] = number, step
            self._lines.append(Line(number, step.session, str(step), WAITS))
        self._go_on()

    def _go_on(self) -> None:
        """Note what others' steps have ended by now, and let their sessions do what they were to do meanwhile."""
        free = [name for name in self._waiting if self._stage.ended(name)]
        for name in free:
            self._note(*self._waiting.pop(name), THEN)
        for name in free:
            later = self._later.pop(name, deque())
            while later and name not in self._waiting:
                self._begin(*later.popleft())
            if later:
                self._later[name] = later

    def _note(self, number: int, step: Step, prefix: str) -> None:
        answer: Answer = self._stage.answer(step.session)
        self._history.answers.append((step, answer))
        self._lines.append(Line(number, step.session, str(step), prefix + answer_text(step, answer)))
        if isinstance(answer, DomainError):
            self._refused.add(step.session)
