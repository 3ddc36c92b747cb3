"""A crash of the server: what was committed is there, nothing else is, and nobody waits for the dead."""

import pytest

from rustok_sim.core.data import Delete, Insert, Select, Update, col, same
from rustok_sim.core.drive import drive
from rustok_sim.core.errors import ConnectionLost
from rustok_sim.testing import LEVELS, TEST
from rustok_sim.testing.anomalies import new, put, read
from rustok_sim.testing.locks import CHILD

MORE = Update(TEST, {"value": col("value").plus(1)})


def child(key, parent):
    """A row that refers to one of the test table."""
    return Insert(CHILD, {"id": key, "test_id": parent})


@pytest.fixture
def crashed(bench):
    """Committed: 1 → 11, 2 gone, 4 → 40. Not committed: 1 → 99, 3 gone, 5 → 50, a child of 4. Then the crash."""
    for statement in (put(1, 11), Delete(TEST, same(id=2)), new(4, 40)):
        bench.run(statement)
    bench.lost = [
        bench.holding(put(1, 99)),
        bench.holding(Delete(TEST, same(id=3)), isolation="repeatable_read"),
        bench.holding(new(5, 50), child(1, 4), isolation="serializable"),
    ]
    bench.server.crash()
    return bench


def test_exactly_what_was_committed_is_there(crashed):
    """By hand, and for every level alike; also by a second crash."""
    for _ in range(2):
        assert crashed.values() == {1: 11, 3: 30, 4: 40}
        assert [crashed.values(crashed.session(level)) for level in LEVELS] == [{1: 11, 3: 30, 4: 40}] * 3
        assert crashed.server.rows(CHILD) == []
        crashed.server.crash()


def test_nothing_is_locked_and_no_key_is_taken(crashed):
    """All rows can be changed at once, the lost key written, the lost child's parent removed."""
    task = crashed.work(MORE, new(5, 51), Delete(TEST, same(id=4)), put(3, 33))
    assert task.done
    assert crashed.values() == {1: 12, 3: 33, 5: 51}


def test_the_lost_sessions_are_of_no_use(crashed):
    """Whatever they are asked; to roll back and to close is no mistake, and changes nothing."""
    for session in crashed.lost:
        for steps in (session.run(read(1)), session.run(put(1, 0)), session.commit()):
            with pytest.raises(ConnectionLost):
                drive(steps)
        session.rollback()
        with pytest.raises(ConnectionLost):
            session.begin("read_committed")
        session.close()
    assert crashed.values() == {1: 11, 3: 30, 4: 40}


def test_an_idle_session_is_lost_too(bench):
    """It had no transaction; it finds out when it is used."""
    idle = bench.server.open(bench.runtime)
    drive(idle.run(read(1)))
    bench.server.crash()
    with pytest.raises(ConnectionLost):
        drive(idle.run(read(1)))


def test_all_who_wait_are_told_at_once(bench):
    """Four in line for a row and one for a key: each hears of the crash without any time passing."""
    bench.holding(put(1, 11), new(4, 40))
    waiting = [bench.work(put(1, value)) for value in (12, 13, 14, 15)] + [bench.work(new(4, 41))]
    bench.server.crash()
    bench.runtime.advance(0.0)
    for task in waiting:
        with pytest.raises(ConnectionLost):
            task.result()
    assert bench.values() == {1: 10, 2: 20, 3: 30}
    assert bench.work(put(1, 16), new(4, 42)).done


def test_whose_turn_had_just_come_is_lost_as_well(bench):
    """The holder has committed, the next one has not taken a step yet: 11 stays, 12 never was."""
    holder = bench.holding(put(1, 11))
    waiting = bench.work(put(1, 12))
    drive(holder.commit())
    bench.server.crash()
    bench.runtime.finish()
    with pytest.raises(ConnectionLost):
        waiting.result()
    assert bench.values()[1] == 11
    assert bench.work(put(1, 13)).done


def test_the_committed_of_a_lost_session_stays(bench):
    """One session, two transactions: the first is there, the second is not."""
    session = bench.holding(put(1, 11))
    drive(session.commit())
    session.begin("read_committed")
    drive(session.run(put(1, 12)))
    bench.server.crash()
    assert bench.values()[1] == 11


def test_serializable_transactions_of_before_count_no_more(bench):
    """Half a write skew was lost in the crash: its other half, begun afterwards, has nobody to give way to."""
    everything = Select(TEST)
    bench.holding(everything, put(1, 0), isolation="serializable")
    bench.server.crash()
    drive(bench.holding(everything, put(2, 0), isolation="serializable").commit())
    assert bench.values() == {1: 10, 2: 0, 3: 30}
