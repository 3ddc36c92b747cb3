"""Checks compiled to functions of a row, and conditions sorted into filters; wrong names and types end here."""

from dataclasses import dataclass
from typing import Any

from rustok_sim.adapters.memory.conditions import Filter, Test, holding
from rustok_sim.core.data import Condition, Expression, Row, Same, Table, Value, Where, col
from rustok_sim.core.errors import CheckViolation


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One condition of a check. A comparison with null passes, as in SQL."""

    name: str
    columns: frozenset[str]
    passes: Test


def rules_of(table: Table) -> tuple[Rule, ...]:
    """The table's checks, in the order in which PostgreSQL looks at them: by name."""
    return tuple(
        Rule(check.name, frozenset(names_in(condition)), holding(condition, unknown=True))
        for check in sorted(table.checks, key=lambda check: check.name)
        for condition in check.conditions
    )


def obey(table: Table, rules: tuple[Rule, ...], row: Row) -> None:
    """Nothing, or ``CheckViolation`` for the first rule that *row* breaks."""
    for rule in rules:
        if not rule.passes(row):
            raise CheckViolation(table.name, rule.name)


def names_in(condition: Condition) -> list[str]:
    """The columns that *condition* speaks of."""
    sides = (condition.left, condition.right)
    return [name for side in sides if isinstance(side, Expression) for name, _ in side.columns]


def filter_of(table: Table, types: dict[str, type], where: Where) -> Filter:
    """*where*, sorted. Raises ``TypeError`` for an unknown column or a value that its column cannot have."""
    exact: dict[str, Value] = {}
    others: list[Condition] = []
    for part in where:
        if type(part) is Same:
            for name, value in part.values.items():
                if types.get(name) is type(value) and name not in exact:
                    exact[name] = value
                else:
                    others.append(Condition(col(name), "=", value))
        elif isinstance(part, Condition):
            others.append(part)
    return Filter(exact, *_tests(table, types, exact, others)) if others else Filter(exact)


def _tests(
    table: Table, types: dict[str, type], exact: dict[str, Value], conditions: list[Condition]
) -> tuple[dict[str, tuple[Value, ...]] | None, tuple[Test, ...]]:
    """The choices and the tests of *conditions*; what is an equality after all goes into *exact*."""
    choices: dict[str, tuple[Value, ...]] | None = None
    tests: list[Test] = []
    for condition in conditions:
        right: Any = condition.right
        name, kind = condition.left.name, type(right)
        if condition.operator == "=" and name is not None and types.get(name) is kind and name not in exact:
            exact[name] = right
            continue
        _judge(table, types, condition)
        tests.append(holding(condition, unknown=False))
        if condition.operator == "in" and name is not None:
            choices = {**(choices or {}), name: right}
    return choices, tuple(tests)


def _judge(table: Table, types: dict[str, type], condition: Condition) -> None:
    unknown = [name for name in names_in(condition) if name not in types]
    if unknown:
        raise TypeError(f"{table.name} has no column {', '.join(unknown)}")
    left, right = _kind(types, condition.left), condition.right
    if isinstance(right, tuple) != (condition.operator == "in"):
        raise TypeError(f"`in` compares with several values, and nothing else does: {condition}")
    if right is None and condition.operator not in {"=", "!="}:
        raise TypeError(f"null is equal or not, and nothing else: {condition}")
    for value in right if isinstance(right, tuple) else () if right is None else (right,):
        kind = _kind(types, value) if isinstance(value, Expression) else type(value)
        if kind is not left and {kind, left} != {int, float}:
            raise TypeError(f"{table.name}: {left.__name__} does not compare with {value!r}")


def _kind(types: dict[str, type], expression: Expression) -> type:
    kinds = {types[name] for name, _ in expression.columns}
    if expression.name is None and kinds & {str, bool}:
        raise TypeError(f"only numbers add up: {expression}")
    return float if float in kinds else kinds.pop() if kinds else int
