"""What a statement changes, and how many rows that were."""

from rustok_sim.core.data import Delete, Insert, Select, Update, col, same
from rustok_sim.testing.contract.rig import BOOKS, LIBRARY, PEOPLE, SHELVES, Contract, Rig, book, shelf


class WritingContract(Contract):
    """Inserts, updates, deletes."""

    def test_an_insert_leaves_null_where_it_says_nothing(self, rig: Rig) -> None:
        """The rule of the statement: columns it leaves out are null."""
        assert rig.run(Insert(SHELVES, shelf("1"))).count == 1
        [row] = rig.server.rows(SHELVES)
        assert row == {"id": "1", "tenant_id": "t1", "name": "1", "depth": None, "locked": False, "made_s": None}

    def test_an_insert_may_skip_a_row_that_is_there(self, rig: Rig) -> None:
        """ON CONFLICT DO NOTHING: by the primary key or by any unique rule, and the row that is there stays."""
        rig.add(SHELVES, shelf("1", depth=5))
        for row in (shelf("1", name="other"), shelf("2", name="1"), shelf("2", depth=5)):
            assert rig.run(Insert(SHELVES, row, or_skip=True)).count == 0
        assert rig.run(Insert(SHELVES, shelf("2"), or_skip=True)).count == 1
        assert [(row["id"], row["depth"]) for row in rig.server.rows(SHELVES)] == [("1", 5), ("2", None)]

    def test_an_update_counts_the_rows_it_found(self, rig: Rig) -> None:
        """Rows that held the value already count too, as in every SQL database."""
        rig.add(BOOKS, book("1", pages=10), book("2", pages=10), book("3", pages=99))
        assert rig.run(Update(BOOKS, {"pages": 10}, same(pages=10))).count == 2
        assert rig.run(Update(BOOKS, {"pages": 10}, same(id="9"))).count == 0
        assert rig.run(Update(BOOKS, {"pages": 11})).count == 3
        assert [row["pages"] for row in rig.server.rows(BOOKS)] == [11, 11, 11]

    def test_expressions_see_the_row_as_it_was(self, rig: Rig) -> None:
        """All right-hand sides are evaluated before any column changes, so two columns can change places."""
        rig.add(BOOKS, book("1", pages=30, torn=20))
        change = {"pages": col("torn").plus(col("pages")).minus(5), "torn": col("pages").minus(col("torn"))}
        rig.run(Update(BOOKS, change))
        [row] = rig.server.rows(BOOKS)
        assert (row["pages"], row["torn"]) == (45, 10)

    def test_a_sum_with_null_is_null(self, rig: Rig) -> None:
        """As in SQL; and a column can be set to null outright."""
        rig.add(SHELVES, shelf("1"), shelf("2", depth=7))
        rig.run(Update(SHELVES, {"depth": col("depth").plus(1)}))
        assert [row["depth"] for row in rig.server.rows(SHELVES)] == [None, 8]
        rig.run(Update(SHELVES, {"depth": None}))
        assert [row["depth"] for row in rig.server.rows(SHELVES)] == [None, None]

    def test_a_column_can_take_anothers_text(self, rig: Rig) -> None:
        """A text column stands alone in an expression."""
        rig.add(SHELVES, shelf("1", name="long"))
        rig.run(Update(SHELVES, {"name": col("id")}))
        assert rig.server.rows(SHELVES)[0]["name"] == "1"

    def test_an_update_returns_the_rows_as_written(self, rig: Rig) -> None:
        """In the order of the primary key, in the types of the columns."""
        rig.add(SHELVES, shelf("b", depth=1, made_s=1.0), shelf("a", depth=2), shelf("c"))
        where = (col("depth").differs(None),)
        result = rig.run(Update(SHELVES, {"depth": col("depth").plus(10), "locked": True}, where, returning=True))
        assert result.count == 2
        assert [(row["id"], row["depth"], row["locked"]) for row in result.rows] == [("a", 12, True), ("b", 11, True)]
        assert [type(row["made_s"]) for row in result.rows] == [type(None), float]
        assert result.rows == rig.run(Select(SHELVES, where)).rows

    def test_a_primary_key_may_change(self, rig: Rig) -> None:
        """A row is found by its new key and by no other."""
        rig.add(SHELVES, shelf("1"))
        assert rig.run(Update(SHELVES, {"id": "2"}, same(id="1"))).count == 1
        assert rig.ids(Select(SHELVES, same(id="2"))) == ["2"]
        assert rig.ids(Select(SHELVES, same(id="1"))) == []

    def test_a_delete_counts_the_rows_of_its_table(self, rig: Rig) -> None:
        """What goes along with them is not counted, as in PostgreSQL."""
        rig.add(SHELVES, shelf("1"), shelf("2"), shelf("3"))
        rig.add(BOOKS, book("1", shelf_id="1"), book("2", shelf_id="1"))
        assert rig.run(Delete(SHELVES, (col("name").below("3"),))).count == 2
        assert rig.run(Delete(SHELVES, same(id="9"))).count == 0
        assert rig.run(Delete(SHELVES)).count == 1
        assert [rig.server.rows(table) for table in LIBRARY] == [[], [], [], [], []]

    def test_a_deleted_key_is_free_again(self, rig: Rig) -> None:
        """Nothing of a deleted row stands against a new one."""
        rig.add(SHELVES, shelf("1", depth=1))
        rig.run(Delete(SHELVES))
        rig.add(SHELVES, shelf("1", depth=1))
        assert len(rig.server.rows(SHELVES)) == 1

    def test_seeded_rows_are_there_for_everybody(self, rig: Rig) -> None:
        """``seed`` writes as if long committed, in any order, and leaves null what a row does not say."""
        rig.server.seed(PEOPLE, [{"country": "US", "number": n, "name": "-"} for n in (3, 1, 2)])
        rig.server.seed(SHELVES, [shelf("1", depth=4), shelf("2")])
        rig.server.seed(BOOKS, [])
        assert [row["number"] for row in rig.run(Select(PEOPLE)).rows] == [1, 2, 3]
        assert [row["depth"] for row in rig.run(Select(SHELVES)).rows] == [4, None]
        assert rig.server.rows(BOOKS) == []
