"""Tables as data: one description that every database is made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rustok_sim.core.data.statements import Condition

Kind: TypeAlias = Literal["text", "int", "float", "bool"]
"""What a column holds: text, a 64-bit integer, a double (times are seconds of simulated time), a truth value."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. Without *optional* it takes no null."""

    name: str
    kind: Kind = "text"
    length: int | None = None
    """text: at most so many characters."""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """A rule on each row alone: all *conditions* hold. As in SQL, a comparison with null breaks nothing."""

    name: str
    conditions: Sequence[Condition]


@dataclass(frozen=True, slots=True)
class Reference:
    """*columns* name a row of *table* by its primary key, or are null."""

    columns: tuple[str, ...]
    table: str
    on_delete: Literal["cascade", "set_null", "refuse"] = "cascade"


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """One table. Rows belong to the tenant that the column *owner* names; a table without owner is everybody's.

    Nulls are distinct where values must be unique, as in SQL.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("id",)
    unique: tuple[tuple[str, ...], ...] = ()
    checks: tuple[Check, ...] = ()
    references: tuple[Reference, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    """Columns that are looked up together; for speed only."""
    ordered: tuple[tuple[str, ...], ...] = ()
    """The same, but for the last of them: in its order what the others find is read. It takes no null."""
    owner: str | None = "tenant_id"

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)


def text(name: str, length: int | None = None, *, optional: bool = False) -> Column:
    """A column of text."""
    return Column(name, "text", length, optional)


def integer(name: str, *, optional: bool = False) -> Column:
    """A column of integers; money is kept so, in minor units."""
    return Column(name, "int", None, optional)


def moment(name: str, *, optional: bool = False) -> Column:
    """A column of moments: seconds of simulated time."""
    return Column(name, "float", None, optional)


def flag(name: str) -> Column:
    """A column of truth values."""
    return Column(name, "bool")


def uuid(name: str, *, optional: bool = False) -> Column:
    """A column of identifiers in their canonical form of 36 characters."""
    return Column(name, "text", 36, optional)
