"""Four sessions at all levels against plain dictionaries: who waits for whom, what each is told, and what is there.

Beside single rows: several at once, locking reads, keys that change, keys that two want, statements outside any
transaction, circles of waits, dropped statements and crashes. The model has neither versions nor indexes: what is
committed is a dictionary from lines (rows through all their changes) to contents, and a snapshot is a copy of it. It
takes no view on which serializable transaction is refused, but for those that no snapshot would let through.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from rustok_sim.adapters.memory import MemoryServer
from rustok_sim.core.data import Delete, Insert, Select, Table, Update, col, integer, same
from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.core.errors import DomainError
from rustok_sim.testing import LEVELS

ITEMS = Table(
    "items",
    (integer("id"), integer("kind"), integer("value")),
    indexes=(("kind",),),
    ordered=(("kind", "value"),),
    owner=None,
)
NAMES, KEYS, KINDS = ("A", "B", "C", "D"), (1, 2, 3, 4), (0, 1)
TICK_S, LOOK_S = 1 / 64, 1.0
REFUSED, TAKEN, CIRCLE = "serialization_failure", "unique_violation", "deadlock_detected"
LOST, SPOILED, WAITS = "connection_lost", "transaction_aborted", "waits"

# -- the model


@dataclass(frozen=True, eq=False)
class Content:
    """What a row is at one time; another time it is another one, even if it looks the same."""

    id: int
    kind: int
    value: int

    def with_(self, **changes: int) -> "Content":
        """As it is after an update."""
        return Content(**{**self.__dict__, **changes})


@dataclass(eq=False)
class Tx:
    """A transaction, and the statement in which it waits."""

    name: str
    level: str
    alone: bool = False
    snapshot: dict[int, Content] | None = None
    own: dict[int, Content | None] = field(default_factory=dict)
    claiming: int | None = None
    """The line whose new key is not its own yet."""
    locks: list[int] = field(default_factory=list)
    failed: bool = False
    met: bool = False
    """It is serializable, and another such one overlapped it."""
    steps: Iterator[Any] | None = None
    awaited: "int | Tx | None" = None
    look_s: float | None = None
    """When it will look for a circle, if it has not done so in this wait."""


class Refused(Exception):
    """A statement is."""


class Model:
    """All that there is, and who waits, in order of arrival."""

    def __init__(self, told: Callable[[str], str | None]) -> None:
        self.told = told
        """The error that a session was given by now, if any."""
        self.now_s = 0.0
        self.lines = count()
        self.committed: dict[int, Content] = {}
        self.open: dict[str, Tx] = {}
        self.waiting: list[Tx] = []
        self.answers: dict[str, Any] = {}
        self._woken: deque[Tx] = deque()

    def visible(self, tx: Tx) -> dict[int, Content]:
        """What a statement that begins now sees."""
        if tx.level != "read_committed" and tx.snapshot is None:
            tx.snapshot = dict(self.committed)
            others = [o for o in self.open.values() if o is not tx and o.level == tx.level == "serializable"]
            for other in others:
                if other.snapshot is not None:
                    tx.met = other.met = True
        base = self.committed if tx.snapshot is None else tx.snapshot
        return {line: content for line, content in {**base, **tx.own}.items() if content is not None}

    def newest(self, tx: Tx, line: int) -> Content | None:
        """What a line is by now, for who has its lock."""
        return tx.own[line] if line in tx.own else self.committed.get(line)

    def read(self, tx, finds):
        """Nobody waits who only reads."""
        yield from ()
        return [content for content in sorted(self.visible(tx).values(), key=lambda c: c.id) if finds(content)]

    def take(self, tx, finds, wanted):
        """Lock in the order of the values, pass over what others hold, and stop when there is enough."""
        yield from ()
        found = sorted((content.value, content.id, line, content) for line, content in self.visible(tx).items())
        taken = []
        for _, _, line, seen in found:
            if not finds(seen) or len(taken) == wanted:
                continue
            if tx.level != "read_committed" and self.newest(tx, line) is not seen:
                raise Refused(REFUSED)
            if self.holder(line) in {None, tx}:
                now = yield from self.hold(tx, line, seen)
                taken += [now] if now is not None and finds(now) else []
        return taken

    def write(self, tx, finds, change):
        """Lock row by row in the order of the key, and put there what *change* makes of each."""
        found = sorted((content.id, line, content) for line, content in self.visible(tx).items() if finds(content))
        done = []
        for _, line, seen in found:
            now = yield from self.hold(tx, line, seen)
            if now is None or not finds(now):
                continue
            new = change(now)
            if new is not now:
                tx.own[line] = new
            if new is not None and new.id != now.id:
                yield from self.claim(tx, line, new.id)
            done.append(now)
        return done

    def insert(self, tx, content):
        """A line of its own, if nobody has the key."""
        self.visible(tx)
        line = next(self.lines)
        tx.own[line] = content
        yield from self.claim(tx, line, content.id)
        return [content]

    def hold(self, tx, line, seen):
        """Lock a line; what it is then."""
        for look in range(2):
            if tx.level != "read_committed" and self.newest(tx, line) is not seen:
                raise Refused(REFUSED)
            if not look and self.holder(line) not in {None, tx}:
                yield line
        if line not in tx.locks:
            tx.locks.append(line)
        return self.newest(tx, line)

    def claim(self, tx, line, key):
        """Make sure that nobody else has the key, whoever may yet come to have it or to keep it."""
        tx.claiming = line
        while (rival := self.rival(tx, line, key)) is not None:
            if rival is tx:
                raise Refused(TAKEN)
            yield rival
        tx.claiming = None

    def rival(self, tx, line, key):
        """The transaction on whose end it depends, *tx* itself if it is settled, or nobody."""
        for other in self.open.values():
            for mine, content in other.own.items():
                possible = [self.committed.get(mine), None if mine == other.claiming else content]
                if other is not tx and any(one is not None and one.id == key for one in possible):
                    return other
        settled = {**self.committed, **tx.own}
        return tx if any(o != line and c is not None and c.id == key for o, c in settled.items()) else None

    def holder(self, line):
        """Who has locked it."""
        return next((tx for tx in self.open.values() if line in tx.locks), None)

    def start(self, name, steps_of):
        """A statement begins."""
        tx = self.open.get(name)
        if tx is None:
            tx = self.open[name] = Tx(name, "read_committed", alone=True)
        tx.steps = steps_of(tx)
        self._woken.append(tx)
        self.go_on()

    def go_on(self):
        """Let everybody go as far as they can, in the order in which they were woken."""
        while self._woken:
            tx = self._woken.popleft()
            if tx.level == "serializable" and tx.met and self.told(tx.name) == REFUSED:
                self.answers[tx.name] = REFUSED
                self.fail(tx)
                continue
            try:
                tx.awaited = next(tx.steps)
            except StopIteration as end:
                self.answers[tx.name], tx.steps = end.value, None
                if tx.alone:
                    self.commit(tx.name)
            except Refused as refused:
                self.answers[tx.name] = str(refused)
                self.fail(tx)
            else:
                self.answers[tx.name], tx.look_s = WAITS, self.now_s + LOOK_S
                self.waiting.append(tx)

    def commit(self, name):
        """What was written is there."""
        tx = self.open[name]
        for line, content in tx.own.items():
            self.committed.pop(line, None)
            if content is not None:
                self.committed[line] = content
        self.end(tx)

    def fail(self, tx):
        """Its locks go at the error; in a transaction, what follows must be a rollback."""
        self.end(tx)
        if not tx.alone:
            self.open[tx.name] = Tx(tx.name, tx.level, failed=True)

    def end(self, tx):
        """Hand its locks on, and wake who waited for its end: those for locks first, though either would do."""
        del self.open[tx.name]
        tx.steps = None
        if tx in self.waiting:
            self.waiting.remove(tx)
        for other in list(self.waiting):
            if other.awaited in tx.locks:
                tx.locks.remove(other.awaited)
                other.locks.append(other.awaited)
                self.wake(other)
        for other in [other for other in self.waiting if other.awaited is tx]:
            self.wake(other)

    def wake(self, tx):
        """It goes on when it is its turn."""
        self.waiting.remove(tx)
        self._woken.append(tx)

    def blockers(self, tx):
        """Those whose end it waits for."""
        if isinstance(tx.awaited, Tx):
            return [tx.awaited]
        ahead = self.waiting[: self.waiting.index(tx)]
        return [self.holder(tx.awaited), *(other for other in ahead if other.awaited == tx.awaited)]

    def in_a_circle(self, tx):
        """Whether it waits, by way of others, for itself."""
        reached, frontier = [], [tx]
        while frontier:
            one = frontier.pop()
            new = [other for other in (self.blockers(one) if one in self.waiting else ()) if other not in reached]
            reached += new
            frontier += new
        return tx in reached

    def pass_time(self, duration_s):
        """Who has waited for a second looks for a circle, once, and gives way if it is part of one."""
        until_s = self.now_s + duration_s
        while due := [tx for tx in self.waiting if tx.look_s is not None and tx.look_s <= until_s]:
            tx = min(due, key=lambda one: one.look_s)
            self.now_s, tx.look_s = tx.look_s, None
            if self.in_a_circle(tx):
                self.answers[tx.name] = CIRCLE
                self.fail(tx)
                self.go_on()
        self.now_s = until_s


# -- statements: for the server, for the model, and whether more than one wait may come of them


def by_id(key):
    """Found by the primary key."""
    return same(id=key), lambda content: content.id == key


def by_kind(kind):
    """Found by an index."""
    return same(kind=kind), lambda content: content.kind == kind


def by_value(least):
    """Found by looking at all."""
    return (col("value").at_least(least),), lambda content: content.value >= least


@dataclass(frozen=True)
class Act:
    """One statement."""

    verb: str
    where: tuple
    number: int
    by_key: bool

    @property
    def long(self):
        """It may wait for more than one thing."""
        return self.verb == "rename" or not (self.by_key or self.verb == "insert")

    def statement(self):
        """For the server."""
        where = self.where[0]
        match self.verb:
            case "select":
                return Select(ITEMS, where)
            case "lock":
                return Select(ITEMS, where, lock="update")
            case "take":
                return Select(ITEMS, where, ("value",), self.number, lock="update", skip_locked=True)
            case "bump":
                return Update(ITEMS, {"value": col("value").plus(self.number)}, where)
            case "paint":
                return Update(ITEMS, {"kind": self.number % 2}, where)
            case "rename":
                return Update(ITEMS, {"id": self.number}, where)
            case "insert":
                return Insert(ITEMS, {"id": self.number, "kind": self.number % 2, "value": 0})
        return Delete(ITEMS, where)

    def steps(self, model):
        """For the model."""
        finds, number = self.where[1], self.number
        match self.verb:
            case "select":
                return lambda tx: model.read(tx, finds)
            case "insert":
                return lambda tx: model.insert(tx, Content(number, number % 2, 0))
            case "take":
                return lambda tx: model.take(tx, finds, number)
        change = {
            "lock": lambda content: content,
            "bump": lambda content: content.with_(value=content.value + number),
            "paint": lambda content: content.with_(kind=number % 2),
            "rename": lambda content: content.with_(id=number),
            "delete": lambda content: None,
        }[self.verb]
        return lambda tx: model.write(tx, finds, change)


ONE = st.builds(by_id, st.sampled_from(KEYS))
SOME = st.one_of(st.builds(by_kind, st.sampled_from(KINDS)), st.builds(by_value, st.sampled_from([0, 5])))
ACTS = st.one_of(
    st.builds(Act, st.sampled_from(["bump", "bump", "lock", "paint", "delete"]), ONE, st.integers(1, 4), st.just(True)),
    st.builds(Act, st.sampled_from(["rename", "insert"]), ONE, st.sampled_from(KEYS), st.just(True)),
    st.builds(
        Act,
        st.sampled_from(["select", "bump", "lock", "paint", "take", "take"]),
        SOME,
        st.integers(1, 4),
        st.just(False),
    ),
    st.builds(Act, st.sampled_from(["select", "delete"]), st.one_of(ONE, SOME), st.just(1), st.just(False)),
)
CLOSE = st.builds(
    Act,
    st.sampled_from(["bump", "lock"]),
    st.builds(by_id, st.sampled_from(KEYS[:2])),
    st.integers(1, 4),
    st.just(True),
)

# -- the machine


class WideMachine(RuleBasedStateMachine):
    """Each rule lets a moment pass, tells the server, then the model, and compares what everybody was told."""

    def __init__(self):
        super().__init__()
        self.runtime = ManualRuntime()
        self.server = MemoryServer([ITEMS], deadlock_timeout_s=LOOK_S)
        self.model = Model(self.error)
        rows = [Content(key, key % 2, key) for key in KEYS[:3]]
        self.server.seed(ITEMS, [row.__dict__ for row in rows])
        self.model.committed = {next(self.model.lines): row for row in rows}
        self.sessions = {name: self.server.open(self.runtime) for name in NAMES}
        self.tasks = {}

    def answer(self, name):
        """What the session was told: its rows, or how many, an error's code, or that it waits."""
        task = self.tasks[name]
        try:
            return task.result() if task.done else WAITS
        except DomainError as error:
            return error.code

    def error(self, name):
        """For the model."""
        answer = self.answer(name)
        return answer if isinstance(answer, str) else None

    def pass_time(self, duration_s):
        """For both."""
        self.runtime.advance(duration_s)
        self.model.pass_time(duration_s)

    def do(self, name, steps):
        """Start it, and let all go on that can."""
        self.tasks[name] = self.runtime.start(steps)
        self.runtime.advance(0.0)

    def waits(self, name):
        """Whether the model has it waiting."""
        return any(tx.name == name for tx in self.model.waiting)

    def two_of_one_key(self, tx, act):
        """Whether a snapshot may come to show two rows of one key: then their order is open."""
        if act.verb not in {"insert", "rename"} or tx is None or tx.level == "read_committed":
            return False
        base = self.model.committed if tx.snapshot is None else tx.snapshot
        seen = [line for line, content in base.items() if content.id == act.number]
        others = [other for other in self.model.open.values() if other is not tx]
        return any(line not in self.model.committed or any(line in o.own for o in others) for line in seen)

    @rule(name=st.sampled_from(NAMES), act=ACTS, level=st.sampled_from([*LEVELS, *LEVELS, None]))
    def run(self, name, act, level):
        """A statement, in a transaction or not. A long one only if nobody waits: else it is open who comes first."""
        self.pass_time(TICK_S)
        if self.waits(name) or (act.long and self.model.waiting):
            return
        if name not in self.model.open and level is not None:
            self.sessions[name].begin(level)
            self.model.open[name] = Tx(name, level)
        tx = self.model.open.get(name)
        if self.two_of_one_key(tx, act):
            return
        self.do(name, self.sessions[name].run(act.statement()))
        if tx is not None and tx.failed:
            self.model.answers[name] = SPOILED
        else:
            self.model.start(name, act.steps(self.model))

    @rule(name=st.sampled_from(NAMES), act=CLOSE, level=st.sampled_from(LEVELS))
    def meet(self, name, act, level):
        """A statement on one of two rows, where others are likely to be."""
        self.run(name, act, level)

    @rule(name=st.sampled_from(NAMES))
    def commit(self, name):
        """Refused only after a failed statement, or where serializable transactions met."""
        self.pass_time(TICK_S)
        tx = self.model.open.get(name)
        if tx is None or self.waits(name):
            return
        self.do(name, self.sessions[name].commit())
        self.model.answers[name] = None
        if tx.failed or (tx.met and self.error(name) == REFUSED):
            self.model.answers[name] = SPOILED if tx.failed else REFUSED
            self.model.end(tx)
        else:
            self.model.commit(name)
        self.model.go_on()

    @rule(name=st.sampled_from(NAMES), waiting=st.booleans())
    def roll_back(self, name, waiting):
        """At times in the middle of a wait, which is dropped then."""
        self.pass_time(TICK_S)
        tx = self.model.open.get(name)
        if tx is None or self.waits(name) is not waiting:
            return
        if waiting:
            self.tasks.pop(name).drop()
        self.sessions[name].rollback()
        self.runtime.advance(0.0)
        self.model.answers.pop(name, None)
        self.model.end(tx)
        self.model.go_on()

    @precondition(lambda self: len(self.model.open) == len(NAMES))
    @rule()
    def crash(self):
        """Whoever waits is told; nothing that was not committed is left."""
        waiting = [tx.name for tx in self.model.waiting]
        self.server.crash()
        self.runtime.advance(0.0)
        self.model.open, self.model.waiting = {}, []
        self.model.answers.update(dict.fromkeys(waiting, LOST))
        self.compare()
        self.sessions = {name: self.server.open(self.runtime) for name in NAMES}

    @precondition(lambda self: self.model.waiting)
    @rule()
    def wait(self):
        """Long enough for some to look for circles."""
        self.pass_time(0.5)

    @invariant()
    def compare(self):
        """Everybody was told what the model says, and waits who should."""
        for name, expected in self.model.answers.items():
            answer = self.answer(name)
            if isinstance(expected, list) and not answer.rows:
                assert answer.count == len(expected)
            elif isinstance(expected, list):
                assert answer.rows == [content.__dict__ for content in expected]
            else:
                assert answer == expected
        rows = sorted((content.__dict__ for content in self.model.committed.values()), key=lambda row: row["id"])
        assert self.server.rows(ITEMS) == rows

    @invariant()
    def looks_agree(self):
        """Who can look without changing anything sees what the model says, by index too."""
        for name, tx in self.model.open.items():
            if self.waits(name) or tx.failed or tx.level == "serializable":
                continue
            if tx.level == "read_committed" or tx.snapshot is not None:
                for where, finds in (by_value(0), *map(by_kind, KINDS), *map(by_id, KEYS)):
                    seen = drive(self.model.read(tx, finds))
                    assert drive(self.sessions[name].run(Select(ITEMS, where))).rows == [c.__dict__ for c in seen]
                    first = sorted(seen, key=lambda c: (c.value, c.id))[:2]
                    rows = drive(self.sessions[name].run(Select(ITEMS, where, ("value",), 2))).rows
                    assert rows == [c.__dict__ for c in first]

    def teardown(self):
        """When all have gone nothing is left of them: one statement has all the rows at once."""
        for name in NAMES:
            if name in self.tasks:
                self.tasks[name].drop()
            self.sessions[name].close()
        self.runtime.finish()
        task = self.runtime.start(self.server.open(self.runtime).run(Delete(ITEMS)))
        self.runtime.advance(0.0)
        assert task.result().count == len(self.model.committed)


TestWide = WideMachine.TestCase
TestWide.settings = settings(max_examples=150, stateful_step_count=40)
