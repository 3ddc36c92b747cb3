"""Many rows written in one statement, over those that are there."""

import pytest

from rustok_sim.core.data import Insert, Row, Select, Update, Upsert, same
from rustok_sim.core.drive import drive
from rustok_sim.core.errors import CheckViolation, ForeignKeyViolation, NotNullViolation, UniqueViolation
from rustok_sim.testing.contract.rig import BOOKS, PEOPLE, SHELVES, Contract, Rig, book, shelf


class UpsertingContract(Contract):
    """INSERT ... ON CONFLICT (key) DO UPDATE, or DO NOTHING."""

    def test_new_rows_are_written_and_old_ones_changed(self, rig: Rig) -> None:
        """Both count; of an old one only the columns named change."""
        rig.add(SHELVES, shelf("1", depth=10, made_s=1.5))
        rows = [shelf("1", name="one", depth=11), shelf("2", name="two", depth=22)]
        assert rig.run(Upsert(SHELVES, rows, ("id",), ("depth",))).count == 2
        found = [(row["id"], row["name"], row["depth"], row["made_s"]) for row in rig.server.rows(SHELVES)]
        assert found == [("1", "1", 11, 1.5), ("2", "two", 22, None)]

    def test_the_key_may_be_any_unique_rule(self, rig: Rig) -> None:
        """The row that is there keeps its primary key."""
        rig.add(SHELVES, shelf("1", name="same", depth=10))
        assert (
            rig.run(Upsert(SHELVES, [shelf("2", name="same", depth=20)], ("tenant_id", "name"), ("depth",))).count == 1
        )
        assert [(row["id"], row["depth"]) for row in rig.server.rows(SHELVES)] == [("1", 20)]

    def test_a_key_of_two_columns(self, rig: Rig) -> None:
        """All of its columns together say which row is meant."""
        rig.add(PEOPLE, {"country": "US", "number": 1, "name": "old"})
        rows: list[Row] = [{"country": country, "number": 1, "name": "new"} for country in ("US", "FR")]
        assert rig.run(Upsert(PEOPLE, rows, ("country", "number"), ("name",))).count == 2
        assert [(row["country"], row["name"]) for row in rig.server.rows(PEOPLE)] == [("FR", "new"), ("US", "new")]

    def test_without_changes_what_is_there_stays(self, rig: Rig) -> None:
        """DO NOTHING: it does not count either."""
        rig.add(SHELVES, shelf("1", depth=10))
        assert rig.run(Upsert(SHELVES, [shelf("1", depth=11), shelf("2", depth=22)], ("id",))).count == 1
        assert [row["depth"] for row in rig.server.rows(SHELVES)] == [10, 22]

    def test_a_row_of_another_tenant_stays(self, rig: Rig) -> None:
        """Whoever knows its key does not get at it."""
        rig.add(SHELVES, shelf("1", tenant_id="t2", depth=10))
        with rig.transaction("t1") as tx:
            row: Row = {"id": "1", "name": "mine", "locked": False, "depth": 99}
            assert drive(tx.upsert(SHELVES, [row], ("id",), ("name", "depth"))) == 0
            drive(tx.commit())
        assert [(row["tenant_id"], row["depth"]) for row in rig.server.rows(SHELVES)] == [("t2", 10)]

    @pytest.mark.parametrize(
        ("statement", "error"),
        [
            (Upsert(SHELVES, [shelf("3", depth=20)], ("id",), ("depth",)), UniqueViolation),
            (Upsert(SHELVES, [shelf("1", depth=20)], ("id",), ("depth",)), UniqueViolation),
            (Upsert(SHELVES, [shelf("1", depth=-1)], ("id",), ("depth",)), CheckViolation),
            (Upsert(SHELVES, [shelf("3", depth=-1)], ("id",), ("depth",)), CheckViolation),
            (Upsert(SHELVES, [shelf("3", name=None)], ("id",), ("name",)), NotNullViolation),
            (Upsert(BOOKS, [book("1", shelf_id="9")], ("id",), ("shelf_id",)), ForeignKeyViolation),
        ],
        ids=["new against another rule", "changed", "check of a change", "check", "not null", "reference"],
    )
    def test_other_rules_stand(self, rig: Rig, statement: Upsert, error: type[Exception]) -> None:
        """Only the key is forgiven; and nothing of the statement stays."""
        rig.add(SHELVES, shelf("1", depth=10), shelf("2", depth=20))
        with pytest.raises(error):
            rig.run(Upsert(statement.table, [*statement.rows], statement.key, statement.changes))
        assert [row["depth"] for row in rig.server.rows(SHELVES)] == [10, 20]
        assert rig.server.rows(BOOKS) == []

    def test_a_refused_row_takes_those_before_it_along(self, rig: Rig) -> None:
        """One statement, whole or not at all."""
        rig.add(SHELVES, shelf("1", depth=10), shelf("2", depth=20))
        with pytest.raises(UniqueViolation):
            rig.run(Upsert(SHELVES, [shelf("1", depth=11), shelf("3", depth=20)], ("id",), ("depth",)))
        assert [row["depth"] for row in rig.server.rows(SHELVES)] == [10, 20]

    def test_a_rollback_undoes_all_of_it(self, rig: Rig) -> None:
        """New rows go, old ones are as they were."""
        rig.add(SHELVES, shelf("1", depth=10))
        before = rig.server.rows(SHELVES)
        with rig.transaction("t1") as tx:
            drive(tx.upsert(SHELVES, [shelf("1", depth=11), shelf("2", depth=22)], ("id",), ("depth",)))
            assert drive(tx.count(SHELVES)) == 2
        assert rig.server.rows(SHELVES) == before

    def test_one_waits_for_the_row_it_is_about_to_change(self, rig: Rig) -> None:
        """And changes it as it is then."""
        rig.add(SHELVES, shelf("1", depth=10))
        first, second = rig.session(), rig.session()
        drive(first.run(Update(SHELVES, {"name": "first"}, same(id="1"))))
        waiting = rig.start(second, Upsert(SHELVES, [shelf("1", depth=11)], ("id",), ("depth",)))
        assert not waiting.done
        drive(first.commit())
        rig.runtime.finish()
        assert waiting.result().count == 1
        drive(second.commit())
        assert [(row["name"], row["depth"]) for row in rig.server.rows(SHELVES)] == [("first", 11)]

    def test_rows_that_no_database_would_take_are_refused_at_once(self) -> None:
        """None at all, two of one key, two that name different columns."""
        for rows in ([], [shelf("1"), shelf("1")], [shelf("1"), shelf("2", depth=1)]):
            with pytest.raises(ValueError, match="shelves"):
                Upsert(SHELVES, rows, ("id",))

    def test_what_was_inserted_is_found_by_every_index(self, rig: Rig) -> None:
        """By its key, by another rule, by a plain index, in the same transaction and after it."""
        rig.run(Upsert(BOOKS, [book("1", title="a"), book("2", title="b")], ("id",), ("title",)))
        rig.run(Upsert(BOOKS, [book("1", title="c")], ("id",), ("title",)))
        assert rig.ids(Select(BOOKS, same(tenant_id="t1", title="c"))) == ["1"]
        assert rig.ids(Select(BOOKS, same(tenant_id="t1", title="a"))) == []
        with pytest.raises(UniqueViolation):
            rig.run(Insert(BOOKS, book("2")))
