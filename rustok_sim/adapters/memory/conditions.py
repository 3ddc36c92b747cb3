"""Expressions and conditions, made into functions of a row. Comparisons follow SQL: null compares to nothing."""

import operator
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from rustok_sim.core.data import Condition, Expression, Operand, Row, Value

Getter: TypeAlias = Callable[[Row], Any]
Test: TypeAlias = Callable[[Row], bool]

ASCII_LOWER: Final = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
COMPARE: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "null or <=": operator.le,
}


def value_of(operand: Operand, row: Row) -> Any:
    """What *operand* comes to on *row*: null as soon as one of its columns is."""
    if not isinstance(operand, Expression):
        return operand
    if operand.name is not None:
        return row[operand.name]
    total: Any = operand.constant
    for name, times in operand.columns:
        value: Any = row[name]
        if value is None:
            return None
        total += times * value
    return total


def getter(operand: Operand) -> Getter:
    """The function from a row to what *operand* comes to on it."""
    if not isinstance(operand, Expression):
        return lambda _: operand
    if operand.name is not None:
        return operator.itemgetter(operand.name)
    return lambda row: value_of(operand, row)


def holding(condition: Condition, *, unknown: bool) -> Test:
    """The function that says whether *condition* holds on a row; *unknown* is its answer to a comparison with null."""
    left, right = getter(condition.left), condition.right
    if isinstance(right, tuple):
        allowed = frozenset(right)
        return lambda row: unknown if (value := left(row)) is None else value in allowed
    if condition.operator == "contains":
        part = str(right).translate(ASCII_LOWER)
        return lambda row: unknown if (value := left(row)) is None else part in value.translate(ASCII_LOWER)
    if right is None:
        return (lambda row: left(row) is None) if condition.operator == "=" else (lambda row: left(row) is not None)
    unknown = unknown or condition.operator == "null or <="
    return _comparing(left, COMPARE[condition.operator], getter(right), unknown=unknown)


def _comparing(left: Getter, compare: Callable[[Any, Any], Any], right: Getter, *, unknown: bool) -> Test:
    def holds(row: Row) -> bool:
        one, other = left(row), right(row)
        return unknown if one is None or other is None else bool(compare(one, other))

    return holds


class Filter:
    """Conditions that must all hold. Equalities of a column with a value stand apart: rows are found by them."""

    __slots__ = ("choices", "exact", "tests")

    def __init__(
        self, exact: dict[str, Value], choices: dict[str, tuple[Value, ...]] | None = None, tests: tuple[Test, ...] = ()
    ) -> None:
        self.exact = exact
        self.choices = choices
        """Columns that must have one of several values: *tests* ask for it too."""
        self.tests = tests

    def holds(self, row: Row) -> bool:
        """Whether *row* is one of those looked for."""
        for name, value in self.exact.items():
            if row[name] != value:
                return False
        for test in self.tests:  # noqa: SIM110 -- a generator for each row costs more than the tests
            if not test(row):
                return False
        return True
