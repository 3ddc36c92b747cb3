"""What belongs together, what is undone, and who waits for whom."""

import pytest

from rustok_sim.core.data import Delete, Insert, Select, Update, col, same
from rustok_sim.core.drive import drive
from rustok_sim.core.errors import (
    ConnectionLost,
    DeadlockDetected,
    TimedOut,
    TransactionAborted,
    UniqueViolation,
)
from rustok_sim.core.ports import Steps
from rustok_sim.testing.contract.rig import BOOKS, CALL, SHELVES, Contract, Rig, book, shelf

DEEPER = {"depth": col("depth").plus(1)}


class TransactionsContract(Contract):
    """Commit, rollback, failure, locks, and the tenant's scope."""

    @pytest.fixture
    def shelved(self, rig: Rig) -> Rig:
        """Two shelves, of depth 10 and 20."""
        rig.server.seed(SHELVES, [shelf("1", depth=10), shelf("2", depth=20)])
        return rig

    def test_what_is_committed_stays(self, rig: Rig) -> None:
        """Seen by the transaction itself at once, and by everybody once it is committed."""
        with rig.transaction("t1") as tx:
            drive(tx.insert(SHELVES, shelf("1")))
            drive(tx.update(SHELVES, {"depth": 3}, same(id="1")))
            assert drive(tx.count(SHELVES)) == 1
            drive(tx.commit())
        assert [row["depth"] for row in rig.server.rows(SHELVES)] == [3]

    def test_leaving_without_commit_undoes_everything(self, shelved: Rig) -> None:
        """Inserts, updates and deletes alike, and what went along with them."""
        shelved.add(BOOKS, book("1", shelf_id="1"))
        before = [shelved.server.rows(table) for table in (SHELVES, BOOKS)]
        with shelved.transaction("t1") as tx:
            drive(tx.insert(SHELVES, shelf("3")))
            drive(tx.update(SHELVES, DEEPER, same(id="2")))
            drive(tx.delete(SHELVES, same(id="1")))
            assert drive(tx.count(BOOKS)) == 0
        assert [shelved.server.rows(table) for table in (SHELVES, BOOKS)] == before

    def test_what_is_not_committed_nobody_else_sees(self, shelved: Rig) -> None:
        """No dirty read on any level; a database without versions lets the reader wait instead."""
        writer = shelved.session()
        drive(writer.run(Update(SHELVES, {"depth": 99}, same(id="1"))))
        reader = shelved.start(shelved.server.open(shelved.runtime), Select(SHELVES, same(id="1")))
        writer.rollback()
        shelved.runtime.finish()
        assert reader.result().rows[0]["depth"] == 10

    def test_a_failed_statement_spoils_its_transaction(self, shelved: Rig) -> None:
        """PostgreSQL's 25P02: nothing but rollback is left, and commit says so."""
        session = shelved.session()
        drive(session.run(Update(SHELVES, DEEPER)))
        with pytest.raises(UniqueViolation):
            drive(session.run(Insert(SHELVES, shelf("1"))))
        for statement in (Select(SHELVES), Insert(SHELVES, shelf("3"))):
            with pytest.raises(TransactionAborted):
                drive(session.run(statement))
        with pytest.raises(TransactionAborted):
            drive(session.commit())
        assert [row["depth"] for row in shelved.server.rows(SHELVES)] == [10, 20]

    def test_a_transaction_that_the_server_gives_up_is_as_after_a_failed_statement(self, shelved: Rig) -> None:
        """Its locks go at once, nothing of it stays, and a session in no transaction does not mind."""
        session, other = shelved.session(), shelved.session()
        drive(session.run(Update(SHELVES, DEEPER)))
        session.abort()
        drive(other.run(Update(SHELVES, DEEPER)))
        drive(other.commit())
        with pytest.raises(TransactionAborted):
            drive(session.run(Select(SHELVES)))
        with pytest.raises(TransactionAborted):
            drive(session.commit())
        depths = [row["depth"] for row in shelved.server.rows(SHELVES)]
        session.abort()
        session.begin("read_committed")
        drive(session.run(Select(SHELVES)))
        drive(session.commit())
        assert depths == [11, 21]

    def test_a_session_lives_on_after_a_failed_transaction(self, shelved: Rig) -> None:
        """Commit and rollback both end it, and the next one begins afresh."""
        session = shelved.session()
        with pytest.raises(UniqueViolation):
            drive(session.run(Insert(SHELVES, shelf("1"))))
        session.rollback()
        session.begin("read_committed")
        with pytest.raises(UniqueViolation):
            drive(session.run(Insert(SHELVES, shelf("1"))))
        with pytest.raises(TransactionAborted):
            drive(session.commit())
        session.begin("read_committed")
        drive(session.run(Insert(SHELVES, shelf("3"))))
        drive(session.commit())
        assert drive(session.run(Select(SHELVES, counting=True))).count == 3

    def test_a_failed_transaction_holds_no_locks(self, shelved: Rig) -> None:
        """PostgreSQL frees them with the error, before the client has said rollback."""
        failed = shelved.session()
        drive(failed.run(Update(SHELVES, DEEPER, same(id="1"))))
        with pytest.raises(UniqueViolation):
            drive(failed.run(Insert(SHELVES, shelf("1"))))
        assert shelved.run(Update(SHELVES, DEEPER, same(id="1"))).count == 1
        assert shelved.server.rows(SHELVES)[0]["depth"] == 11

    def test_there_is_one_transaction_at_a_time(self, shelved: Rig) -> None:
        """A second begin is a mistake of the program; an empty commit is none."""
        session = shelved.session()
        with pytest.raises(RuntimeError):
            session.begin("read_committed")
        drive(session.commit())
        session.begin("serializable")
        session.rollback()
        session.rollback()

    def test_closing_rolls_back(self, shelved: Rig) -> None:
        """A connection that is gone leaves nothing behind, and no lock; a second time changes nothing."""
        session = shelved.session()
        drive(session.run(Delete(SHELVES, same(id="1"))))
        session.close()
        session.close()
        assert shelved.run(Update(SHELVES, DEEPER)).count == 2

    @pytest.mark.parametrize(("commits", "expected"), [(True, 12), (False, 11)])
    def test_a_writer_waits_for_the_one_before(self, shelved: Rig, commits: bool, expected: int) -> None:  # noqa: FBT001 -- a parameter
        """By hand: both add one to 10, and the second sees what the first left; it goes on by itself."""
        first, second = shelved.session(), shelved.session()
        drive(first.run(Update(SHELVES, DEEPER, same(id="1"))))
        waiting = shelved.start(second, Update(SHELVES, DEEPER, same(id="1")))
        assert not waiting.done
        if commits:
            drive(first.commit())
        else:
            first.rollback()
        shelved.runtime.finish()
        assert waiting.result().count == 1
        drive(second.commit())
        assert shelved.server.rows(SHELVES)[0]["depth"] == expected

    def test_a_statement_of_its_own_waits_too(self, shelved: Rig) -> None:
        """A single statement is a transaction, and meets the same locks."""
        first = shelved.session()
        drive(first.run(Update(SHELVES, DEEPER, same(id="1"))))
        waiting = shelved.start(shelved.server.open(shelved.runtime), Update(SHELVES, DEEPER, same(id="1")))
        assert not waiting.done
        drive(first.commit())
        shelved.runtime.finish()
        assert shelved.server.rows(SHELVES)[0]["depth"] == 12

    def test_who_gives_up_waiting_waits_no_more(self, shelved: Rig) -> None:
        """Dropped where it stands, as by a client's timeout: the statement never happens, and nobody waits for it."""
        first, second = shelved.session(), shelved.session()
        drive(first.run(Update(SHELVES, DEEPER, same(id="1"))))
        with pytest.raises(TimedOut):
            drive(shelved.runtime.within(0.5, second.run(Update(SHELVES, DEEPER, same(id="1")))))
        second.close()
        drive(first.commit())
        shelved.runtime.finish()
        assert shelved.run(Update(SHELVES, DEEPER, same(id="1"))).count == 1
        assert shelved.server.rows(SHELVES)[0]["depth"] == 12

    def test_two_that_want_each_others_rows_both_end(self, shelved: Rig) -> None:
        """One of two is refused as a deadlock, or they went one after the other; what is left is of whole ones."""

        def add(first: str, second: str) -> Steps[None]:
            session = shelved.session()
            try:
                yield from session.run(Update(SHELVES, DEEPER, same(id=first)))
                yield from shelved.runtime.sleep(0.1)
                yield from session.run(Update(SHELVES, DEEPER, same(id=second)))
                yield from session.commit()
            finally:
                session.close()

        tasks = [shelved.runtime.start(add("1", "2")), shelved.runtime.start(add("2", "1"))]
        shelved.runtime.finish()
        refused = 0
        for task in tasks:
            try:
                task.result()
            except DeadlockDetected:
                refused += 1
        assert refused <= 1
        assert [row["depth"] for row in shelved.server.rows(SHELVES)] == [12 - refused, 22 - refused]

    def test_a_crash_loses_what_was_not_committed_and_every_session(self, shelved: Rig) -> None:
        """Committed rows are there afterwards, for new sessions."""
        session = shelved.session()
        drive(session.run(Update(SHELVES, DEEPER)))
        shelved.server.crash()
        with pytest.raises(ConnectionLost):
            drive(session.run(Select(SHELVES)))
        with pytest.raises(ConnectionLost):
            drive(session.commit())
        session.close()
        assert [row["depth"] for row in shelved.run(Select(SHELVES)).rows] == [10, 20]

    def test_a_tenant_reaches_its_own_rows_only(self, rig: Rig) -> None:
        """The store lays the scope on every statement, and writes the tenant into every new row."""
        for tenant in ("t1", "t2"):
            with rig.transaction(tenant) as tx:
                drive(tx.insert(SHELVES, {"id": f"of {tenant}", "name": "same", "locked": False}))
                drive(tx.commit())
        with rig.transaction("t1") as tx:
            assert drive(tx.update(SHELVES, {"depth": 1}, ())) == 1
            assert drive(tx.delete(SHELVES, same(id="of t2"))) == 0
            assert [row["id"] for row in drive(tx.select(SHELVES))] == ["of t1"]
            assert [row["id"] for row in drive(tx.across_tenants("D1").select(SHELVES))] == ["of t1", "of t2"]
            drive(tx.commit())
        assert [row["depth"] for row in rig.server.rows(SHELVES)] == [1, None]
        with pytest.raises(ValueError, match="within the scope"):
            drive(rig.store.run(CALL, "t1", Insert(SHELVES, shelf("3", tenant_id="t2"))))
