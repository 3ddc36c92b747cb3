"""What a schema forbids, and how the refusal is told: the same table and rule on every database."""

import pytest

from rustok_sim.core.data import Delete, Insert, Row, Statement, Update, col, same
from rustok_sim.core.errors import (
    CheckViolation,
    ConstraintViolation,
    ForeignKeyViolation,
    NotNullViolation,
    UniqueViolation,
    ValueTooLong,
)
from rustok_sim.testing.contract.rig import BOOKS, BOXES, LOANS, PEOPLE, SHELVES, Contract, Rig, book, shelf

NOBODY: Row = {"country": "US", "number": 1, "name": None}
SOMEBODY: Row = {"country": "US", "number": 1, "name": "Ada"}
REFUSED: list[tuple[Statement, type[ConstraintViolation], str, str]] = [
    (Insert(SHELVES, shelf("1", name="other")), UniqueViolation, "shelves", "id"),
    (Insert(SHELVES, shelf("2", name="1")), UniqueViolation, "shelves", "tenant_id,name"),
    (Insert(SHELVES, shelf("2", depth=5)), UniqueViolation, "shelves", "depth"),
    (Insert(PEOPLE, SOMEBODY), UniqueViolation, "people", "country,number"),
    (Update(SHELVES, {"name": "1"}, same(id="0")), UniqueViolation, "shelves", "tenant_id,name"),
    (Update(SHELVES, {"id": "1"}, same(id="0")), UniqueViolation, "shelves", "id"),
    (Insert(SHELVES, shelf("2", depth=-1)), CheckViolation, "shelves", "deep"),
    (Insert(SHELVES, shelf("2", depth=-1), or_skip=True), CheckViolation, "shelves", "deep"),
    (Update(BOOKS, {"torn": col("torn").plus(11)}), CheckViolation, "books", "whole"),
    (Update(BOOKS, {"torn": col("torn").minus(1)}), CheckViolation, "books", "whole"),
    (Insert(SHELVES, shelf("2", name=None)), NotNullViolation, "shelves", "name"),
    (Insert(PEOPLE, {"country": "US", "name": "-"}), NotNullViolation, "people", "number"),
    (Insert(SHELVES, shelf("2", locked=None)), NotNullViolation, "shelves", "locked"),
    (Update(BOOKS, {"pages": None}), NotNullViolation, "books", "pages"),
    (Insert(SHELVES, shelf("2", name="123456789")), ValueTooLong, "shelves", "name"),
    (Insert(SHELVES, shelf("2", name="12345678 ")), ValueTooLong, "shelves", "name"),
    (Update(SHELVES, {"name": "日本語日本語日本語"}, same(id="1")), ValueTooLong, "shelves", "name"),
    (Insert(BOOKS, book("2", shelf_id="9")), ForeignKeyViolation, "books", "shelf_id"),
    (
        Insert(BOOKS, book("2", lender_country="US", lender_number=9)),
        ForeignKeyViolation,
        "books",
        "lender_country,lender_number",
    ),
    (Update(BOOKS, {"shelf_id": "9"}), ForeignKeyViolation, "books", "shelf_id"),
    (Update(SHELVES, {"id": "9"}, same(id="1")), ForeignKeyViolation, "books", "shelf_id"),
    (Delete(BOOKS), ForeignKeyViolation, "loans", "book_id"),
    (Delete(SHELVES, same(id="1")), ForeignKeyViolation, "loans", "book_id"),
]


def _name(case: object) -> str | None:
    return case.__name__ if isinstance(case, type) else None


class RulesContract(Contract):
    """Unique rules, checks, nulls, lengths, references."""

    @pytest.fixture
    def library(self, rig: Rig) -> Rig:
        """Two shelves; on the second a book, which is lent out."""
        rig.add(PEOPLE, SOMEBODY)
        rig.add(SHELVES, shelf("0"), shelf("1", depth=5))
        rig.add(BOOKS, book("1", shelf_id="1", lender_country="US", lender_number=1))
        rig.add(LOANS, {"id": "1", "tenant_id": "t1", "book_id": "1"})
        return rig

    @pytest.mark.parametrize(("statement", "error", "table", "rule"), REFUSED, ids=_name)
    def test_a_refusal_names_table_and_rule_and_changes_nothing(
        self, library: Rig, statement: Statement, error: type[ConstraintViolation], table: str, rule: str
    ) -> None:
        """The errors as ``core.errors`` defines them: columns joined by commas, a check by its name."""
        before = [library.server.rows(one) for one in (PEOPLE, SHELVES, BOOKS, LOANS)]
        with pytest.raises(error) as refused:
            library.run(statement)
        assert (refused.value.table, refused.value.rule) == (table, rule)
        assert [library.server.rows(one) for one in (PEOPLE, SHELVES, BOOKS, LOANS)] == before

    def test_nulls_are_distinct(self, rig: Rig) -> None:
        """SQL's rule: two rows may both have null where values must be unique."""
        rig.add(SHELVES, shelf("1", depth=None), shelf("2", depth=None))
        assert len(rig.server.rows(SHELVES)) == 2

    def test_a_check_holds_for_null(self, rig: Rig) -> None:
        """SQL's rule: a comparison with null breaks no check."""
        rig.add(SHELVES, shelf("1", depth=None), shelf("2", depth=0))
        assert len(rig.server.rows(SHELVES)) == 2

    @pytest.mark.parametrize("name", ["12345678", "日本語日本語日本", "🦀" * 8])
    def test_a_length_counts_characters(self, rig: Rig, name: str) -> None:
        """Eight characters fit in eight, whatever their bytes: the last has 32."""
        rig.add(SHELVES, shelf("1", name=name))
        assert len(rig.server.rows(SHELVES)) == 1

    def test_null_refers_to_nothing(self, rig: Rig) -> None:
        """A reference that is null, wholly or in one column, is none (MATCH SIMPLE)."""
        rig.add(BOOKS, book("1"), book("2", lender_country="ZZ"), book("3", lender_number=7))
        assert len(rig.server.rows(BOOKS)) == 3

    def test_children_go_or_forget_as_the_schema_says(self, library: Rig) -> None:
        """ON DELETE SET NULL empties both columns; ON DELETE CASCADE takes the rows along."""
        assert library.run(Delete(PEOPLE)).count == 1
        [row] = library.server.rows(BOOKS)
        assert (row["lender_country"], row["lender_number"], row["shelf_id"]) == (None, None, "1")
        library.run(Delete(LOANS))
        assert library.run(Delete(SHELVES, same(id="1"))).count == 1
        assert library.server.rows(BOOKS) == []

    def test_a_parent_without_children_may_go(self, library: Rig) -> None:
        """Only rows that are named are held."""
        assert library.run(Delete(SHELVES, same(id="0"))).count == 1

    @pytest.mark.parametrize("statement", ["insert", "update"])
    def test_a_number_beyond_64_bits_is_refused(self, rig: Rig, statement: str) -> None:
        """2^63 is one too many; a sum may not wrap, nor become a double."""
        rig.add(SHELVES, shelf("1", depth=2**63 - 1))
        wrong: dict[str, Statement] = {
            "insert": Insert(SHELVES, shelf("2", depth=2**63)),
            "update": Update(SHELVES, {"depth": col("depth").plus(1)}),
        }
        with pytest.raises(OverflowError):
            rig.run(wrong[statement])
        assert [row["depth"] for row in rig.server.rows(SHELVES)] == [2**63 - 1]

    def test_of_two_broken_unique_rules_the_first_is_told(self, rig: Rig) -> None:
        """In the order of the table's description, as PostgreSQL looks at its indexes in the order they were made."""
        rig.add(SHELVES, shelf("1", depth=5))
        with pytest.raises(UniqueViolation) as refused:
            rig.run(Insert(SHELVES, shelf("2", name="1", depth=5)))
        assert refused.value.rule == "tenant_id,name"

    def test_seeded_rows_may_refer_to_later_ones(self, rig: Rig) -> None:
        """References are looked at when all rows are there; a chain of rows then goes with its first."""
        rig.server.seed(BOXES, [{"id": "1", "within_id": "2"}, {"id": "2", "within_id": "3"}, {"id": "3"}])
        assert len(rig.server.rows(BOXES)) == 3
        assert rig.run(Delete(BOXES, same(id="3"))).count == 1
        assert rig.server.rows(BOXES) == []

    def test_a_seed_that_refers_to_nothing_is_refused(self, rig: Rig) -> None:
        """As a statement that does."""
        with pytest.raises(ForeignKeyViolation) as refused:
            rig.server.seed(BOXES, [{"id": "1"}, {"id": "2", "within_id": "9"}])
        assert (refused.value.table, refused.value.rule) == ("boxes", "within_id")
        assert rig.server.rows(BOXES) == []

    def test_a_refused_seed_leaves_nothing(self, rig: Rig) -> None:
        """All rows or none."""
        with pytest.raises(UniqueViolation) as refused:
            rig.server.seed(SHELVES, [shelf("1"), shelf("1", name="other")])
        assert refused.value.rule == "id"
        assert rig.server.rows(SHELVES) == []
