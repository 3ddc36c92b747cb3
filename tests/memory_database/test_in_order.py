"""The first rows of many are found in order, by a look at no more rows than are wanted."""

import pytest

from rustok_sim.adapters import DirectDatabase, MemoryServer
from rustok_sim.adapters.memory.records import Record
from rustok_sim.core.data import Insert, Select, Store, Table, Update, col, integer, same
from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.core.errors import SerializationFailure
from rustok_sim.core.events import SYS_EVENTS
from rustok_sim.core.ports import Call
from rustok_sim.modules.outbox import RelaySettings
from rustok_sim.modules.outbox.claims import claim

BATCH = 3
JOBS = Table("jobs", (integer("id"), integer("kind"), integer("size")), ordered=(("kind", "size"),), owner=None)


def job(key, kind, size):
    """A row."""
    return {"id": key, "kind": kind, "size": size}


def smallest(kind, limit, **how):
    """The first jobs of a kind, by size."""
    return Select(JOBS, same(kind=kind), ("size",), limit, **how)


@pytest.fixture
def jobs(bench_of):
    """Three of kind 0, written from the largest to the smallest."""
    bench = bench_of(JOBS)
    bench.server.seed(JOBS, [job(1, 0, 30), job(2, 0, 20), job(3, 0, 10)])
    return bench


def waiting_events(count):
    """Rows of the outbox that wait, the last one first."""
    blank = {**dict.fromkeys(SYS_EVENTS.names), "tenant_id": "t", "event_type": "e", "schema_version": 1}
    for n in reversed(range(count)):
        yield {**blank, "id": f"{n:05}", "payload": "", "status": "pending", "retry_count": 0, "created_at": float(n)}


@pytest.mark.parametrize("how", ["plain", "skip_locked"])
def test_a_claim_looks_at_as_many_rows_behind_a_backlog_as_behind_a_few(monkeypatch, how):
    """Only the rows themselves: found, changed, read back. A second claim passes over those of the first, too."""

    def looks(events):
        server = MemoryServer([SYS_EVENTS])
        server.seed(SYS_EVENTS, waiting_events(events))
        store = Store(DirectDatabase(ManualRuntime(), server))
        settings = RelaySettings(batch_rows=BATCH, claim=how)
        claims = []
        for number in range(2):
            seen.clear()
            rows = drive(claim(store, Call(-number - 1, "relay", number), settings, f"relay {number}", 1e9))
            claims.append(([row["id"] for row in rows], len(seen)))
        return claims

    seen, look = [], Record.seen
    monkeypatch.setattr(Record, "seen", lambda self, *view: (seen.append(self), look(self, *view))[1])
    short, long = looks(3 * BATCH), looks(1_000)
    assert short == long
    assert [ids for ids, _ in short] == [["00000", "00001", "00002"], ["00003", "00004", "00005"]]
    assert [looked <= 6 * BATCH for _, looked in short] == [True, True]


def test_who_waits_for_a_lock_goes_on_with_the_rows_it_had_found(jobs):
    """3 is held; meanwhile 2 grows, and is committed: it was the second, and the one that waited has it as it is."""
    holder = jobs.holding(Select(JOBS, same(id=3), lock="update"))
    session = jobs.session("read_committed")
    task = jobs.runtime.start(session.run(smallest(0, 2, lock="update")))
    jobs.runtime.advance(0.0)
    assert not task.done
    jobs.run(Update(JOBS, {"size": col("size").plus(100)}, same(id=2)))
    holder.rollback()
    jobs.runtime.advance(0.0)
    assert task.result().rows == [job(3, 0, 10), job(2, 0, 120)]


def test_a_look_at_the_first_counts_for_who_must_be_serializable(jobs):
    """Each looks at the first job of one kind and writes a smaller one of the other: no serial order allows both."""
    one, other = jobs.session("serializable"), jobs.session("serializable")
    assert drive(one.run(smallest(0, 1))).rows == [job(3, 0, 10)]
    assert drive(other.run(smallest(1, 1))).rows == []
    drive(one.run(Insert(JOBS, job(4, 1, 1))))
    drive(other.run(Insert(JOBS, job(5, 0, 1))))
    drive(one.commit())
    with pytest.raises(SerializationFailure):
        drive(other.commit())


def test_no_order_goes_by_a_column_that_takes_nulls():
    """A null has no place in it."""
    sizes = (integer("id"), integer("kind"), integer("size", optional=True))
    with pytest.raises(ValueError, match="jobs cannot be read in the order of size, which takes nulls"):
        MemoryServer([Table("jobs", sizes, ordered=(("kind", "size"),), owner=None)])


def test_an_order_goes_by_columns_that_are_there():
    """As any index does."""
    with pytest.raises(ValueError, match="jobs has no column height"):
        MemoryServer([Table("jobs", JOBS.columns, ordered=(("kind", "height"),), owner=None)])
