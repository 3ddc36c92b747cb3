"""Conditions and expressions of the domain core as SQLAlchemy's."""

import operator
from collections.abc import Callable, Iterable
from string import ascii_lowercase, ascii_uppercase
from typing import Any, Final, TypeAlias

import sqlalchemy as sa

from rustok_sim.core.data import Condition, Expression, Where, conditions_of

Bind: TypeAlias = Callable[[object], sa.BindParameter[Any]]
"""How a value comes into a statement: written out, or as a parameter."""

VALUE_TYPES: Final[dict[type, sa.types.TypeEngine[Any]]] = {
    bool: sa.Boolean(),
    int: sa.BigInteger(),
    float: sa.Double(),
    str: sa.Text(),
}
COMPARE: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
PLAIN: Final = str.maketrans(
    {**dict(zip(ascii_uppercase, ascii_lowercase, strict=True)), "%": "/%", "_": "/_", "/": "//"}
)


def literally(value: object) -> sa.BindParameter[Any]:
    """Write *value* out, for the text of a table's check."""
    if isinstance(value, tuple):
        return sa.bindparam(None, list(value), type_=VALUE_TYPES[type(value[0])], expanding=True, unique=True)
    return sa.literal(value, VALUE_TYPES[type(value)])


def where_clause(table: sa.FromClause, where: Where, bind: Bind) -> sa.ColumnElement[bool]:
    """All of *where* together."""
    return sa.and_(sa.true(), *(_condition(table, condition, bind) for condition in conditions_of(where)))


def expression(table: sa.FromClause, wanted: Expression, bind: Bind) -> sa.ColumnElement[Any]:
    """The sum that *wanted* describes."""
    terms: Iterable[sa.ColumnElement[Any]] = (
        table.c[name] if times == 1 else table.c[name] * sa.literal(times, sa.BigInteger())
        for name, times in wanted.columns
    )
    total: sa.ColumnElement[Any] | None = None
    for term in terms:
        total = term if total is None else total + term
    if wanted.constant or total is None:
        constant = bind(wanted.constant)
        total = constant if total is None else total + constant
    return total


def _condition(table: sa.FromClause, condition: Condition, bind: Bind) -> sa.ColumnElement[Any]:
    left, right = expression(table, condition.left, bind), condition.right
    if right is None:
        return left.is_(None) if condition.operator == "=" else left.is_not(None)
    if isinstance(right, tuple):
        return left.in_(bind(right))
    if condition.operator == "contains":
        return sa.func.lower(left).like(bind(pattern(right)), escape="/")
    other = expression(table, right, bind) if isinstance(right, Expression) else bind(right)
    if condition.operator == "null or <=":
        return sa.or_(left.is_(None), left <= other)
    return COMPARE[condition.operator](left, other)  # type: ignore[no-any-return]


def pattern(part: object) -> str:
    """What ``like`` looks for, with the case of ASCII letters gone, as ``lower`` takes it away in both databases."""
    return f"%{str(part).translate(PLAIN)}%"
