"""What a query gives."""

from typing import Literal

import pytest

from rustok_sim.core.data import Condition, Expression, Select, Table, Value, col, same
from rustok_sim.testing.contract.rig import BOOKS, PEOPLE, SHELVES, Contract, Rig, book, shelf

TEXTS = ["naïve", "Ω≈ç√", "日本語日本語日本", "🦀" * 8, "quote'\"", "a\\b%_/", " x "]
DEPTHS: dict[str, Value] = {"a": 30, "b": None, "c": 10, "d": 20}
HOLDING = [
    (col("depth").equals(10), ["c"]),
    (col("depth").differs(10), ["a", "d"]),
    (col("depth").below(20), ["c"]),
    (col("depth").at_most(20), ["c", "d"]),
    (col("depth").above(20), ["a"]),
    (col("depth").at_least(20), ["a", "d"]),
    (col("depth").unless_above(20), ["b", "c", "d"]),
    (col("depth").is_in([10, 30, 50]), ["a", "c"]),
    (col("depth").is_in([]), []),
    (col("depth").equals(None), ["b"]),
    (col("depth").differs(None), ["a", "c", "d"]),
    (col("depth").plus(5).above(25), ["a"]),
    (col("depth").minus(5).equals(15), ["d"]),
    (col("depth").equals(col("depth")), ["a", "c", "d"]),
    (Expression((("depth", 3),), 1).at_least(61), ["a", "d"]),
    (col("depth").minus(col("depth")).equals(0), ["a", "c", "d"]),
    (Expression((("depth", 2),)).at_most(col("depth").plus(20)), ["c", "d"]),
]


class ReadingContract(Contract):
    """Conditions, order, limits, counts, and values that come back as they went."""

    @pytest.fixture
    def shelves(self, rig: Rig) -> Rig:
        """Four shelves, one of unknown depth."""
        rig.add(SHELVES, *(shelf(key, depth=depth) for key, depth in DEPTHS.items()))
        return rig

    @pytest.mark.parametrize(("condition", "expected"), HOLDING)
    def test_a_condition_finds_the_rows_for_which_it_holds(
        self, shelves: Rig, condition: Condition, expected: list[str]
    ) -> None:
        """Counted by hand; a comparison with null holds for no row, but where null is asked for."""
        assert shelves.ids(Select(SHELVES, (condition,))) == expected
        assert shelves.run(Select(SHELVES, (condition,), counting=True)).count == len(expected)

    def test_all_conditions_hold_together(self, shelves: Rig) -> None:
        """By hand: of three known depths one lies between."""
        between = (col("depth").above(10), col("depth").below(30), *same(tenant_id="t1", locked=False))
        assert shelves.ids(Select(SHELVES, between)) == ["d"]

    def test_texts_compare_by_code_points(self, rig: Rig) -> None:
        """As SQLite's BINARY, PostgreSQL's "C" and Python do: capitals before small letters before all others."""
        names = ["a", "Z", "é", "b", "日本"]
        rig.server.seed(PEOPLE, [{"country": "AA", "number": n, "name": name} for n, name in enumerate(names)])
        rows = rig.run(Select(PEOPLE, order_by=("name",))).rows
        assert [row["name"] for row in rows] == ["Z", "a", "b", "é", "日本"]
        found = rig.run(Select(PEOPLE, (col("name").below("b"),), order_by=("name",))).rows
        assert [row["name"] for row in found] == ["Z", "a"]

    def test_a_part_is_found_in_a_text_by_ascii_case_alone(self, rig: Rig) -> None:
        """``contains`` folds A to Z and nothing else, and knows no wildcards."""
        titles = ["100% Rust", "100 % rust", "RUST_ok", "Rost", "ÉTÉ", "été"]
        rig.add(BOOKS, *(book(str(n), title=title) for n, title in enumerate(titles)))
        found = {part: rig.ids(Select(BOOKS, (col("title").contains(part),))) for part in PARTS}
        assert found == PARTS

    def test_rows_come_in_the_order_of_the_primary_key(self, rig: Rig) -> None:
        """The order of a query that asks for none, by all columns of the key."""
        for country, number in (("US", 1), ("DE", 10), ("US", 0), ("DE", 9)):
            rig.add(PEOPLE, {"country": country, "number": number, "name": "-"})
        keys = [(row["country"], row["number"]) for row in rig.run(Select(PEOPLE)).rows]
        assert keys == [("DE", 9), ("DE", 10), ("US", 0), ("US", 1)]

    def test_nulls_come_last_and_first_when_descending(self, shelves: Rig) -> None:
        """PostgreSQL's order, in which null is greater than every value."""
        assert shelves.ids(Select(SHELVES, order_by=("depth",))) == ["c", "d", "a", "b"]
        assert shelves.ids(Select(SHELVES, order_by=("-depth",))) == ["b", "a", "d", "c"]

    def test_the_primary_key_breaks_ties(self, rig: Rig) -> None:
        """Ascending, whichever way the columns before it run."""
        rig.add(BOOKS, *(book(key, pages=pages) for key, pages in (("c", 5), ("a", 5), ("d", 7), ("b", 7))))
        assert rig.ids(Select(BOOKS, order_by=("pages",))) == ["a", "c", "b", "d"]
        assert rig.ids(Select(BOOKS, order_by=("-pages",))) == ["b", "d", "a", "c"]

    def test_limit_and_offset_cut_what_is_ordered(self, shelves: Rig) -> None:
        """By hand, over four rows; beyond the end there is nothing."""
        cuts: tuple[tuple[int | None, int, str], ...]
        cuts = ((2, 0, "ab"), (2, 3, "d"), (None, 2, "cd"), (0, 0, ""), (9, 9, ""))
        for limit, offset, expected in cuts:
            assert shelves.ids(Select(SHELVES, limit=limit, offset=offset)) == list(expected)

    def test_a_locking_query_reads_the_same(self, shelves: Rig) -> None:
        """FOR SHARE and FOR UPDATE change who waits, not what is read."""
        locks: tuple[Literal["share", "update"], ...] = ("share", "update")
        for lock in locks:
            assert shelves.ids(Select(SHELVES, lock=lock, limit=3)) == ["a", "b", "c"]
            assert shelves.ids(Select(SHELVES, lock=lock, skip_locked=True)) == ["a", "b", "c", "d"]

    @pytest.mark.parametrize("name", TEXTS)
    def test_a_text_comes_back_as_it_went(self, rig: Rig, name: str) -> None:
        """Any characters but NUL, blanks at the ends too, and it is found by itself."""
        rig.add(SHELVES, shelf("1", name=name))
        assert [row["name"] for row in rig.run(Select(SHELVES, same(name=name))).rows] == [name]

    @pytest.mark.parametrize("depth", [0, 2**31, 2**53 + 1, 2**63 - 1])
    def test_an_integer_comes_back_exactly(self, rig: Rig, depth: int) -> None:
        """All 64 bits: a double would round the third to another number."""
        rig.add(SHELVES, shelf("1", depth=depth))
        assert rig.run(Select(SHELVES, same(depth=depth))).rows[0]["depth"] == depth

    def test_every_value_comes_back_in_its_type(self, rig: Rig) -> None:
        """A truth value is no number, and a moment is a double even when it is whole."""
        rig.add(SHELVES, shelf("1", locked=True, made_s=2.0), shelf("2", made_s=0.1))
        first, second = rig.run(Select(SHELVES)).rows
        assert first == {"id": "1", "tenant_id": "t1", "name": "1", "depth": None, "locked": True, "made_s": 2.0}
        assert (first["locked"], second["locked"]) == (True, False)
        assert [type(first[name]) for name in ("locked", "made_s")] == [bool, float]
        assert second["made_s"] == 0.1

    def test_a_row_belongs_to_who_read_it(self, shelves: Rig) -> None:
        """Changing what was read changes no table."""
        shelves.run(Select(SHELVES, limit=1)).rows[0]["depth"] = 99
        assert shelves.run(Select(SHELVES, limit=1)).rows[0]["depth"] == 30

    def test_a_query_counts_what_it_reads(self, shelves: Rig) -> None:
        """The count of a query is that of its rows."""
        assert shelves.run(Select(SHELVES, limit=3)).count == 3
        assert shelves.run(Select(SHELVES, counting=True)).count == 4

    def test_a_table_is_known_by_its_name(self, shelves: Rig) -> None:
        """A statement may hold another description of the table, as modules do whose rules are settings."""
        other = Table(SHELVES.name, SHELVES.columns)
        assert shelves.ids(Select(other, same(id="a"))) == ["a"]


PARTS = {"rust": ["0", "1", "2"], "100%": ["0"], "T_O": ["2"], "r_st": [], "été": ["5"], "\\": [], "": list("012345")}
