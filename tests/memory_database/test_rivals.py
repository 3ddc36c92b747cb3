"""Rules that look at other rows while those may still change: who waits for whose end, and what it then means."""

import pytest

from rustok_sim.core.data import Check, Delete, Insert, Reference, Table, Update, col, integer, same
from rustok_sim.core.drive import drive
from rustok_sim.core.errors import CheckViolation, DomainError, ForeignKeyViolation, SerializationFailure
from rustok_sim.testing import LEVELS

SEATS = Table(
    "seats",
    (integer("id"), integer("code", optional=True), integer("left")),
    unique=(("code",),),
    checks=(Check("none_below", (col("left").at_least(0),)),),
    owner=None,
)
GUESTS = Table(
    "guests",
    (integer("id"), integer("seat_id", optional=True)),
    references=(Reference(("seat_id",), "seats"),),
    owner=None,
)
BILLS = Table(
    "bills",
    (integer("id"), integer("seat_id", optional=True)),
    references=(Reference(("seat_id",), "seats", on_delete="refuse"),),
    owner=None,
)
CARDS = Table(
    "cards",
    (integer("id"), integer("seat_id", optional=True)),
    references=(Reference(("seat_id",), "seats", on_delete="set_null"),),
    owner=None,
)
DROP = Delete(SEATS, same(id=1))


def seat(key, code):
    """A new seat."""
    return Insert(SEATS, {"id": key, "code": code, "left": 10})


@pytest.fixture
def seats(bench_of):
    """Seat 1 with code 7, and whoever may refer to it."""
    bench = bench_of(SEATS, GUESTS, BILLS, CARDS)
    bench.server.seed(SEATS, [{"id": 1, "code": 7, "left": 10}])
    return bench


def told(task):
    """The rows it counted, or the code of the error that it was given."""
    try:
        return task.result().count
    except DomainError as error:
        return error.code


def end(bench, session, how):
    """Commit or roll back, and let others go on in the same moment."""
    if how == "commit":
        drive(session.commit())
    else:
        session.rollback()
    bench.runtime.advance(0.0)


RIVALS = [
    # What the first does, the code that the second wants, what becomes of it at the first's commit and rollback.
    (seat(2, 8), 8, ("unique_violation", 1)),
    (DROP, 7, (1, "unique_violation")),
    (Update(SEATS, {"code": 8}, same(id=1)), 7, (1, "unique_violation")),
    (Update(SEATS, {"code": 8}, same(id=1)), 8, ("unique_violation", 1)),
    (Update(SEATS, {"code": None}, same(id=1)), 7, (1, "unique_violation")),
]


@pytest.mark.parametrize("how", ["commit", "rollback"])
@pytest.mark.parametrize("rival", RIVALS)
@pytest.mark.parametrize("second", ["insert", "update", "skip"])
def test_whoever_wants_a_code_waits_for_who_may_take_or_leave_it(seats, rival, how, second):
    """By hand: the second has it if at the first's end nobody else does. To leave one out is to count none."""
    first, code, expected = rival
    seats.run(seat(9, None))
    holder = seats.holding(first)
    wanted = {
        "insert": seat(5, code),
        "update": Update(SEATS, {"code": code}, same(id=9)),
        "skip": Insert(SEATS, {"id": 5, "code": code, "left": 10}, or_skip=True),
    }
    waiting = seats.start(seats.session(), wanted[second])
    assert not waiting.done
    end(seats, holder, how)
    outcome = expected[how == "rollback"]
    assert told(waiting) == (0 if second == "skip" and outcome == "unique_violation" else outcome)


@pytest.mark.parametrize(
    ("first", "code"),
    [
        (seat(2, None), None),
        (seat(2, 8), 9),
        (Update(SEATS, {"left": 5}, same(id=1)), 8),
        (Update(SEATS, {"code": 8}, same(id=1)), 9),
    ],
)
def test_who_wants_another_code_waits_for_nobody(seats, first, code):
    """Nor do two nulls stand against each other."""
    seats.holding(first)
    assert told(seats.start(seats.session(), seat(5, code))) == 1


@pytest.mark.parametrize("first", [Update(SEATS, {"left": 5}, same(id=1)), Update(SEATS, {"code": 7}, same(id=1))])
def test_a_code_that_stays_either_way_is_refused_at_the_end_of_its_change(seats, first):
    """The row that has it is being written: what it will have is known at the end, though here it is the same."""
    holder = seats.holding(first)
    waiting = seats.start(seats.session(), seat(5, 7))
    assert not waiting.done
    end(seats, holder, "commit")
    assert told(waiting) == "unique_violation"


def test_inserters_of_one_code_are_served_in_turn(seats):
    """Four want 8: the first rolls back, the second may, commits, and the others are refused."""
    first = seats.holding(seat(2, 8))
    sessions = [seats.session() for _ in range(3)]
    tasks = [seats.start(session, seat(key, 8)) for key, session in enumerate(sessions, start=3)]
    end(seats, first, "rollback")
    assert [task.done for task in tasks] == [True, False, False]
    end(seats, sessions[0], "commit")
    assert [told(task) for task in tasks] == [1, "unique_violation", "unique_violation"]
    assert [row["id"] for row in seats.server.rows(SEATS)] == [1, 3]


def test_who_stops_waiting_for_a_code_does_not_want_it_any_more(seats):
    """Three want 8; the second is dropped, the first rolls back, the third has it."""
    first = seats.holding(seat(2, 8))
    second, third = (seats.start(seats.session(), seat(key, 8)) for key in (3, 4))
    second.drop()
    end(seats, first, "rollback")
    assert told(third) == 1


@pytest.mark.parametrize("level", LEVELS)
def test_ones_own_code_is_free_again_at_once(seats, level):
    """Removed and written anew, moved away and taken back, in one transaction."""
    session = seats.holding(DROP, seat(2, 7), Update(SEATS, {"code": 8}, same(id=2)), seat(3, 7), isolation=level)
    drive(session.commit())
    assert {row["id"]: row["code"] for row in seats.server.rows(SEATS)} == {2: 8, 3: 7}


@pytest.mark.parametrize("level", LEVELS[1:])
def test_a_code_that_the_snapshot_hides_stands_all_the_same(seats, level):
    """An insert is refused for a row it cannot see; to leave it out because of such a row is refused too."""
    sessions = [seats.holding(Update(SEATS, {"left": 9}, same(id=99)), isolation=level) for _ in range(2)]
    seats.run(seat(2, 8))
    with pytest.raises(DomainError) as refused:
        drive(sessions[0].run(seat(3, 8)))
    assert refused.value.code == "unique_violation"
    with pytest.raises(SerializationFailure):
        drive(sessions[1].run(Insert(SEATS, {"id": 3, "code": 8, "left": 1}, or_skip=True)))


def test_a_check_judges_the_row_that_the_wait_left(seats):
    """Ten places, two who take six: the second finds four left."""
    take = Update(SEATS, {"left": col("left").minus(6)}, same(id=1))
    first = seats.holding(take)
    waiting = seats.start(seats.session(), take)
    end(seats, first, "commit")
    with pytest.raises(CheckViolation):
        waiting.result()
    assert seats.server.rows(SEATS)[0]["left"] == 4


def named(table, key=1, seat_id=1):
    """A row that refers to a seat."""
    return Insert(table, {"id": key, "seat_id": seat_id})


@pytest.mark.parametrize(("how", "expected"), [("commit", "foreign_key_violation"), ("rollback", 1)])
@pytest.mark.parametrize("table", [GUESTS, BILLS, CARDS])
@pytest.mark.parametrize("first", [DROP, Update(SEATS, {"id": 2}, same(id=1))])
def test_who_names_a_row_that_may_go_waits_for_its_end(seats, first, table, how, expected):
    """Gone or renamed, it cannot be named."""
    holder = seats.holding(first)
    waiting = seats.start(seats.session(), named(table))
    assert not waiting.done
    end(seats, holder, how)
    assert told(waiting) == expected


@pytest.mark.parametrize(("how", "expected"), [("commit", "foreign_key_violation"), ("rollback", 1)])
def test_who_removes_a_row_waits_for_those_who_have_named_it(seats, how, expected):
    """A bill that is committed forbids it."""
    holder = seats.holding(named(BILLS))
    waiting = seats.start(seats.session(), DROP)
    assert not waiting.done
    end(seats, holder, how)
    assert told(waiting) == expected


@pytest.mark.parametrize(("how", "expected"), [("commit", 1), ("rollback", "foreign_key_violation")])
def test_who_removes_a_row_waits_for_the_end_of_its_last_name(seats, how, expected):
    """A bill that is being removed forbids it only if it stays."""
    seats.run(named(BILLS))
    holder = seats.holding(Delete(BILLS))
    waiting = seats.start(seats.session(), DROP)
    assert not waiting.done
    end(seats, holder, how)
    assert told(waiting) == expected


def test_what_hangs_on_a_removed_row_is_looked_for_after_the_wait(seats):
    """A guest who has just come goes with the seat, and a card that names it forgets it."""
    holder = seats.holding(named(GUESTS), named(CARDS))
    waiting = seats.work(DROP)
    assert not waiting.done
    end(seats, holder, "commit")
    assert waiting.done
    assert [seats.server.rows(table) for table in (SEATS, GUESTS)] == [[], []]
    assert seats.server.rows(CARDS) == [{"id": 1, "seat_id": None}]


def test_a_row_that_is_not_committed_cannot_be_named(seats):
    """Refused at once, as PostgreSQL does; its own transaction may."""
    holder = seats.holding(seat(2, 8), named(GUESTS, 1, 2))
    assert told(seats.start(seats.session(), named(GUESTS, 2, 2))) == "foreign_key_violation"
    drive(holder.commit())
    assert seats.server.rows(GUESTS) == [{"id": 1, "seat_id": 2}]


@pytest.mark.parametrize("level", LEVELS)
def test_many_may_name_a_row_that_others_change(seats, level):
    """FOR KEY SHARE: guests do not wait for each other, nor for what is done to the seat apart from its key."""
    change = seats.holding(Update(SEATS, {"left": 5}, same(id=1)), isolation=level)
    guests = [seats.holding(named(GUESTS, key), isolation=level) for key in (1, 2, 3)]
    for session in (*guests, change):
        drive(session.commit())
    assert (len(seats.server.rows(GUESTS)), seats.server.rows(SEATS)[0]["left"]) == (3, 5)


def test_a_change_of_a_unique_code_lets_nobody_name_the_row(seats):
    """FOR UPDATE: the code is a key, too (heap_update, HeapDetermineColumnsInfo with its key attributes)."""
    holder = seats.holding(Update(SEATS, {"code": 8}, same(id=1)))
    waiting = seats.start(seats.session(), named(GUESTS))
    assert not waiting.done
    end(seats, holder, "commit")
    assert told(waiting) == 1


def test_a_statement_that_fails_at_its_end_leaves_nothing(seats):
    """The second of two seats is named by a bill: the first, with its guest, stays as well."""
    seats.run(seat(2, 8))
    for statement in (named(GUESTS, 1, 1), named(BILLS, 1, 2)):
        seats.run(statement)
    with pytest.raises(ForeignKeyViolation):
        seats.run(Delete(SEATS))
    assert [len(seats.server.rows(table)) for table in (SEATS, GUESTS, BILLS)] == [2, 1, 1]
