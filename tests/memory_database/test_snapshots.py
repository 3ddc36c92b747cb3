"""What a statement sees: a snapshot of its own, or that of its transaction, and always what itself has written."""

import pytest

from rustok_sim.core.data import Delete, Insert, Select, Update, col, same
from rustok_sim.core.drive import drive
from rustok_sim.core.errors import SerializationFailure
from rustok_sim.testing import LEVELS, TEST
from rustok_sim.testing.anomalies import add, new, put, read

FIXED = ["repeatable_read", "serializable"]
MORE = Update(TEST, {"value": col("value").plus(1)})
DROP = Delete(TEST, same(id=1))


def seen(session, key):
    """The value that a session reads under *key*."""
    return [row["value"] for row in drive(session.run(read(key))).rows]


def test_each_statement_sees_what_was_committed_before_it_began(bench):
    """READ COMMITTED, by hand: 10, then 11 once that is committed, and nothing of what is under way."""
    reader = bench.session()
    assert seen(reader, 1) == [10]
    writer = bench.holding(put(1, 11))
    assert seen(reader, 1) == [10]
    drive(writer.commit())
    assert seen(reader, 1) == [11]


@pytest.mark.parametrize("level", FIXED)
@pytest.mark.parametrize("first", [read(2), new(9, 90), put(2, 22), DROP, Select(TEST, same(id=3), lock="update")])
def test_a_transaction_sees_what_was_committed_before_its_first_statement(bench, level, first):
    """The manual, 13.2.2: not before BEGIN; whatever that statement is. 11 is in time, 33 is not."""
    reader = bench.session(level)
    bench.run(put(3, 31))
    drive(reader.run(first))
    bench.work(put(3, 33))
    assert seen(reader, 3) == [31]


@pytest.mark.parametrize("level", LEVELS)
def test_a_transaction_sees_its_own_changes_at_once(bench, level):
    """By hand: 1 becomes 11 and then 12, 2 goes, 9 comes and becomes 91; nobody else sees any of it."""
    session = bench.holding(put(1, 11), add(1, same(id=1)), Delete(TEST, same(id=2)), new(9, 90), isolation=level)
    drive(session.run(put(9, 91)))
    assert bench.values(session) == {1: 12, 3: 30, 9: 91}
    assert bench.values(bench.session(level)) == bench.values() == {1: 10, 2: 20, 3: 30}
    drive(session.commit())
    assert bench.values() == {1: 12, 3: 30, 9: 91}


@pytest.mark.parametrize("level", LEVELS)
def test_a_row_that_came_and_went_in_one_transaction_never_was(bench, level):
    """Nor does its key stand against a second one."""
    session = bench.holding(new(9, 90), Delete(TEST, same(id=9)), new(9, 91), Delete(TEST, same(id=9)), isolation=level)
    assert bench.values(session) == {1: 10, 2: 20, 3: 30}
    drive(session.commit())
    assert bench.values() == {1: 10, 2: 20, 3: 30}


def test_who_only_reads_waits_for_nobody(bench):
    """Rows that are changed, removed and locked by others are read as they were."""
    bench.holding(put(1, 11), Delete(TEST, same(id=2)), Select(TEST, same(id=3), lock="update"), new(9, 90))
    for level in LEVELS:
        assert bench.values(bench.session(level)) == {1: 10, 2: 20, 3: 30}


def test_many_snapshots_stay_apart(bench):
    """Ten readers, one after each of ten commits, each keep the value they began with."""
    readers = []
    for value in range(100, 110):
        bench.run(put(1, value))
        readers.append(bench.holding(read(1), isolation="repeatable_read"))
    bench.run(DROP)
    assert [seen(reader, 1) for reader in readers] == [[value] for value in range(100, 110)]
    for reader in readers[::2]:
        drive(reader.commit())
    assert [seen(reader, 1) for reader in readers[1::2]] == [[value] for value in range(101, 110, 2)]


@pytest.mark.parametrize("level", FIXED)
@pytest.mark.parametrize("theirs", [put(1, 11), DROP])
@pytest.mark.parametrize("ours", [put(1, 12), DROP, Select(TEST, same(id=1), lock="update")])
def test_a_fixed_snapshot_may_not_change_what_is_newer(bench, level, theirs, ours):
    """Refused at once if the other has committed; rows that nobody has changed are free to change."""
    session = bench.holding(read(1), put(2, 22), isolation=level)
    bench.run(theirs)
    assert seen(session, 1) == [10]
    with pytest.raises(SerializationFailure):
        drive(session.run(ours))
    session.rollback()
    assert bench.values()[2] == 20


@pytest.mark.parametrize("level", FIXED)
def test_a_fixed_snapshot_may_change_what_others_took_back(bench, level):
    """Whom it waited for has rolled back: there is nothing newer."""
    other = bench.holding(put(1, 11))
    waiting = bench.work(put(1, 12), isolation=level)
    assert not waiting.done
    other.rollback()
    bench.runtime.finish()
    waiting.result()
    assert bench.values()[1] == 12


def test_a_row_that_comes_while_a_statement_waits_is_not_part_of_it(bench):
    """By hand: all three rows become one more, the fourth came after the statement had begun."""
    other = bench.holding(put(1, 11))
    waiting = bench.work(MORE)
    bench.run(new(4, 40))
    drive(other.commit())
    bench.runtime.finish()
    assert waiting.done
    assert bench.values() == {1: 12, 2: 21, 3: 31, 4: 40}


@pytest.mark.parametrize(("level", "expected"), [("read_committed", [11]), ("repeatable_read", None)])
def test_a_locking_read_that_waited_gives_the_newest_row_or_fails(bench, level, expected):
    """At READ COMMITTED what it locks is what it returns; a fixed snapshot would have to lie."""
    other = bench.holding(put(1, 11))
    waiting = bench.start(bench.session(level), read(1, lock="update"))
    drive(other.commit())
    bench.runtime.finish()
    if expected is None:
        with pytest.raises(SerializationFailure):
            waiting.result()
    else:
        assert [row["value"] for row in waiting.result().rows] == expected


def test_a_row_that_no_longer_matches_is_left_out_but_stays_locked(bench):
    """EvalPlanQual comes after the lock: 10 was sought, 11 is there, and it is ours until we end."""
    other = bench.holding(put(1, 11))
    session = bench.session()
    waiting = bench.start(session, Select(TEST, same(value=10), lock="update"))
    drive(other.commit())
    bench.runtime.finish()
    assert waiting.result().count == 0
    late = bench.work(put(1, 12))
    assert not late.done
    session.rollback()
    bench.runtime.finish()
    assert late.done
    assert bench.values()[1] == 12


def test_what_is_returned_is_what_was_written_after_the_wait(bench):
    """RETURNING, by hand: 10, made 15 by the other, and then one more."""
    other = bench.holding(put(1, 15))
    waiting = bench.start(bench.session(), Update(TEST, {"value": col("value").plus(1)}, same(id=1), returning=True))
    drive(other.commit())
    bench.runtime.finish()
    assert waiting.result().rows == [{"id": 1, "value": 16}]


def test_an_insert_waits_for_no_reader(bench):
    """Nobody locks what is not there: a snapshot stands beside it."""
    reader = bench.holding(Select(TEST), isolation="repeatable_read")
    bench.run(Insert(TEST, {"id": 4, "value": 40}))
    assert 4 not in bench.values(reader)
    assert bench.values()[4] == 40
