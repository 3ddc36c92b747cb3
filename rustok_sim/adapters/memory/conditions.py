"""Expressions and conditions, made into functions of a row."""

import operator
from collections.abc import Callable, Sequence
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
}


def value_of(operand: Operand, row: Row) -> Any:
    """What *operand* comes to on *row*: null as soon as one of its columns is."""
    if not isinstance(operand, Expression):
        return operand
    if operand.constant == 0 and len(operand.columns) == 1 and operand.columns[0][1] == 1:
        return row[operand.columns[0][0]]
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
    if operand.constant == 0 and len(operand.columns) == 1 and operand.columns[0][1] == 1:
        return operator.itemgetter(operand.columns[0][0])
    return lambda row: value_of(operand, row)


def _contains(text: str | None, part: str) -> bool:
    return text is not None and part in text.translate(ASCII_LOWER)


def holding(condition: Condition, *, unknown: bool) -> Test:
    """The function that says whether *condition* holds on a row; *unknown* is its answer to a comparison with null."""
    left, kind = getter(condition.left), condition.operator
    if kind == "in":
        allowed = set(condition.right) if isinstance(condition.right, tuple) else set()
        return lambda row: unknown if (value := left(row)) is None else value in allowed
    if kind == "contains":
        part = str(condition.right).translate(ASCII_LOWER)
        return lambda row: unknown if (value := left(row)) is None else _contains(value, part)
    if condition.right is None:
        return (lambda row: left(row) is None) if kind == "=" else (lambda row: left(row) is not None)
    right, compare = getter(_operand(condition.right)), COMPARE[kind]

    def holds(row: Row) -> bool:
        one, other = left(row), right(row)
        return unknown if one is None or other is None else bool(compare(one, other))

    return holds


def _operand(right: Operand | tuple[Value, ...]) -> Operand:
    if isinstance(right, tuple):
        raise TypeError(f"only `in` compares with several values: {right!r}")
    return right


def all_of(where: Sequence[Condition]) -> Test:
    """The function that says whether all conditions hold on a row."""
    tests = [holding(condition, unknown=False) for condition in where]
    return lambda row: all(test(row) for test in tests)
