"""The moment of a commit: what it takes, what stands until then, and who may still spoil it. A commit takes 0.25 s."""

import pytest

from rustok_sim.adapters.direct import DirectDatabase
from rustok_sim.core.data import Insert, Select, same
from rustok_sim.core.drive import drive
from rustok_sim.core.errors import ConnectionLost, SerializationFailure
from rustok_sim.core.ports import Call
from rustok_sim.testing import LEVELS, TEST
from rustok_sim.testing.anomalies import add, new, put, read

CALL = Call(1, "test", 1)


def committing(bench, session):
    """A commit under way."""
    task = bench.runtime.start(session.commit())
    bench.runtime.advance(0.0)
    return task


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("statements", "expected_s"),
    [
        ([], 0.0),
        ([read(1)], 0.0),
        ([put(9, 1)], 0.0),
        ([put(1, 11)], 0.25),
        ([put(1, 11), put(2, 22), new(4, 40)], 0.25),
        ([read(1, lock="update")], 0.25),
    ],
)
def test_a_commit_takes_the_latency_once_where_there_is_anything_to_write(slow_disk, level, statements, expected_s):
    """Nothing for reads and for updates of no row; row locks are written in PostgreSQL's rows, too."""
    session = slow_disk.holding(*statements, isolation=level)
    assert slow_disk.runtime.now() == 0.0
    drive(session.commit())
    assert slow_disk.runtime.now() == expected_s


@pytest.mark.parametrize(("statement", "expected_s"), [(put(1, 11), 0.25), (read(1), 0.0), (new(4, 40), 0.25)])
def test_a_statement_of_its_own_pays_for_its_commit(slow_disk, statement, expected_s):
    """Outside any transaction it is one."""
    drive(DirectDatabase(slow_disk.runtime, slow_disk.server).run(CALL, statement))
    assert slow_disk.runtime.now() == expected_s


def test_a_rollback_takes_no_time(slow_disk):
    """Nothing has to reach the disk for what never was."""
    slow_disk.holding(put(1, 11)).rollback()
    assert slow_disk.work(put(1, 12)).done is False
    slow_disk.runtime.advance(0.25)
    assert slow_disk.values()[1] == 12


def test_commits_of_several_go_side_by_side(slow_disk):
    """Three at once take as long as one."""
    tasks = [committing(slow_disk, slow_disk.holding(put(key, 0))) for key in (1, 2, 3)]
    slow_disk.runtime.advance(0.25)
    assert all(task.done for task in tasks)
    assert slow_disk.values() == {1: 0, 2: 0, 3: 0}


def test_until_the_disk_has_it_nobody_sees_it_and_its_locks_stand(slow_disk):
    """At 0.125 s the old value is read and the row is held; at 0.25 s both are over, and the next adds to 11."""
    commit = committing(slow_disk, slow_disk.holding(put(1, 11)))
    waiting = slow_disk.work(add(1, same(id=1)))
    slow_disk.runtime.advance(0.125)
    assert (commit.done, waiting.done, slow_disk.values()[1]) == (False, False, 10)
    assert slow_disk.values(slow_disk.session())[1] == 10
    slow_disk.runtime.advance(0.125)
    assert (commit.done, slow_disk.values()[1]) == (True, 11)
    slow_disk.runtime.finish()
    assert waiting.result() == 0.5
    assert slow_disk.values()[1] == 12


@pytest.mark.parametrize(("crash_s", "expected"), [(0.0, 10), (0.125, 10), (0.25, 11)])
def test_a_crash_loses_a_commit_that_the_disk_has_not(slow_disk, crash_s, expected):
    """At its very end the commit is there."""
    commit = committing(slow_disk, slow_disk.holding(put(1, 11)))
    slow_disk.runtime.advance(crash_s)
    slow_disk.server.crash()
    slow_disk.runtime.finish()
    assert slow_disk.values()[1] == expected
    if expected == 10:
        with pytest.raises(ConnectionLost):
            commit.result()
    assert slow_disk.work(put(1, 12)).done is False
    slow_disk.runtime.finish()
    assert slow_disk.values()[1] == 12


@pytest.mark.parametrize("how", ["dropped", "rolled back", "closed"])
def test_who_stops_listening_to_a_commit_does_not_take_it_back(slow_disk, how):
    """It was sent; whatever becomes of who sent it."""
    session = slow_disk.holding(put(1, 11))
    commit = committing(slow_disk, session)
    if how == "dropped":
        commit.drop()
    elif how == "rolled back":
        session.rollback()
    else:
        session.close()
    slow_disk.runtime.finish()
    assert slow_disk.values()[1] == 11
    slow_disk.work(put(1, 12))
    slow_disk.runtime.finish()
    assert slow_disk.values()[1] == 12


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize(("how", "told"), [("heard", [0.25]), ("dropped", [0.125]), ("crashed", [])])
def test_what_follows_a_commit_follows_it_whoever_listens(slow_disk, alone, how, told):
    """It is called once, when the commit stands; a server that crashes before never comes to it."""
    runtime, times = slow_disk.runtime, []
    if alone:
        steps = slow_disk.server.open(runtime).run(put(1, 11), lambda result: times.append(runtime.now()))
    else:
        steps = slow_disk.holding(put(1, 11)).commit(lambda: times.append(runtime.now()))
    task = runtime.start(steps)
    runtime.advance(0.125)
    if how == "dropped":
        task.drop()
    elif how == "crashed":
        slow_disk.server.crash()
    runtime.finish()
    assert times == told
    assert slow_disk.values()[1] == (11 if told else 10)


def test_of_two_serializable_commits_side_by_side_one_is_refused(slow_disk):
    """A write skew: each reads both rows and writes one. The first to ask for its commit has it."""
    both = Select(TEST, order_by=("id",))
    sessions = [slow_disk.holding(both, put(key, 0), isolation="serializable") for key in (1, 2)]
    first, second = (committing(slow_disk, session) for session in sessions)
    with pytest.raises(SerializationFailure):
        second.result()
    assert not first.done
    slow_disk.runtime.finish()
    assert slow_disk.values() == {1: 0, 2: 20, 3: 30}


def test_who_reads_during_a_commit_comes_before_it(slow_disk):
    """Serializable: it misses the commit under way, and may write what nobody else has read."""
    first = committing(slow_disk, slow_disk.holding(put(1, 11), isolation="serializable"))
    reader = slow_disk.holding(read(1), put(2, 22), isolation="serializable")
    slow_disk.runtime.finish()
    first.result()
    assert [row["value"] for row in drive(reader.run(read(1))).rows] == [10]
    drive(reader.commit())
    assert slow_disk.values() == {1: 11, 2: 22, 3: 30}


def test_a_key_under_commit_is_waited_for(slow_disk):
    """Who inserts it a second time is told at the end of the first commit, and not before."""
    committing(slow_disk, slow_disk.holding(new(4, 40)))
    second = slow_disk.start(slow_disk.session(), Insert(TEST, {"id": 4, "value": 41}, or_skip=True))
    slow_disk.runtime.advance(0.125)
    assert not second.done
    slow_disk.runtime.advance(0.125)
    assert second.result().count == 0
