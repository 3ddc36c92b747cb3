"""Lines before a row lock: who is served when, who may pass, and what becomes of the line when somebody leaves it."""

import pytest

from rustok_sim.core.data import Delete, Expression, Select, Update, col, same
from rustok_sim.core.drive import drive
from rustok_sim.core.errors import TimedOut
from rustok_sim.testing import TEST
from rustok_sim.testing.anomalies import put, read

MORE = Update(TEST, {"value": col("value").plus(1)})


def append(digit):
    """Write *digit* behind the digits of row 1: the number tells who came when."""
    return Update(TEST, {"value": Expression((("value", 10),), digit)}, same(id=1))


@pytest.fixture
def line(bench):
    """One that holds row 1, whose value is 1, and four that wait for it and will write 2, 3, 4 and 5."""
    bench.holder = bench.holding(put(1, 1))
    bench.waiting = {digit: bench.work(append(digit)) for digit in (2, 3, 4, 5)}
    return bench


def end(bench):
    """Let the holder commit and all others end; what is written then."""
    drive(bench.holder.commit())
    bench.runtime.finish()
    return bench.values()[1]


def test_a_line_is_served_in_the_order_of_arrival(line):
    """The digits say so."""
    assert not any(task.done for task in line.waiting.values())
    assert end(line) == 12345


@pytest.mark.parametrize(
    ("leaving", "expected"), [([2], 1345), ([3, 4], 125), ([5], 1234), ([3], 1245), ([2, 3, 4, 5], 1)]
)
def test_who_is_dropped_is_left_out_and_the_others_keep_their_places(line, leaving, expected):
    """First, last, in the middle, all: the digits of those who stayed, in order."""
    for digit in leaving:
        line.waiting[digit].drop()
    assert end(line) == expected


def test_who_is_dropped_when_its_turn_has_come_hands_it_on(line):
    """The holder has committed, 2 has the lock and has not taken a step yet."""
    drive(line.holder.commit())
    line.waiting[2].drop()
    line.runtime.finish()
    assert line.values()[1] == 1345


def test_who_gives_up_in_time_is_left_out(line):
    """One more joins for a tenth of a second, and another after it."""
    impatient = line.runtime.start(line.runtime.within(0.1, line.session().run(append(6))))
    line.runtime.advance(0.0)
    late = line.work(append(7))
    line.runtime.advance(0.5)
    assert end(line) == 123457
    with pytest.raises(TimedOut):
        impatient.result()
    late.result()


def test_who_is_dropped_loses_what_it_held_before(bench):
    """It had row 2 and waited for row 1: both what it wrote there and its lock are gone."""
    holder = bench.holding(put(1, 1))
    session = bench.holding(put(2, 22))
    waiting = bench.start(session, append(2))
    behind = bench.work(Update(TEST, {"value": col("value").plus(5)}, same(id=2)))
    assert not behind.done
    waiting.drop()
    bench.runtime.advance(0.0)
    assert behind.done
    drive(holder.commit())
    assert bench.values() == {1: 1, 2: 25, 3: 30}


def test_a_newcomer_does_not_pass_who_has_its_turn(line):
    """The lock is handed over at the commit: who asks in the same instant comes behind everybody."""
    drive(line.holder.commit())
    line.work(append(6))
    line.runtime.finish()
    assert line.values()[1] == 123456


def test_two_share_a_row_past_a_writer_in_line(bench):
    """README.tuplock: a lock in no conflict with its holders is given at once; the writer waits for both."""
    first = bench.holding(read(1, lock="share"))
    writer = bench.work(put(1, 11))
    second = bench.holding(read(1, lock="share"))
    drive(first.commit())
    bench.runtime.advance(0.0)
    assert not writer.done
    drive(second.commit())
    bench.runtime.advance(0.0)
    assert writer.done
    assert bench.values()[1] == 11


def test_sharers_in_line_are_served_together(bench):
    """Behind an exclusive holder: two sharers, a writer, one sharer; the writer parts them."""
    holder = bench.holding(put(1, 11))
    sessions = [bench.session() for _ in range(4)]
    asked = [read(1, lock="share"), read(1, lock="share"), put(1, 12), read(1, lock="share")]
    tasks = [bench.start(session, statement) for session, statement in zip(sessions, asked, strict=True)]
    drive(holder.commit())
    bench.runtime.advance(0.0)
    assert [task.done for task in tasks] == [True, True, False, False]
    for session in sessions[:2]:
        drive(session.commit())
    bench.runtime.advance(0.0)
    assert [task.done for task in tasks] == [True, True, True, False]
    drive(sessions[2].commit())
    bench.runtime.advance(0.0)
    assert [row["value"] for row in tasks[3].result().rows] == [12]


def test_the_only_holder_takes_a_stronger_lock_past_the_line(bench):
    """To wait behind somebody who waits for oneself would be for ever."""
    holder = bench.holding(read(1, lock="share"))
    waiting = bench.work(append(2))
    drive(holder.run(put(1, 1)))
    assert not waiting.done
    drive(holder.commit())
    bench.runtime.finish()
    assert bench.values()[1] == 12


def test_a_stronger_lock_waits_for_those_who_share(bench):
    """And stays a share meanwhile, so that nobody else changes the row."""
    one, other = (bench.holding(read(1, lock="share")) for _ in range(2))
    rising = bench.start(one, put(1, 1))
    late = bench.work(append(2))
    assert not rising.done
    drive(other.commit())
    bench.runtime.advance(0.0)
    assert rising.done
    assert not late.done
    drive(one.commit())
    bench.runtime.finish()
    assert bench.values()[1] == 12


def test_a_statement_locks_row_by_row_in_the_order_of_the_key(bench):
    """It waits at row 2: row 1 is its own by then, row 3 is not."""
    holder = bench.holding(put(2, 22))
    waiting = bench.work(MORE)
    third, first = bench.work(put(3, 33)), bench.work(append(0))
    assert (waiting.done, third.done, first.done) == (False, True, False)
    drive(holder.commit())
    bench.runtime.finish()
    assert bench.values() == {1: 110, 2: 23, 3: 34}


def test_what_a_rolled_back_transaction_locked_is_free(bench):
    """All of it, with nobody in line: a second one takes all rows at once."""
    for statement in (MORE, Delete(TEST), Select(TEST, lock="share"), Select(TEST, lock="update")):
        bench.holding(statement).rollback()
        assert bench.run(MORE).count == 3
    assert bench.values() == {1: 14, 2: 24, 3: 34}


def test_rows_that_were_skipped_are_not_locked(bench):
    """SKIP LOCKED with a limit: one takes row 1, the next row 2, and row 3 is still free."""
    first_free = Select(TEST, lock="update", skip_locked=True, limit=1)
    taken = [drive(bench.session().run(first_free)).rows[0]["id"] for _ in range(2)]
    assert taken == [1, 2]
    assert bench.work(put(3, 33)).done
