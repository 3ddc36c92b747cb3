"""How sessions of a real database wait within one thread, and how they are told from others."""

import pytest

from rustok_sim.adapters.direct import DirectDatabase
from rustok_sim.adapters.sql import SqlServer
from rustok_sim.core.data import Insert, Select, Update, col
from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.core.errors import ConnectionLost, DatabaseError, DeadlockDetected, SerializationFailure
from rustok_sim.core.ports import Call
from rustok_sim.testing import ANOMALIES, LEVELS, LOCKS, TABLES, TEST, isolation_matrix
from rustok_sim.testing.anomalies import put, read

ROWS = [{"id": 1, "value": 10}, {"id": 2, "value": 20}, {"id": 3, "value": 30}]


@pytest.fixture
def server(postgresql):
    """A PostgreSQL with three rows; deadlocks are looked for after two seconds."""
    server = SqlServer.postgresql(TABLES, postgresql, deadlock_timeout_s=2.0)
    server.seed(TEST, ROWS)
    yield server
    server.close()


@pytest.fixture
def runtime():
    """A clock of its own."""
    return ManualRuntime()


def opened(server, runtime, count):
    """So many sessions in transactions."""
    sessions = [server.open(runtime) for _ in range(count)]
    for session in sessions:
        session.begin("read_committed")
    return sessions


def started(runtime, session, *statements):
    """One task that runs the statements and commits."""

    def work():
        for statement in statements:
            yield from session.run(statement)
        yield from session.commit()
        return runtime.now()

    task = runtime.start(work())
    runtime.advance(0.0)
    return task


def test_polite_waiting_changes_one_outcome(postgresql):
    """A statement that waited starts anew: at READ COMMITTED it sees the 20 that PostgreSQL's own wait overlooks."""

    def words(waiting):
        matrix = isolation_matrix(
            lambda tables: SqlServer.postgresql(tables, postgresql, waiting=waiting), name=waiting, schedules=ANOMALIES
        )
        return {(level, name): word for level in LEVELS for name, word in matrix.outcomes(waiting, level).items()}

    polite, native = words("polite"), words("native")
    different = {key: (polite[key], native[key]) for key in native if polite[key] != native[key]}
    assert different == {("read_committed", "PMP write"): ("blocked", "allowed")}


@pytest.mark.parametrize("begin", ["immediate", "deferred"])
def test_sqlite_allows_nothing(tmp_path, begin):
    """SQLite's documentation: its transactions are serializable, so no level lets any anomaly happen."""
    matrix = isolation_matrix(
        lambda tables: SqlServer.sqlite(tables, tmp_path / "x.db", begin=begin),
        name="sqlite",
        schedules=(*ANOMALIES, *LOCKS),
    )
    words = [set(matrix.outcomes("sqlite", level).values()) for level in LEVELS]
    assert words[0] == words[1] == words[2]
    assert "allowed" not in words[0]
    assert ("prevented" in words[0]) is (begin == "deferred")


def test_sqlite_refuses_to_write_on_an_old_snapshot(tmp_path, runtime):
    """SQLITE_BUSY_SNAPSHOT, of its documentation: who read before another's commit may not write after it."""
    server = SqlServer.sqlite(TABLES, tmp_path / "x.db", begin="deferred")
    server.seed(TEST, ROWS)
    first, second = opened(server, runtime, 2)
    drive(first.run(read(1)))
    drive(second.run(put(1, 11)))
    drive(second.commit())
    with pytest.raises(SerializationFailure):
        drive(first.run(put(1, 12)))
    server.close()


def test_of_two_in_a_deadlock_the_one_who_waited_first_gives_way(server, runtime):
    """PostgreSQL's deadlock_timeout: it is the first to look, two seconds after it began to wait."""
    first, second = opened(server, runtime, 2)
    drive(first.run(put(1, 11)))
    drive(second.run(put(2, 22)))
    early = started(runtime, first, put(2, 12))
    runtime.advance(0.5)
    late = started(runtime, second, put(1, 21))
    runtime.finish()
    with pytest.raises(DeadlockDetected):
        early.result()
    assert late.result() == 2.0
    assert [row["value"] for row in server.rows(TEST)] == [21, 22, 30]


def test_who_looked_before_the_circle_closed_does_not_look_again(server, runtime):
    """The first looks at 2 s and finds none; the circle closes at 3 s, so the second looks at 5 s and gives way."""
    first, second = opened(server, runtime, 2)
    drive(first.run(put(1, 11)))
    drive(second.run(put(2, 22)))
    early = started(runtime, first, put(2, 12))
    runtime.advance(3.0)
    late = started(runtime, second, put(1, 21))
    runtime.finish()
    with pytest.raises(DeadlockDetected):
        late.result()
    assert early.result() == 5.0


def test_a_deadlock_of_some_is_found_when_the_others_end(server, runtime):
    """As the charter says: while a third works on, two wait; when it has ended, all that are left wait."""
    first, second, third = opened(server, runtime, 3)
    for number, session in enumerate((first, second, third), start=1):
        drive(session.run(put(number, number)))
    early = started(runtime, first, put(2, 12))
    late = started(runtime, second, put(1, 21))
    runtime.advance(10.0)
    assert not early.done
    assert not late.done
    drive(third.commit())
    runtime.finish()
    with pytest.raises(DeadlockDetected):
        late.result()
    assert early.result() == 10.0


def test_a_lock_from_outside_is_waited_for_in_the_database(tmp_path, runtime):
    """Two servers on one file know nothing of each other, so SQLite itself waits, for as long as it may."""
    servers = [SqlServer.sqlite(TABLES, tmp_path / "x.db", patience_s=0.05) for _ in range(2)]
    [holder] = opened(servers[0], runtime, 1)
    drive(holder.run(Insert(TEST, ROWS[0])))
    [other] = opened(servers[1], runtime, 1)
    with pytest.raises(DatabaseError) as refused:
        drive(other.run(Insert(TEST, ROWS[1])))
    assert refused.value.code == "lock_not_available"
    holder.rollback()
    other.rollback()
    assert drive(other.run(Insert(TEST, ROWS[1]))).count == 1
    for server in servers:
        server.close()


def test_native_waiting_has_an_end(tmp_path, runtime):
    """Without threads nobody can let go meanwhile: the database gives up after its patience."""
    server = SqlServer.sqlite(TABLES, tmp_path / "x.db", waiting="native", patience_s=0.05)
    first, second = opened(server, runtime, 2)
    drive(first.run(Insert(TEST, ROWS[0])))
    with pytest.raises(DatabaseError) as refused:
        drive(second.run(Insert(TEST, ROWS[1])))
    assert refused.value.code == "lock_not_available"
    assert not server.blocked(first)
    server.close()


def test_in_memory_nobody_reads_while_one_writes(runtime):
    """SQLite has no versions in memory: a reader waits, and a look from outside is refused rather than wrong."""
    server = SqlServer.sqlite(TABLES)
    [writer] = opened(server, runtime, 1)
    drive(writer.run(Insert(TEST, ROWS[0])))
    with pytest.raises(DatabaseError) as refused:
        server.rows(TEST)
    assert refused.value.code == "lock_not_available"
    reading = runtime.start(server.open(runtime).run(Select(TEST)))
    runtime.advance(0.0)
    assert not reading.done
    drive(writer.commit())
    runtime.finish()
    assert reading.result().count == 1
    server.close()


def test_a_killed_connection_is_lost_for_good(server, runtime):
    """pg_terminate_backend, as an administrator or a failover does it: what was not committed is gone."""
    [session] = opened(server, runtime, 1)
    drive(session.run(put(1, 99)))
    victim = session.link.connection.connection.dbapi_connection.info.backend_pid
    with server.backend.engine.connect() as connection:
        connection.exec_driver_sql("SELECT pg_terminate_backend(%s)", (victim,))
    for _ in range(2):
        with pytest.raises(ConnectionLost):
            drive(session.run(read(1)))
    session.close()
    assert drive(DirectDatabase(runtime, server).run(Call(1, "x", 1), read(1))).rows[0]["value"] == 10


def test_who_waits_when_the_server_crashes_is_told(server, runtime):
    """Nobody waits for ever for a session that is gone."""
    first, second = opened(server, runtime, 2)
    drive(first.run(put(1, 11)))
    waiting = started(runtime, second, Update(TEST, {"value": col("value").plus(1)}))
    server.crash()
    runtime.finish()
    with pytest.raises(ConnectionLost):
        waiting.result()
    assert [row["value"] for row in server.rows(TEST)] == [10, 20, 30]
