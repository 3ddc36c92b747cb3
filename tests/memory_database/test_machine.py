"""The database in memory against a plain model, step by step: three sessions, rows, snapshots, locks and waits.

The model knows no versions and no records' chains: what is committed is a dictionary, a snapshot is a copy of it, and
a session's own writes lie above. It says before each step what must come of it.
"""

from dataclasses import dataclass, field

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from rustok_sim.adapters import MemoryServer
from rustok_sim.core.data import Delete, Insert, Select, Table, Update, col, integer, same
from rustok_sim.core.drive import ManualRuntime
from rustok_sim.core.errors import ConnectionLost, SerializationFailure, UniqueViolation

ITEMS = Table("items", (integer("id"), integer("value")), owner=None)
SESSIONS = ("A", "B", "C")
KEYS = (1, 2, 3)
GONE = None
NAMES = st.sampled_from(SESSIONS)
CHANGES = st.one_of(st.just(None), *4 * [st.integers(1, 9)])
"""A removal now and then: a table without rows shows little."""


@dataclass
class Committed:
    """One committed row: which record it is, which commit wrote it, and its value."""

    record: int
    commit: int
    value: int


@dataclass
class Open:
    """One open transaction."""

    fixed: bool
    snapshot: dict[int, Committed] | None = None
    writes: dict[int, int | None] = field(default_factory=dict)
    inserted: set[int] = field(default_factory=set)
    locks: set[int] = field(default_factory=set)
    waiting: tuple[int, int, int | None] | None = None
    """The key, the record waited for, and the change: a difference, or none for a removal."""
    dead: bool = False


class DatabaseMachine(RuleBasedStateMachine):
    """Every rule tells the server and the model, and compares."""

    def __init__(self):
        super().__init__()
        self.runtime = ManualRuntime()
        self.server = MemoryServer([ITEMS])
        self.server.seed(ITEMS, [{"id": key, "value": 10 * key} for key in KEYS])
        self.committed = {key: Committed(key, 0, 10 * key) for key in KEYS}
        self.records = len(KEYS)
        self.commits = 0
        self.open: dict[str, Open] = {}
        self.at_server = {}
        self.tasks = {}
        self.queue: list[str] = []

    # -- the server's side

    def ask(self, name, statement):
        """Send it and let all go on that can; ``waits``, the error, or the result."""
        self.tasks[name] = self.runtime.start(self.at_server[name].run(statement))
        self.runtime.advance(0.0)
        return self.answer(name)

    def answer(self, name):
        """What has come of the session's last statement."""
        task = self.tasks[name]
        if not task.done:
            return "waits"
        try:
            return task.result()
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is compared
            return type(error)

    # -- the model's side

    def view(self, name):
        """What the session's next statement sees: value by key."""
        mine = self.open[name]
        if mine.fixed and mine.snapshot is None:
            mine.snapshot = dict(self.committed)
        base = mine.snapshot if mine.fixed else self.committed
        seen = {key: row.value for key, row in base.items()} | mine.writes
        return {key: value for key, value in seen.items() if value is not GONE}

    def holder(self, record):
        """Who has locked *record*."""
        return next((name for name, one in self.open.items() if record in one.locks), None)

    def would_circle(self, name, record):
        """Whether waiting for *record* closes a circle of waits."""
        blocker = self.holder(record)
        ahead = [other for other in self.queue if self.open[other].waiting[1] == record]
        frontier, seen = [blocker, *ahead], set()
        while frontier:
            other = frontier.pop()
            if other == name:
                return True
            if other is None or other in seen:
                continue
            seen.add(other)
            waiting = self.open[other].waiting
            if waiting is not None:
                frontier.append(self.holder(waiting[1]))
                place = self.queue.index(other)
                frontier.extend(o for o in self.queue[:place] if self.open[o].waiting[1] == waiting[1])
        return False

    def apply(self, name, key, record, change):
        """The lock is free: take it and write. What the statement answers: how many rows, or the error."""
        mine = self.open[name]
        newest = self.committed.get(key)
        newer = newest is None or newest.record != record
        if key in mine.writes:
            newer = False
        elif mine.fixed:
            newer = newer or newest.commit != mine.snapshot[key].commit
        if mine.fixed and newer:
            self.finish(name, failed=True)
            return SerializationFailure
        mine.locks.add(record)
        if newer:
            return 0
        value = mine.writes[key] if key in mine.writes else newest.value  # noqa: SIM401 -- there may be no newest
        mine.writes[key] = GONE if change is None else value + change
        return 1

    def finish(self, name, *, failed=False):
        """Free the locks of *name* and serve those who wait for them, in the order in which they came."""
        mine = self.open[name]
        mine.locks, mine.writes, mine.dead = set(), {}, failed
        if not failed:
            del self.open[name]
        for other in list(self.queue):
            theirs = self.open.get(other)
            if other not in self.queue or theirs is None or theirs.waiting is None:
                continue
            key, record, change = theirs.waiting
            ahead = self.queue[: self.queue.index(other)]
            if self.holder(record) is None and not any(self.open[o].waiting[1] == record for o in ahead):
                self.queue.remove(other)
                theirs.waiting = None
                self.expected[other] = self.apply(other, key, record, change)

    # -- rules

    def free(self, name):
        """A session in a transaction that neither waits nor has failed."""
        return name in self.open and self.open[name].waiting is None and not self.open[name].dead

    def begun(self, name, fixed):
        """Begin, if *name* is in no transaction; whether it can go on."""
        if name not in self.open:
            self.at_server[name] = self.server.open(self.runtime)
            self.at_server[name].begin("repeatable_read" if fixed else "read_committed")
            self.open[name] = Open(fixed)
        return self.free(name)

    @rule(name=NAMES, fixed=st.booleans())
    def read(self, name, fixed):
        """Nobody who only reads ever waits."""
        if self.begun(name, fixed):
            answer = self.ask(name, Select(ITEMS))
            assert {row["id"]: row["value"] for row in answer.rows} == self.view(name)

    @rule(name=NAMES, fixed=st.booleans(), key=st.sampled_from(KEYS), change=CHANGES)
    def write(self, name, fixed, key, change):
        """An update or a removal of one row."""
        if not self.begun(name, fixed):
            return
        mine, seen = self.open[name], self.view(name)
        base = (mine.snapshot if mine.fixed else self.committed).get(key)
        own_insert = key in mine.inserted
        if key in seen and not own_insert:
            record = base.record
            holder = self.holder(record)
            if holder not in {None, name} and self.would_circle(name, record):
                return
        self.expected = {}
        if key not in seen:
            wanted = 0
        elif own_insert:
            mine.writes[key] = GONE if change is None else mine.writes[key] + change
            wanted = 1
        elif holder in {None, name}:
            wanted = self.apply(name, key, record, change)
        elif mine.fixed and self.settled_newer(mine, key):
            self.finish(name, failed=True)
            wanted = SerializationFailure
        else:
            mine.waiting = (key, record, change)
            self.queue.append(name)
            wanted = "waits"
        what = (
            Delete(ITEMS, same(id=key))
            if change is None
            else Update(ITEMS, {"value": col("value").plus(change)}, same(id=key))
        )
        answer = self.ask(name, what)
        assert (answer if isinstance(answer, (str, type)) else answer.count) == wanted
        self.check_expected()

    def settled_newer(self, mine, key):
        """Whether a newer version than the snapshot's is committed already: then there is no need to wait."""
        newest, old = self.committed.get(key), mine.snapshot[key]
        return newest is None or (newest.record, newest.commit) != (old.record, old.commit)

    @rule(name=NAMES, fixed=st.booleans(), key=st.sampled_from(KEYS), value=st.integers(0, 99))
    def insert(self, name, fixed, key, value):
        """A new row, where no other open transaction has a hand on the key."""
        if not self.begun(name, fixed) or any(key in one.writes for one in self.open.values()):
            return
        mine = self.open[name]
        self.view(name)
        self.expected = {}
        answer = self.ask(name, Insert(ITEMS, {"id": key, "value": value}))
        if key in self.committed:
            assert answer is UniqueViolation
            self.finish(name, failed=True)
        else:
            assert answer.count == 1
            mine.writes[key] = value
            mine.inserted.add(key)
        self.check_expected()

    @precondition(lambda self: any(self.free(name) for name in SESSIONS))
    @rule(data=st.data())
    def commit(self, data):
        """What was written is there for all who come."""
        name = data.draw(st.sampled_from([name for name in SESSIONS if self.free(name)]))
        mine = self.open[name]
        self.tasks[name] = self.runtime.start(self.at_server[name].commit())
        self.commits += bool(mine.writes)
        for key, value in mine.writes.items():
            if value is GONE:
                self.committed.pop(key, None)
            elif key in mine.inserted:
                self.records += 1
                self.committed[key] = Committed(self.records, self.commits, value)
            else:
                self.committed[key] = Committed(self.committed[key].record, self.commits, value)
        self.expected = {}
        self.finish(name)
        self.runtime.advance(0.0)
        assert self.answer(name) is None
        self.check_expected()

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def roll_back(self, data):
        """Nothing of it was ever there; who waits may be dropped, too."""
        name = data.draw(st.sampled_from(sorted(self.open)))
        if self.open[name].waiting is not None:
            self.queue.remove(name)
            self.open[name].waiting = None
            self.tasks[name].drop()
        self.expected = {}
        self.at_server[name].rollback()
        self.finish(name)
        self.runtime.advance(0.0)
        self.check_expected()

    @precondition(lambda self: self.queue)
    @rule()
    def crash(self):
        """All that was not committed is lost, and everybody hears of it."""
        waiting = list(self.queue)
        self.server.crash()
        self.runtime.advance(0.0)
        assert [self.answer(name) for name in waiting] == [ConnectionLost] * len(waiting)
        self.open, self.queue = {}, []

    def check_expected(self):
        """Those who waited for what has ended were told what the model says, and nobody else was told anything."""
        for name, wanted in self.expected.items():
            answer = self.answer(name)
            assert (answer if isinstance(answer, (str, type)) else answer.count) == wanted
        assert [name for name in self.queue if self.answer(name) != "waits"] == []

    @invariant()
    def the_committed_rows_are_the_models(self):
        """Seen from outside any transaction."""
        rows = {row["id"]: row["value"] for row in self.server.rows(ITEMS)}
        assert rows == {key: row.value for key, row in self.committed.items()}


TestDatabase = DatabaseMachine.TestCase
TestDatabase.settings = settings(max_examples=150, stateful_step_count=30)


@pytest.mark.parametrize(
    ("place", "broken"),
    [
        ("locks.conflict", lambda one, other: False),
        ("records.Record.seen", lambda record, reader, number: record.row),
        ("transactions._undo", lambda record: None),
        ("transactions.unlock", lambda record, transaction: None),
    ],
    ids=["locks keep nobody out", "all is seen at once", "a rollback leaves what it wrote", "locks are never freed"],
)
def test_the_machine_finds(monkeypatch, place, broken):
    """It can fail: each of these is noticed."""
    monkeypatch.setattr(f"rustok_sim.adapters.memory.{place}", broken)
    seek = settings(max_examples=100, stateful_step_count=30, phases=[Phase.generate])
    with pytest.raises((AssertionError, ExceptionGroup)):
        run_state_machine_as_test(DatabaseMachine, settings=seek)
