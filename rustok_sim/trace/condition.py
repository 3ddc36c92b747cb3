"""The condition of ``--where``: a few columns, comparisons and literals, made into SQL with parameters."""

import ast
import re
from typing import Final, NamedTuple

from rustok_sim.core.errors import RustokSimError

COLUMNS: Final = {
    "latency_s": float,
    "begin_s": float,
    "end_s": float,
    "load": str,
    "tenant": str,
    "node": str,
    "outcome": str,
    "status": float,
    "error": str,
    "attempts": float,
    "correlation": float,
}
"""What may be asked about a request, and what it is compared with: a number or a text."""
SIGNS: Final[dict[type[ast.cmpop], str]] = {
    ast.Eq: "=",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
ALLOWED: Final = (
    f"allowed are comparisons (== != < <= > >=) of {', '.join(COLUMNS)} with a number or a 'text', "
    "joined by and, or, not and parentheses"
)


class ConditionError(RustokSimError, ValueError):
    """The condition is not one. The user's to fix."""


class Condition(NamedTuple):
    """A condition in SQL, and the values of its parameters."""

    sql: str
    parameters: dict[str, object]


def read_condition(text: str | None) -> Condition:
    """*text* as SQL over the columns; no text is always true. Raises ``ConditionError`` that names the column.

    Nothing of *text* goes into the SQL but names from the list: values become parameters.
    """
    if text is None:
        return Condition("true", {})
    # A single sign of equality, as in SQL, means the same; quoted text stays as it is.
    parts = re.split(r"('[^']*'|\"[^\"]*\")", text)
    spelled = "".join(part if i % 2 else re.sub(r"(?<![<>=!])=(?!=)", "==", part) for i, part in enumerate(parts))
    try:
        tree = ast.parse(spelled.strip(), mode="eval")
    except (SyntaxError, ValueError) as error:
        raise ConditionError(
            f"--where:1:{getattr(error, 'offset', 1) or 1}: {text!r} cannot be read, {ALLOWED}"
        ) from None
    parameters: dict[str, object] = {}
    return Condition(_sql(tree.body, parameters), parameters)


def _sql(node: ast.expr, parameters: dict[str, object]) -> str:
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            return "(" + " and ".join(_sql(value, parameters) for value in values) + ")"
        case ast.BoolOp(op=ast.Or(), values=values):
            return "(" + " or ".join(_sql(value, parameters) for value in values) + ")"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return f"(not {_sql(operand, parameters)})"
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            sides = [left, *comparators]
            pairs = zip(sides, ops, sides[1:], strict=False)
            return "(" + " and ".join(_comparison(a, op, b, parameters) for a, op, b in pairs) + ")"
    raise _refused(node, "is no comparison")


def _comparison(left: ast.expr, op: ast.cmpop, right: ast.expr, parameters: dict[str, object]) -> str:
    sign = SIGNS.get(type(op))
    if sign is None:
        raise _refused(left, "is compared in a way that is not known")
    names = [side.id for side in (left, right) if isinstance(side, ast.Name)]
    if len(names) != 1:
        raise _refused(left, "must be one column and one value")
    [wanted] = (COLUMNS.get(name) for name in names)
    return f"{_side(left, wanted, parameters)} {sign} {_side(right, wanted, parameters)}"


def _side(node: ast.expr, wanted: type | None, parameters: dict[str, object]) -> str:
    match node:
        case ast.Name(id=name):
            if name not in COLUMNS:
                raise _refused(node, f"{name!r} is no column")
            return name
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            value: object = -number
        case ast.Constant(value=value):
            pass
        case _:
            raise _refused(node, "is neither a column nor a value")
    if isinstance(value, bool) or not isinstance(value, (int, float) if wanted is float else str):
        raise _refused(node, f"{value!r} must be a {'number' if wanted is float else 'text'}")
    name = f"where_{len(parameters)}"
    parameters[name] = value
    return f"${name}"


def _refused(node: ast.expr, problem: str) -> ConditionError:
    return ConditionError(f"--where:1:{node.col_offset + 1}: {problem}, {ALLOWED}")
