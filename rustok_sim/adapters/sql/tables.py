"""Tables of the domain core as SQLAlchemy's, and the names by which their rules come back in errors."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa

from rustok_sim.adapters.sql.conditions import literally, where_clause
from rustok_sim.core.data import Column, Table
from rustok_sim.core.errors import (
    CheckViolation,
    ConstraintViolation,
    ForeignKeyViolation,
    UniqueViolation,
    ValueTooLong,
)

TYPES: Final[dict[str, sa.types.TypeEngine[Any]]] = {
    # By code points, as SQLite and Python order texts, whatever the database's own collation is.
    "text": sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
    # Never INTEGER: SQLite would make it the row's number, and fill in what is missing.
    "int": sa.BigInteger(),
    "float": sa.Double(),
    "bool": sa.Boolean(),
}
INT64: Final = ".int64"
ON_DELETE: Final = {"cascade": "CASCADE", "set_null": "SET NULL", "refuse": "NO ACTION"}


class Schema:
    """The tables of one server. Raises ``ValueError`` for a reference to a table that is not among them."""

    def __init__(self, tables: Sequence[Table], dialect: str) -> None:
        self._dialect = dialect
        self.metadata = sa.MetaData()
        self.tables = {table.name: table for table in tables}
        self._rules: dict[str, tuple[type[ConstraintViolation], str, str]] = {}
        self.made = {table.name: self._make(table) for table in tables}

    def broken(self, name: str) -> Exception | None:
        """The error for the constraint of this *name*."""
        if name.endswith(INT64):
            return OverflowError(f"{name.removesuffix(INT64)} takes 64 bits")
        rule = self._rules.get(name)
        return None if rule is None else rule[0](rule[1], rule[2])

    def _make(self, table: Table) -> sa.Table:
        made = sa.Table(
            table.name,
            self.metadata,
            *(self._column(table, column) for column in table.columns),
            sa.PrimaryKeyConstraint(
                *table.key, name=self._rule(f"{table.name}.key", UniqueViolation, table, ",".join(table.key))
            ),
            *self._unique(table),
            *self._references(table),
            implicit_returning=False,
        )
        for constraint in self._checks(table, made):
            made.append_constraint(constraint)
        for number, columns in enumerate((*table.indexes, *table.ordered)):
            sa.Index(f"{table.name}.index{number}", *(made.c[name] for name in columns))
        return made

    def _column(self, table: Table, column: Column) -> sa.Column[Any]:
        return sa.Column(
            column.name,
            TYPES[column.kind],
            nullable=column.optional and column.name not in table.key,
            autoincrement=False,
        )

    def _unique(self, table: Table) -> Iterator[sa.UniqueConstraint]:
        # A row may break several rules. PostgreSQL looks at the index made first, SQLite at the last one.
        numbered = list(enumerate(table.unique))
        for number, columns in reversed(numbered) if self._dialect == "sqlite" else numbered:
            name = self._rule(f"{table.name}.unique{number}", UniqueViolation, table, ",".join(columns))
            yield sa.UniqueConstraint(*columns, name=name)

    def _references(self, table: Table) -> Iterator[sa.ForeignKeyConstraint]:
        for number, reference in enumerate(table.references):
            if reference.table not in self.tables:
                raise ValueError(f"{table.name} refers to {reference.table}, which is not among the tables")
            key = self.tables[reference.table].key
            name = self._rule(
                f"{table.name}.reference{number}", ForeignKeyViolation, table, ",".join(reference.columns)
            )
            yield sa.ForeignKeyConstraint(
                reference.columns,
                [f"{reference.table}.{column}" for column in key],
                name=name,
                ondelete=ON_DELETE[reference.on_delete],
                # Looked at with each statement, but for seeds, whose rows may refer to each other in any order.
                deferrable=True,
                initially="IMMEDIATE",
            )

    def _checks(self, table: Table, made: sa.Table) -> Iterator[sa.CheckConstraint]:
        for column in table.columns:
            if column.length is not None:
                # PostgreSQL looks at checks by name, so lengths come before rules there as well.
                name = self._rule(f"{table.name}.length.{column.name}", ValueTooLong, table, column.name)
                yield sa.CheckConstraint(sa.func.length(made.c[column.name]) <= column.length, name=name)
            if column.kind == "int":
                # A sum beyond 64 bits is a double in SQLite, and an error everywhere else.
                whole = sa.func.typeof(made.c[column.name]) != "real"
                wide = sa.CheckConstraint(whole, name=f"{table.name}.{column.name}{INT64}")
                yield wide.ddl_if(dialect="sqlite")
        for check in table.checks:
            name = self._rule(f"{table.name}.rule.{check.name}", CheckViolation, table, check.name)
            yield sa.CheckConstraint(where_clause(made, check.conditions, literally), name=name)

    def _rule(self, name: str, error: type[ConstraintViolation], table: Table, rule: str) -> str:
        self._rules[name] = (error, table.name, rule)
        return name
