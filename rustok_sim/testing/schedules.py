"""Interleaved transactions written as data, what became of them, and the word for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from rustok_sim.core.data import Isolation, Result, Select, Statement, Table, integer
from rustok_sim.core.errors import DomainError

Outcome: TypeAlias = Literal["allowed", "aborted", "blocked", "prevented"]
"""``allowed``: the anomaly happened. Else it did not, and ``aborted``: a transaction was refused with an error;
``blocked``: none was, but one had to wait for another; ``prevented``: nobody was refused and nobody waited."""

TEST: Final = Table("test", (integer("id"), integer("value")), owner=None)
"""The one table of all schedules; it holds 1 → 10 and 2 → 20 at the start."""
START: Final[Mapping[int, int]] = {1: 10, 2: 20}

Action: TypeAlias = Statement | Literal["commit", "rollback"]
Answer: TypeAlias = Result | DomainError | None
"""What a step gave; a commit and a rollback give nothing."""


@dataclass(frozen=True, slots=True)
class Step:
    """One session does one thing; its first step begins its transaction."""

    session: str
    action: Action

    def __str__(self) -> str:
        return self.action if isinstance(self.action, str) else self.action.label


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a trace: a step and its answer, or that it waits; then, later, a line more with the answer."""

    step: int
    session: str
    text: str
    answer: str

    def __str__(self) -> str:
        return f"{self.step:2d} {self.session}  {self.text}: {self.answer}"


@dataclass(slots=True)
class History:
    """What each session was told, in order; the schedule's own question is answered from it."""

    answers: list[tuple[Step, Answer]] = field(default_factory=list)
    final: Mapping[int, int] = field(default_factory=dict)
    """The committed rows at the end, value by id."""

    def saw(self, session: str, number: int) -> dict[int, int] | None:
        """What the session's read of this *number* (from 0) showed, value by id; nothing if it never came to that."""
        reads = [
            answer
            for step, answer in self.answers
            if step.session == session and isinstance(step.action, Select) and isinstance(answer, Result)
        ]
        return as_values(reads[number]) if number < len(reads) else None

    def committed(self, *sessions: str) -> bool:
        """Whether each of them did."""
        done = {step.session for step, answer in self.answers if step.action == "commit" and answer is None}
        return done.issuperset(sessions)

    @property
    def refused(self) -> bool:
        """Whether any session met an error."""
        return any(isinstance(answer, DomainError) for _, answer in self.answers)


@dataclass(frozen=True, slots=True)
class Schedule:
    """An interleaving that shows an anomaly where it is possible."""

    name: str
    title: str
    steps: tuple[Step, ...]
    happened: Callable[[History], bool]
    """Whether the anomaly did."""


@dataclass(frozen=True, slots=True)
class Played:
    """A schedule as one server played it at one level."""

    schedule: Schedule
    isolation: Isolation
    lines: tuple[Line, ...]
    outcome: Outcome
    final: Mapping[int, int]

    def __str__(self) -> str:
        head = f"{self.schedule.name}, {self.schedule.title}, at {self.isolation.replace('_', ' ')}: {self.outcome}"
        return "\n".join([head, *map(str, self.lines), f"   at the end: {_text_of(self.final)}"])


def outcome_of(schedule: Schedule, history: History, *, waited: bool) -> Outcome:
    """The word for what became of it."""
    if schedule.happened(history):
        return "allowed"
    if history.refused:
        return "aborted"
    return "blocked" if waited else "prevented"


def as_values(result: Result) -> dict[int, int]:
    """Rows of the table, value by id."""
    return {int(str(row["id"])): int(str(row["value"])) for row in result.rows}


def answer_text(step: Step, answer: Answer) -> str:
    """An answer in a trace."""
    if isinstance(answer, DomainError):
        return answer.code
    if answer is None:
        return "done"
    if isinstance(step.action, Select):
        return _text_of(as_values(answer))
    return f"{answer.count} row{'' if answer.count == 1 else 's'}"


def _text_of(values: Mapping[int, int]) -> str:
    return ", ".join(f"{key} → {value}" for key, value in values.items()) or "nothing"
