"""Where a real database lies, what of it stays, and what it says when it cannot."""

import pytest
import sqlalchemy as sa

from rustok_sim.adapters.sql import SqlServer
from rustok_sim.adapters.sql.statements import statements_for
from rustok_sim.core.data import Insert, Reference, Select, Table, Update, col, same, text, uuid
from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.core.errors import DatabaseError, RunError
from rustok_sim.testing import TABLES, TEST

NOTES = Table("notes", (uuid("id"), text("body", optional=True)), owner=None)


@pytest.fixture
def engine(postgresql):
    """A look at the server from outside."""
    engine = sa.create_engine(
        sa.make_url(postgresql).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    yield engine
    engine.dispose()


def schemas(engine):
    """All that are there."""
    return set(sa.inspect(engine).get_schema_names())


def test_a_file_keeps_what_was_committed(tmp_path):
    """Closed and opened again, as after a restart."""
    for expected in (0, 1):
        server = SqlServer.sqlite([NOTES], tmp_path / "notes.db")
        assert len(server.rows(NOTES)) == expected
        server.seed(NOTES, [{"id": str(expected), "body": "-"}])
        server.close()


def test_two_databases_in_memory_are_two():
    """Each server has its own."""
    first, second = SqlServer.sqlite([NOTES]), SqlServer.sqlite([NOTES])
    first.seed(NOTES, [{"id": "1"}])
    assert second.rows(NOTES) == []
    first.close()
    second.close()


def test_a_schema_of_its_own_goes_with_the_server(postgresql, engine):
    """Two servers side by side do not meet, and leave nothing behind."""
    before = schemas(engine)
    first, second = (SqlServer.postgresql([NOTES], postgresql) for _ in range(2))
    first.seed(NOTES, [{"id": "1"}])
    assert second.rows(NOTES) == []
    first.close()
    second.close()
    assert schemas(engine) - before == set()


def test_a_named_schema_stays(postgresql, engine):
    """What the user named is the user's: the next server finds its rows."""
    try:
        for expected in (0, 1):
            server = SqlServer.postgresql([NOTES], postgresql, schema="rustok_sim_kept")
            assert len(server.rows(NOTES)) == expected
            server.seed(NOTES, [{"id": str(expected)}])
            server.close()
    finally:
        with engine.connect() as connection:
            connection.execute(sa.schema.DropSchema("rustok_sim_kept", cascade=True, if_exists=True))


def test_what_a_killed_process_left_behind_is_dropped(postgresql, engine):
    """A schema of our pattern that no connection marks as its own; one that is marked stays."""
    left, other = "rustok_sim_" + "0" * 32, "rustok_sim_mine"
    alive = SqlServer.postgresql([NOTES], postgresql)
    with engine.connect() as connection:
        for name in (left, other):
            connection.execute(sa.schema.CreateSchema(name, if_not_exists=True))
        SqlServer.postgresql([NOTES], postgresql).close()
        assert {left, other} & schemas(engine) == {other}
        connection.execute(sa.schema.DropSchema(other))
    assert alive.rows(NOTES) == []
    alive.close()


def test_a_server_that_does_not_answer_is_told_without_its_password():
    """The address is the user's to mend, and a log is no place for a password."""
    with pytest.raises(RunError) as refused:
        SqlServer.postgresql([NOTES], "postgresql://someone:secret@127.0.0.1:1/nowhere")
    assert "127.0.0.1:1/nowhere" in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_reference_to_nowhere_is_refused_at_once():
    """The tables of a server are all it has."""
    lost = Table("lost", (uuid("id"), uuid("x_id")), references=(Reference(("x_id",), "elsewhere"),), owner=None)
    with pytest.raises(ValueError, match="elsewhere"):
        SqlServer.sqlite([lost])


def test_what_only_one_database_refuses_is_a_database_error(postgresql):
    """PostgreSQL's texts hold no NUL; what has no name of its own is told by the common one."""
    server = SqlServer.postgresql([NOTES], postgresql)
    session = server.open(ManualRuntime())
    with pytest.raises(DatabaseError) as refused:
        drive(session.run(Insert(NOTES, {"id": "1", "body": "a\0b"})))
    assert refused.value.code == "database"
    server.close()


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_a_statement_is_compiled_once_for_each_shape(dialect):
    """By hand: values do not make a shape; nulls, columns, operators and orders do."""
    statements = statements_for((TEST, *TABLES[1:]), dialect)
    one = statements.compile(Select(TEST, same(id=1), limit=3))
    other = statements.compile(Select(TEST, same(id=77), limit=5))
    assert one[0] is other[0]
    assert (one[1], other[1]) == ({"p0": 1, "p1": 3}, {"p0": 77, "p1": 5})
    adding = [statements.compile(Update(TEST, {"value": col("value").plus(n)}, same(id=1)))[0] for n in (1, 2)]
    assert adding[0] is adding[1]
    lists = [statements.compile(Select(TEST, (col("id").is_in(keys),)))[0] for keys in ([1], [1, 2, 3])]
    assert lists[0] is lists[1]
    different = [
        Select(TEST, same(id=None), limit=3),
        Select(TEST, same(value=1), limit=3),
        Select(TEST, (col("id").below(1),), limit=3),
        Select(TEST, same(id=1), order_by=("-id",), limit=3),
        Select(TEST, same(id=1), lock="update", limit=3),
        Select(TEST, same(id=1)),
    ]
    assert all(statements.compile(statement)[0] is not one[0] for statement in different)
