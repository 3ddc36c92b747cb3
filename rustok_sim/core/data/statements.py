"""Statements as data: what a service asks of a database, whichever it is. One statement is one round trip."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from rustok_sim.core.data.schema import Table

Value: TypeAlias = str | int | float | bool | None
Row: TypeAlias = dict[str, Value]
"""A row by its columns' names; who gets one may keep it: no table ever changes it."""
Operator: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">=", "in", "contains", "null or <="]


# Parts of statements are made for every round trip: not frozen, which takes twice as long; nobody changes one.
@dataclass(slots=True, unsafe_hash=True)
class Expression:
    """A sum of columns, each times a whole number, and a constant. A text column stands alone, times one."""

    columns: tuple[tuple[str, int], ...]
    constant: int = 0
    name: str | None = field(init=False, repr=False, compare=False)
    """The column, if it is nothing but one."""

    def __post_init__(self) -> None:
        alone = len(self.columns) == 1 and self.columns[0][1] == 1 and self.constant == 0
        self.name = self.columns[0][0] if alone else None

    def plus(self, other: "int | Expression") -> "Expression":
        """The sum."""
        if isinstance(other, int):
            return Expression(self.columns, self.constant + other)
        return Expression(self.columns + other.columns, self.constant + other.constant)

    def minus(self, other: "int | Expression") -> "Expression":
        """The difference."""
        if isinstance(other, int):
            return self.plus(-other)
        return self.plus(Expression(tuple((name, -times) for name, times in other.columns), -other.constant))

    def equals(self, operand: "Operand") -> "Condition":
        """Equal; with ``None``: is null."""
        return Condition(self, "=", operand)

    def differs(self, operand: "Operand") -> "Condition":
        """Not equal; with ``None``: is not null."""
        return Condition(self, "!=", operand)

    def below(self, operand: "Operand") -> "Condition":
        """Less than."""
        return Condition(self, "<", operand)

    def at_most(self, operand: "Operand") -> "Condition":
        """Less than or equal."""
        return Condition(self, "<=", operand)

    def above(self, operand: "Operand") -> "Condition":
        """Greater than."""
        return Condition(self, ">", operand)

    def at_least(self, operand: "Operand") -> "Condition":
        """Greater than or equal."""
        return Condition(self, ">=", operand)

    def unless_above(self, operand: "Operand") -> "Condition":
        """Less than or equal, or null: what no bound above *operand* keeps back."""
        return Condition(self, "null or <=", operand)

    def is_in(self, values: Sequence[Value]) -> "Condition":
        """One of *values*, none of which is null."""
        return Condition(self, "in", tuple(values))

    def contains(self, part: str) -> "Condition":
        """A text with *part* somewhere in it; the case of ASCII letters does not matter."""
        return Condition(self, "contains", part)


Operand: TypeAlias = Value | Expression
"""What an expression is compared with."""


@dataclass(slots=True, unsafe_hash=True)
class Condition:
    """A comparison. One with a null value does not hold, but for ``null or <=``, ``= None`` and ``!= None``."""

    left: Expression
    operator: Operator
    right: Operand | tuple[Value, ...]


@dataclass(slots=True, eq=False)
class Same:
    """Each named column equals its value, or is null for ``None``: one part for what most statements ask."""

    values: Mapping[str, Value]


@cache
def col(name: str) -> Expression:
    """The value of a column."""
    return Expression(((name, 1),))


def same(**values: Value) -> tuple[Same]:
    """The condition that each named column equals its value (or is null, for ``None``)."""
    return (Same(values),)


Where: TypeAlias = Sequence[Condition | Same]
"""All of these hold."""


def conditions_of(where: Where) -> list[Condition]:
    """Each comparison by itself."""
    conditions: list[Condition] = []
    for part in where:
        if isinstance(part, Same):
            conditions += [Condition(col(name), "=", value) for name, value in part.values.items()]
        else:
            conditions.append(part)
    return conditions


@dataclass(slots=True, eq=False)
class Select:
    """Read rows."""

    table: "Table"
    where: Where = ()
    order_by: tuple[str, ...] = ()
    """Columns; with ``-`` before it: descending. Without any, the order of the primary key."""
    limit: int | None = None
    offset: int = 0
    lock: Literal["share", "update"] | None = None
    """FOR SHARE, FOR UPDATE: hold the rows until the transaction ends."""
    skip_locked: bool = False
    """With *lock*: leave out rows that another transaction holds."""
    counting: bool = False
    """Count the rows in place of reading them."""
    label: str = ""


@dataclass(slots=True, eq=False)
class Insert:
    """Write a new row; columns it leaves out are null."""

    table: "Table"
    row: Mapping[str, Value]
    or_skip: bool = False
    """ON CONFLICT DO NOTHING: a row that breaks a unique rule is left out, and the count is 0."""
    label: str = ""


@dataclass(slots=True, eq=False)
class Upsert:
    """Write many new rows; where one with the same *key* is there already, change that (ON CONFLICT DO UPDATE).

    A row of another tenant is left as it is. All rows name the same columns, and no two have the same key: a database
    refuses to touch a row twice. Raises ``ValueError`` otherwise.
    """

    table: "Table"
    rows: Sequence[Mapping[str, Value]]
    key: tuple[str, ...]
    """Columns of the primary key, or of a unique rule, that say which row is meant."""
    changes: tuple[str, ...] = ()
    """The columns that a row which is there takes from the new one; none: it stays (ON CONFLICT DO NOTHING)."""
    label: str = ""

    def __post_init__(self) -> None:
        if not self.rows:
            raise ValueError(f"{self.table.name}: there are no rows to write")
        columns = self.rows[0].keys()
        if any(row.keys() != columns for row in self.rows):
            raise ValueError(f"{self.table.name}: all rows have to name the same columns")
        if len({tuple([row[name] for name in self.key]) for row in self.rows}) < len(self.rows):
            raise ValueError(f"{self.table.name}: two rows have the same {', '.join(self.key)}")


@dataclass(slots=True, eq=False)
class Update:
    """Change rows; expressions see the row as it is when it is changed."""

    table: "Table"
    changes: Mapping[str, Operand]
    where: Where = ()
    returning: bool = False
    """Return the rows as written."""
    label: str = ""


@dataclass(slots=True, eq=False)
class Delete:
    """Remove rows, and what refers to them as the schema says."""

    table: "Table"
    where: Where = ()
    label: str = ""


Statement: TypeAlias = Select | Insert | Upsert | Update | Delete
Verb: TypeAlias = Literal["select", "insert", "upsert", "update", "delete"]
VERBS: Mapping[type, Verb] = {
    Select: "select",
    Insert: "insert",
    Upsert: "upsert",
    Update: "update",
    Delete: "delete",
}


def label_of(statement: Statement) -> str:
    """The statement's name in the event log: its own, or table and verb."""
    return statement.label or f"{statement.table.name}.{VERBS[type(statement)]}"


@dataclass(slots=True)
class Result:
    """What a statement gave: rows read or returned, and how many it read, wrote or counted."""

    count: int
    rows: list[Row] = field(default_factory=list)
