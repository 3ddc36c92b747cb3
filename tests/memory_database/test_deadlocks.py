"""Waits in a circle: who gives way, when, and that nobody else does. Who waits looks for a circle after 1 s, once."""

import pytest

from rustok_sim.core.data import Insert, Table, integer, same
from rustok_sim.core.drive import drive
from rustok_sim.core.errors import DomainError
from rustok_sim.testing import TEST
from rustok_sim.testing.anomalies import add, new, put, read

SEATS = Table("seats", (integer("id"), integer("code")), unique=(("code",),), owner=None)
GONE = "deadlock_detected"


def more(key, amount=1):
    """Add to one row."""
    return add(amount, same(id=key))


def seat(key, code):
    """A new row of seats."""
    return Insert(SEATS, {"id": key, "code": code})


def ending(bench, session, statement):
    """A task that runs one statement more, commits, and says when."""

    def steps():
        yield from session.run(statement)
        yield from session.commit()
        return bench.runtime.now()

    task = bench.runtime.start(steps())
    bench.runtime.advance(0.0)
    return task


def told(task):
    """When it had committed, or the code of the error that it was given."""
    try:
        return task.result()
    except DomainError as error:
        return error.code


@pytest.mark.parametrize(
    ("starts_s", "expected"),
    [
        ((0.0, 0.0), [GONE, 1.0]),
        ((0.0, 0.5), [GONE, 1.0]),
        ((0.0, 1.0), [2.0, GONE]),
        ((0.0, 3.0), [4.0, GONE]),
        ((0.0, 0.0, 0.0), [GONE, 1.0, 1.0]),
        ((0.0, 0.25, 0.75), [GONE, 1.0, 1.0]),
        ((0.0, 0.5, 1.25), [1.5, GONE, 1.5]),
        ((0.0, 0.25, 1.5), [2.5, 2.5, GONE]),
    ],
)
def test_the_first_to_look_at_a_closed_circle_gives_way_alone(bench, starts_s, expected):
    """By hand: each asks for the next one's row, and looks 1 s later; who looked before the last one asked saw none."""
    sessions = [bench.holding(more(key)) for key in range(1, len(starts_s) + 1)]
    tasks = []
    for place, (session, start_s) in enumerate(zip(sessions, starts_s, strict=True)):
        bench.runtime.advance(start_s - bench.runtime.now())
        tasks.append(ending(bench, session, more((place + 1) % len(sessions) + 1, 100)))
    bench.runtime.finish()
    assert [told(task) for task in tasks] == expected


def test_what_the_victim_wrote_is_gone_and_the_others_is_there(bench):
    """Of three in a circle each adds 1 to its own row and 100 to the next: the first is the victim."""
    sessions = [bench.holding(more(key)) for key in (1, 2, 3)]
    tasks = [ending(bench, session, more(key, 100)) for session, key in zip(sessions, (2, 3, 1), strict=True)]
    bench.runtime.finish()
    assert [told(task) for task in tasks] == [GONE, 1.0, 1.0]
    assert bench.values() == {1: 10 + 100, 2: 20 + 1, 3: 30 + 1 + 100}


def test_two_circles_cost_two(bench):
    """1 and 2 want each other's rows, so do 3 and 4: one of each pair gives way."""
    bench.run(new(4, 40))
    sessions = [bench.holding(more(key)) for key in (1, 2, 3, 4)]
    tasks = [ending(bench, session, more(key, 100)) for session, key in zip(sessions, (2, 1, 4, 3), strict=True)]
    bench.runtime.finish()
    assert [told(task) for task in tasks] == [GONE, 1.0, GONE, 1.0]


def test_who_waits_beside_a_circle_is_no_part_of_it(bench):
    """It waits for row 3 of one of the two, and looks first, at 1 s: it goes on when the circle is open again."""
    first, second = bench.holding(more(1), more(3)), bench.holding(more(2))
    beside = ending(bench, bench.session(), more(3, 1000))
    bench.runtime.advance(0.25)
    tasks = [ending(bench, first, more(2, 100)), ending(bench, second, more(1, 100))]
    bench.runtime.finish()
    assert [told(task) for task in (*tasks, beside)] == [GONE, 1.25, 1.25]
    assert bench.values() == {1: 10 + 100, 2: 20 + 1, 3: 30 + 1000}


def test_a_long_wait_is_no_deadlock(bench):
    """A line of three stands for an hour, and goes on when the first has ended."""
    holder = bench.holding(more(1))
    tasks = [ending(bench, bench.session(), more(1)) for _ in range(3)]
    bench.runtime.advance(3600.0)
    assert not any(task.done for task in tasks)
    drive(holder.commit())
    bench.runtime.finish()
    assert [told(task) for task in tasks] == [3600.0] * 3
    assert bench.values()[1] == 14


def test_two_who_share_a_row_and_both_want_it_alone_are_a_circle(bench):
    """Each waits for the other's share to end."""
    sessions = [bench.holding(read(1, lock="share")) for _ in range(2)]
    tasks = [ending(bench, session, put(1, 11)) for session in sessions]
    bench.runtime.finish()
    assert [told(task) for task in tasks] == [GONE, 1.0]


def test_two_keys_taken_crosswise_are_a_circle(bench_of):
    """Who waits for a key waits for the end of who wrote it."""
    bench = bench_of(SEATS)
    sessions = [bench.holding(seat(1, 1)), bench.holding(seat(2, 2))]
    tasks = [ending(bench, sessions[0], seat(3, 2)), ending(bench, sessions[1], seat(4, 1))]
    bench.runtime.finish()
    assert [told(task) for task in tasks] == [GONE, 1.0]
    assert [row["id"] for row in bench.server.rows(SEATS)] == [2, 4]


def test_a_key_and_a_row_may_close_a_circle(bench):
    """The first waits for the second's new key, the second for the first's row."""
    first, second = bench.holding(more(1)), bench.holding(new(9, 90))
    tasks = [ending(bench, first, new(9, 91)), ending(bench, second, more(1))]
    bench.runtime.finish()
    assert [told(task) for task in tasks] == [GONE, 1.0]
    assert bench.values() == {1: 11, 2: 20, 3: 30, 9: 90}


def test_a_place_in_line_is_part_of_a_circle(bench):
    """As in PostgreSQL, where the first in line holds the tuple's lock: it costs a transaction that holds no row.

    The third waits for row 1 of the first; the first for row 2 of the second; the second for row 1, behind the third,
    which gives way at 1 s. The first and the second still wait for each other, and the first looks at 1.25 s.
    """
    first, second = bench.holding(more(1)), bench.holding(more(2))
    third = ending(bench, bench.session(), more(1, 1000))
    tasks = []
    for session, key in ((first, 2), (second, 1)):
        bench.runtime.advance(0.25)
        tasks.append(ending(bench, session, more(key, 100)))
    bench.runtime.finish()
    assert [told(task) for task in (*tasks, third)] == [GONE, 1.25, GONE]
    assert bench.values() == {1: 10 + 100, 2: 20 + 1, 3: 30}


def test_the_timeout_is_the_servers(bench_of):
    """A server that is made to look after 5 s does."""
    bench = bench_of(TEST, deadlock_timeout_s=5.0)
    bench.server.seed(TEST, [{"id": 1, "value": 10}, {"id": 2, "value": 20}])
    sessions = [bench.holding(more(1)), bench.holding(more(2))]
    tasks = [ending(bench, sessions[0], more(2)), ending(bench, sessions[1], more(1))]
    bench.runtime.finish()
    assert [told(task) for task in tasks] == [GONE, 5.0]
