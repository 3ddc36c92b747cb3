"""Lines before a lock, circles, crashes, the time a commit takes, and what is left behind."""

import pytest

from rustok_sim.adapters import MemoryServer
from rustok_sim.core.data import Insert, Select, Table, Update, col, integer, same, text
from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.core.errors import ConnectionLost, DeadlockDetected, UniqueViolation

ITEMS = Table(
    "items",
    (integer("id"), integer("value"), text("colour"), text("code", optional=True)),
    unique=(("code",),),
    indexes=(("colour",),),
    owner=None,
)
TIMEOUT_S = 1.0


class Hands:
    """Sessions by name on one server of three rows."""

    def __init__(self, **options):
        self.runtime = ManualRuntime()
        self.server = MemoryServer([ITEMS], deadlock_timeout_s=TIMEOUT_S, **options)
        self.server.seed(ITEMS, [{"id": n, "value": 0, "colour": "red"} for n in (1, 2, 3)])
        self.sessions = {}

    def begin(self, *names, level="read_committed"):
        """As its name says."""
        for name in names:
            self.sessions[name] = self.server.open(self.runtime)
            self.sessions[name].begin(level)

    def start(self, name, statement):
        """As its name says."""
        task = self.runtime.start(self.sessions[name].run(statement))
        self.runtime.advance(0.0)
        return task

    def add(self, name, key, more=1):
        """As its name says."""
        return self.start(name, Update(ITEMS, {"value": col("value").plus(more)}, same(id=key)))

    def commit(self, *names):
        """As its name says."""
        for name in names:
            task = self.runtime.start(self.sessions[name].commit())
            self.runtime.advance(0.0)
            task.result()

    def values(self):
        """As its name says."""
        return [row["value"] for row in self.server.rows(ITEMS)]


@pytest.fixture
def hands():
    """A fresh one."""
    return Hands()


def test_who_waits_is_served_in_the_order_of_arrival(hands):
    """Three behind one: each goes on when the one before it has ended, and no sooner."""
    hands.begin("A", "B", "C", "D")
    tasks = {name: hands.add(name, 1) for name in "ABCD"}
    for name, later in (("A", "BCD"), ("B", "CD"), ("C", "D"), ("D", "")):
        assert tasks[name].done
        assert [tasks[other].done for other in later] == [False] * len(later)
        hands.commit(name)
    assert hands.values() == [4, 0, 0]


def test_who_is_dropped_leaves_the_line_and_blocks_nobody(hands):
    """B waits and is dropped; C, behind it, has the lock as soon as A has ended, though B's session still stands."""
    hands.begin("A", "B", "C")
    hands.add("A", 1)
    waiting, behind = hands.add("B", 1), hands.add("C", 1)
    waiting.drop()
    hands.commit("A")
    assert behind.done
    hands.commit("C")
    assert hands.values() == [2, 0, 0]


@pytest.mark.parametrize("names", ["AB", "ABC"])
def test_a_circle_costs_one_its_transaction_and_the_others_go_on(hands, names):
    """Each holds a row and asks for the next one's: after the timeout one is the victim, exactly."""
    hands.begin(*names)
    for key, name in enumerate(names, start=1):
        hands.add(name, key)
    tasks = [hands.add(name, key % len(names) + 1) for key, name in enumerate(names, start=1)]
    assert [task.done for task in tasks] == [False] * len(names)
    hands.runtime.advance(TIMEOUT_S)
    failed = []
    while len(failed) + sum(task.done for task in tasks) < 2 * len(names) and len(failed) < len(names):
        for name, task in zip(names, tasks, strict=True):
            if task.done and name not in failed:
                try:
                    task.result()
                except DeadlockDetected:
                    hands.sessions[name].rollback()
                else:
                    hands.commit(name)
                failed.append(name)
        hands.runtime.advance(0.0)
    victims = [name for name, task in zip(names, tasks, strict=True) if refused(task)]
    assert len(victims) == 1
    assert sum(hands.values()) == 2 * (len(names) - 1)


def refused(task):
    """Whether it was the victim."""
    try:
        task.result()
    except DeadlockDetected:
        return True
    return False


def test_a_crash_loses_what_was_not_committed_and_frees_its_locks(hands):
    """A has committed, B has not, C waits for B: only A's is there, and C hears of the crash."""
    hands.begin("A", "B", "C")
    hands.add("A", 1)
    hands.commit("A")
    hands.add("B", 2)
    waiting = hands.add("C", 2)
    hands.server.crash()
    hands.runtime.advance(0.0)
    with pytest.raises(ConnectionLost):
        waiting.result()
    assert hands.values() == [1, 0, 0]
    hands.begin("D")
    assert hands.add("D", 2).done
    with pytest.raises(ConnectionLost):
        drive(hands.sessions["B"].commit())


def test_a_crash_in_the_middle_of_a_commit_loses_it():
    """The commit takes 10 ms to reach the disk; the server dies after 5."""
    hands = Hands(commit_latency_s=0.01)
    hands.begin("A")
    hands.add("A", 1)
    commit = hands.runtime.start(hands.sessions["A"].commit())
    hands.runtime.advance(0.005)
    hands.server.crash()
    hands.runtime.advance(0.1)
    with pytest.raises(ConnectionLost):
        commit.result()
    assert hands.values() == [0, 0, 0]


def test_a_commit_takes_its_time_and_a_read_only_one_none():
    """10 ms to the disk, and nothing where nothing was written."""
    hands = Hands(commit_latency_s=0.01)
    hands.begin("A", "B")
    hands.add("A", 1)
    hands.start("B", Select(ITEMS))
    for name, seconds in (("A", 0.01), ("B", 0.0)):
        begin_s = hands.runtime.now()
        drive(hands.sessions[name].commit())
        assert hands.runtime.now() - begin_s == pytest.approx(seconds)


def versions(hands):
    """How many versions of the first row are kept."""
    return len(next(iter(hands.server.tables["items"].primary.buckets[1])).rows())


def test_old_versions_go_unless_a_snapshot_needs_them(hands):
    """1,000 updates leave one version; with an old snapshot open they leave what it sees, and none after its end."""
    hands.begin("old", level="repeatable_read")
    hands.start("old", Select(ITEMS))
    for _ in range(1_000):
        hands.begin("A")
        hands.add("A", 1)
        hands.commit("A")
    seen = hands.start("old", Select(ITEMS, same(id=1))).result().rows
    assert [row["value"] for row in seen] == [0]
    hands.commit("old")
    assert versions(hands) == 1
    for _ in range(1_000):
        hands.begin("A")
        hands.add("A", 1)
        hands.commit("A")
    assert versions(hands) == 1
    assert hands.values()[0] == 2_000


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_who_inserts_the_same_key_waits_for_the_first(hands, end):
    """Refused if that one stands, and through if it does not."""
    hands.begin("A", "B")
    row = {"value": 0, "colour": "blue", "code": "x"}
    hands.start("A", Insert(ITEMS, {"id": 4, **row})).result()
    second = hands.start("B", Insert(ITEMS, {"id": 5, **row}))
    assert not second.done
    if end == "commit":
        hands.commit("A")
        with pytest.raises(UniqueViolation):
            second.result()
    else:
        hands.sessions["A"].rollback()
        hands.runtime.advance(0.0)
        assert second.result().count == 1


def test_an_index_gives_the_rows_that_a_look_at_all_would_give(hands):
    """After updates of its column, committed and taken back, and with a snapshot that sees the old values."""
    paint = {name: Update(ITEMS, {"colour": name}, same(id=key)) for key, name in ((1, "blue"), (2, "green"))}
    hands.begin("old", level="repeatable_read")
    hands.start("old", Select(ITEMS))
    hands.begin("A", "B")
    hands.start("A", paint["blue"])
    hands.start("B", paint["green"])
    hands.commit("A")
    hands.sessions["B"].rollback()
    hands.begin("new")
    for name in ("old", "new"):
        everything = hands.start(name, Select(ITEMS)).result().rows
        for colour in ("red", "blue", "green"):
            by_index = hands.start(name, Select(ITEMS, same(colour=colour))).result().rows
            assert by_index == [row for row in everything if row["colour"] == colour]
    assert [row["colour"] for row in everything] == ["blue", "red", "red"]
