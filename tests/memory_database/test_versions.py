"""How many old versions are kept: each holds on to its text, so the references to one text count the versions."""

import sys

import pytest

from rustok_sim.core.data import Delete, Insert, Select, Table, Update, col, integer, same, text
from rustok_sim.core.drive import drive
from rustok_sim.testing import LEVELS

NOTES = Table("notes", (integer("id"), text("body"), text("kind"), integer("edits")), indexes=(("kind",),), owner=None)
EDIT = Update(NOTES, {"edits": col("edits").plus(1)}, same(id=1))


class Marked:
    """A text that nobody else has, and how often it is held on to since this was made."""

    def __init__(self, number=0):
        self.text = f"a text of its own, number {number}"
        self._before = sys.getrefcount(self.text)

    def kept(self):
        """The references that were not there before."""
        return sys.getrefcount(self.text) - self._before


@pytest.fixture
def notes(bench_of):
    """One note, whose body is marked."""
    bench = bench_of(NOTES)
    bench.body = Marked()
    bench.server.seed(NOTES, [note(1, bench.body.text)])
    return bench


def note(key, body, kind="plain"):
    """A row of notes."""
    return {"id": key, "body": body, "kind": kind, "edits": 0}


def edits(bench, times):
    """So many updates, each a transaction of its own."""
    session = bench.server.open(bench.runtime)
    for _ in range(times):
        drive(session.run(EDIT))


def test_a_version_holds_on_to_its_text(notes):
    """What the other tests count by: one before, two while an update is not committed, one after."""
    assert notes.body.kept() == 1
    session = notes.holding(EDIT)
    assert notes.body.kept() == 2
    drive(session.commit())
    assert notes.body.kept() == 1


def test_ten_thousand_updates_leave_one_version(notes):
    """Nobody could see any other."""
    edits(notes, 10_000)
    assert notes.body.kept() == 1
    assert notes.server.rows(NOTES)[0]["edits"] == 10_000


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("ending", ["commit", "rollback"])
def test_a_transaction_that_updates_a_row_often_leaves_one_version(notes, level, ending):
    """The last, or the one there was."""
    session = notes.holding(*[EDIT] * 100, isolation=level)
    if ending == "commit":
        drive(session.commit())
    else:
        session.rollback()
    assert notes.body.kept() == 1
    assert notes.server.rows(NOTES)[0]["edits"] == (100 if ending == "commit" else 0)


@pytest.mark.parametrize("level", ["repeatable_read", "serializable"])
@pytest.mark.parametrize("ending", ["commit", "rollback", "crash"])
def test_an_open_snapshot_keeps_what_it_sees_and_its_end_frees_it(notes, level, ending):
    """However it ends, one version is left; until then its own is there."""
    session = notes.holding(Select(NOTES), isolation=level)
    edits(notes, 200)
    assert notes.body.kept() >= 2
    assert drive(session.run(Select(NOTES))).rows == [note(1, notes.body.text)]
    if ending == "commit":
        drive(session.commit())
    elif ending == "rollback":
        session.rollback()
    else:
        notes.server.crash()
    assert notes.body.kept() == 1


def test_a_transaction_without_a_snapshot_keeps_nothing(notes):
    """READ COMMITTED between two statements, and one that has begun and asked for nothing yet."""
    sessions = [notes.holding(Select(NOTES)), notes.session("repeatable_read"), notes.session("serializable")]
    edits(notes, 200)
    assert notes.body.kept() == 1
    for session in sessions:
        assert drive(session.run(Select(NOTES))).rows[0]["edits"] == 200


def test_snapshots_that_overlap_for_ever_keep_no_more_than_two_rounds(notes):
    """There is always one open; when the next has begun, all before it is of no use: ten edits and what was there."""
    session = notes.holding(Select(NOTES), isolation="repeatable_read")
    for round_ in range(1, 30):
        edits(notes, 10)
        assert notes.body.kept() <= 11
        following = notes.holding(Select(NOTES), isolation="repeatable_read")
        drive(session.commit())
        assert notes.body.kept() == 1
        session = following
        assert drive(session.run(Select(NOTES))).rows[0]["edits"] == 10 * round_


def test_the_oldest_snapshot_decides_whichever_ends_first(notes):
    """Three snapshots, at 0, 5 and 10 edits, end in the order 2, 1, 3: what each sees is there to its end."""
    sessions = []
    for _ in range(3):
        sessions.append(notes.holding(Select(NOTES), isolation="repeatable_read"))
        edits(notes, 5)
    for place, left in ((1, (0, 2)), (0, (2,))):
        drive(sessions[place].commit())
        seen = [drive(sessions[other].run(Select(NOTES))).rows[0]["edits"] for other in left]
        assert seen == [5 * other for other in left]
    assert notes.body.kept() <= 6
    drive(sessions[2].commit())
    assert notes.body.kept() == 1


def test_rows_that_came_and_went_leave_nothing(notes):
    """Neither the rows nor the keys of the index by kind, which is a text of its own here."""
    kind = Marked(1)
    for key in range(2, 200):
        notes.run(Insert(NOTES, note(key, "-", kind.text)))
        notes.run(Update(NOTES, {"kind": "other"} if key % 2 else {"edits": 1}, same(id=key)))
        notes.run(Delete(NOTES, same(id=key)))
    notes.holding(*[Insert(NOTES, note(key, "-", kind.text)) for key in range(2, 200)]).rollback()
    assert kind.kept() == 0


def test_a_snapshot_keeps_a_removed_row_and_its_place_in_the_index(notes):
    """Found by its kind as long as the snapshot lasts, and gone with it."""
    kind = Marked(2)
    notes.run(Insert(NOTES, note(2, "-", kind.text)))
    session = notes.holding(Select(NOTES), isolation="repeatable_read")
    notes.run(Delete(NOTES, same(id=2)))
    found = drive(session.run(Select(NOTES, same(kind=kind.text)))).rows
    assert [row["id"] for row in found] == [2]
    del found
    drive(session.commit())
    assert kind.kept() == 0


def test_a_key_that_changes_leaves_no_old_keys(bench_of):
    """A thousand names one after the other: only the last is held on to."""
    named = Table("named", (text("id"), integer("edits")), owner=None)
    bench = bench_of(named)
    names = [Marked(number) for number in range(1_000)]
    bench.server.seed(named, [{"id": "first", "edits": 0}])
    for name in names:
        bench.run(Update(named, {"id": name.text}))
    assert [name.kept() for name in names[:-1]] == [0] * 999
    assert names[-1].kept() > 0
    assert bench.server.rows(named) == [{"id": names[-1].text, "edits": 0}]


def test_what_serializable_transactions_have_read_is_forgotten(notes):
    """A condition is kept as long as it may matter: until all who overlapped the reader have ended."""
    sought = Marked(3)
    query = Select(NOTES, (*same(kind=sought.text),))
    alone = sought.kept()
    for _ in range(100):
        drive(notes.holding(query, isolation="serializable").commit())
        notes.holding(query, isolation="serializable").rollback()
    assert sought.kept() == alone
    other = notes.holding(Select(NOTES, same(id=1)), isolation="serializable")
    drive(notes.holding(query, isolation="serializable").commit())
    assert sought.kept() > alone
    drive(other.commit())
    assert sought.kept() == alone
