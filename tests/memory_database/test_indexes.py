"""Rows found by an index are those that a look at every row finds, whatever has happened to the indexed columns."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rustok_sim.adapters.memory import MemoryServer
from rustok_sim.core.data import Delete, Insert, Select, Table, Update, Upsert, col, integer, same
from rustok_sim.core.drive import drive
from rustok_sim.core.errors import DomainError
from rustok_sim.testing.contract.rig import Rig

KINDS = (None, 0, 1, 2)
THINGS = Table(
    "things",
    (integer("id"), integer("kind", optional=True), integer("size"), integer("code", optional=True)),
    unique=(("code",), ("kind", "code")),
    indexes=(("kind",), ("size", "kind")),
    ordered=(("kind", "size"), ("size",)),
    owner=None,
)
LOOKS = [
    *({"id": key} for key in range(1, 6)),
    *({"kind": kind} for kind in KINDS),
    *({"code": code} for code in (None, 0, 1, 2, 3)),
    *({"kind": kind, "size": size} for kind in KINDS for size in (0, 1)),
    *({"kind": kind, "code": code} for kind in KINDS for code in (0, 1)),
]
ONE_OF = [{"kind": (0, 2)}, {"size": (0, 1), "kind": (1, 2)}, {"id": (1, 3, 9)}, {"code": ()}]


FIRSTS = [({"kind": kind}, limit, offset) for kind in KINDS for limit, offset in ((1, 0), (2, 1), (9, 0))]
FIRSTS += [({}, 3, 1), ({"kind": 1, "id": 2}, 1, 0), ({"kind": 0, "code": 1}, 2, 0)]


def thing(key, kind=None, size=0, code=None):
    """A row."""
    return {"id": key, "kind": kind, "size": size, "code": code}


def agree(session):
    """Every look by equality gives what a look at all rows gives at that moment; the kinds by id, to compare."""
    rows = drive(session.run(Select(THINGS))).rows
    for look in LOOKS:
        found = drive(session.run(Select(THINGS, same(**look)))).rows
        assert found == [row for row in rows if all(row[name] == value for name, value in look.items())], look
    for look in ONE_OF:
        where = [col(name).is_in(values) for name, values in look.items()]
        found = drive(session.run(Select(THINGS, where))).rows
        assert found == [row for row in rows if all(row[name] in values for name, values in look.items())], look
    by_size = sorted(rows, key=lambda row: (row["size"], row["id"]))
    for look, limit, offset in FIRSTS:
        found = drive(session.run(Select(THINGS, same(**look), ("size",), limit, offset))).rows
        passing = [row for row in by_size if all(row[name] == value for name, value in look.items())]
        assert found == passing[offset : offset + limit], (look, limit, offset)
    return {row["id"]: row["kind"] for row in rows}


@pytest.fixture
def things(bench_of):
    """Three of kinds 0, 1 and none."""
    bench = bench_of(THINGS)
    bench.server.seed(THINGS, [thing(1, 0, code=1), thing(2, 1, 1), thing(3)])
    return bench


def test_an_uncommitted_change_is_found_by_its_writer_alone(things):
    """1 from kind 0 to kind 2: the writer finds it there, all others where it was."""
    writer = things.holding(Update(THINGS, {"kind": 2}, same(id=1)))
    assert agree(writer) == {1: 2, 2: 1, 3: None}
    assert agree(things.session()) == {1: 0, 2: 1, 3: None}
    writer.rollback()
    assert agree(things.session()) == {1: 0, 2: 1, 3: None}


def test_an_old_snapshot_finds_rows_where_they_were(things):
    """1 went from kind 0 to 2 to 0 to none, 2 is gone, 3 has another key, 4 is new."""
    old = things.holding(Select(THINGS), isolation="repeatable_read")
    for kind in (2, 0, None):
        things.run(Update(THINGS, {"kind": kind}, same(id=1)))
    things.run(Delete(THINGS, same(id=2)))
    things.run(Update(THINGS, {"id": 5}, same(id=3)))
    things.run(Insert(THINGS, thing(4, 1, code=2)))
    assert agree(old) == {1: 0, 2: 1, 3: None}
    assert agree(things.session()) == {1: None, 4: 1, 5: None}
    drive(old.commit())
    assert agree(things.session()) == {1: None, 4: 1, 5: None}


def test_a_row_whose_key_goes_round_is_found_once(things):
    """From 1 to 4 and back within one transaction, then to 4 for good, under an old snapshot's eyes."""
    old = things.holding(Select(THINGS), isolation="repeatable_read")
    moves = [Update(THINGS, {"id": to}, same(id=from_)) for from_, to in ((1, 4), (4, 1), (1, 4))]
    writer = things.holding(*moves[:2])
    assert agree(writer) == {1: 0, 2: 1, 3: None}
    drive(writer.run(moves[2]))
    assert agree(writer) == {4: 0, 2: 1, 3: None}
    drive(writer.commit())
    assert agree(things.session()) == {4: 0, 2: 1, 3: None}
    assert agree(old) == {1: 0, 2: 1, 3: None}


def test_two_rows_may_have_had_one_key(things):
    """1 leaves its key, another takes it; the old snapshot finds the first there, everybody else the second."""
    old = things.holding(Select(THINGS), isolation="repeatable_read")
    things.run(Update(THINGS, {"id": 4}, same(id=1)))
    things.run(Insert(THINGS, thing(1, 2)))
    assert agree(old) == {1: 0, 2: 1, 3: None}
    assert agree(things.session()) == {1: 2, 2: 1, 3: None, 4: 0}
    things.run(Delete(THINGS, same(id=4)))
    assert agree(old) == {1: 0, 2: 1, 3: None}
    drive(old.commit())
    assert agree(things.session()) == {1: 2, 2: 1, 3: None}


KEYS = st.integers(1, 5)
CODES = st.sampled_from([None, 0, 1, 2, 3])
CHANGES = st.one_of(
    st.builds(Insert, st.just(THINGS), st.builds(thing, KEYS, st.sampled_from(KINDS), st.integers(0, 1), CODES)),
    st.builds(lambda key, kind: Update(THINGS, {"kind": kind}, same(id=key)), KEYS, st.sampled_from(KINDS)),
    st.builds(lambda kind, size: Update(THINGS, {"size": size}, same(kind=kind)), st.sampled_from(KINDS), KEYS),
    st.builds(lambda key, code: Update(THINGS, {"code": code}, same(id=key)), KEYS, CODES),
    st.builds(lambda key, to: Update(THINGS, {"id": to}, same(id=key)), KEYS, KEYS),
    st.builds(
        lambda key, row: Upsert(THINGS, (row,), (key,), ("kind", "size")),
        st.sampled_from(["id", "code"]),
        st.builds(thing, KEYS, st.sampled_from(KINDS), st.integers(0, 1), CODES),
    ),
    st.builds(lambda code: Delete(THINGS, same(code=code)), CODES),
    st.builds(lambda key: Delete(THINGS, same(id=key)), KEYS),
)
TRANSACTIONS = st.tuples(st.lists(CHANGES, min_size=1, max_size=4), st.booleans())


def change(rig, statements, *, commits, looks):
    """One transaction; one that breaks a rule is rolled back. Whether it *looks* by the indexes on its way."""
    session = rig.session()
    try:
        for statement in statements:
            drive(session.run(statement))
            if looks:
                agree(session)
        if commits:
            drive(session.commit())
    except DomainError:
        pass
    session.close()


@given(st.lists(TRANSACTIONS, max_size=8), st.integers(0, 7), st.integers(0, 7), st.integers(0, 8))
@settings(max_examples=150)
def test_indexes_and_a_look_at_every_row_agree(history, begins, ends, looked_by_from):
    """Within each transaction, after it, and for a snapshot taken somewhere on the way.

    An index is kept from the first look by it: that may be before all changes, after them, or in their middle.
    """
    rig = Rig(MemoryServer([THINGS]))
    rig.server.seed(THINGS, [thing(key, key % 3, key % 2, key) for key in (1, 2, 3)])
    old = None
    for number, (statements, commits) in enumerate(history):
        looks = number >= looked_by_from
        if number == begins:
            old = rig.session("repeatable_read")
            kept = {row["id"]: row["kind"] for row in drive(old.run(Select(THINGS))).rows}
        change(rig, statements, commits=commits, looks=looks)
        if looks:
            agree(rig.session())
        if old is not None:
            assert not looks or agree(old) == kept
            if number >= ends:
                old.close()
                old = None
    agree(rig.session())


@pytest.mark.parametrize("ends", ["commits", "rolls back"])
def test_an_index_may_be_looked_by_first_while_a_writer_waits(things, ends):
    """The writer has begun without it, and waits for 1; what it writes then, and what it has written, is found."""
    first = things.holding(Update(THINGS, {"size": 7}, same(id=1)))
    writer = things.session()
    drive(writer.run(Update(THINGS, {"kind": 2}, same(id=2))))
    waiting = things.start(writer, Update(THINGS, {"kind": 1}, (col("id").is_in((1, 3)),)))
    assert not waiting.done
    agree(things.session())
    drive(first.commit())
    things.runtime.finish()
    assert waiting.result().count == 2
    assert agree(writer) == {1: 1, 2: 2, 3: 1}
    if ends == "commits":
        drive(writer.commit())
        assert agree(things.session()) == {1: 1, 2: 2, 3: 1}
    else:
        writer.rollback()
        assert agree(things.session()) == {1: 0, 2: 1, 3: None}
