"""What a column takes: the types, the nulls, the length of texts."""

from collections.abc import Mapping
from typing import Any, Final, cast

from rustok_sim.core.data import Column, Row, Table, Value
from rustok_sim.core.errors import NotNullViolation, ValueTooLong

TYPES: Final[dict[str, type]] = {"text": str, "int": int, "float": float, "bool": bool}
LEAST_INT: Final = -(2**63)
GREATEST_INT: Final = 2**63 - 1


def checked(table: Table, column: Column, value: Any) -> Value:
    """*value* as the column keeps it. Raises ``NotNullViolation``, ``ValueTooLong``; ``TypeError`` for a wrong type."""
    if value is None:
        if column.optional:
            return None
        raise NotNullViolation(table.name, column.name)
    wanted: Any = TYPES[column.kind]
    if type(value) is not wanted:
        if wanted is float and type(value) is int:
            return float(value)
        raise TypeError(f"{table.name}.{column.name} takes {wanted.__name__}, not {value!r}")
    if column.length is not None and len(value) > column.length:
        raise ValueTooLong(table.name, column.name)
    if wanted is int and not LEAST_INT <= value <= GREATEST_INT:
        raise OverflowError(f"{table.name}.{column.name} takes 64 bits, not {value}")
    return cast(Value, value)


def known(table: Table, names: Mapping[str, Any]) -> None:
    """Nothing, or ``TypeError`` for a name that is no column of *table*."""
    unknown = [name for name in names if name not in table.names]
    if unknown:
        raise TypeError(f"{table.name} has no column {', '.join(unknown)}")


def whole_row(table: Table, row: Mapping[str, Value]) -> Row:
    """*row* with every column of the table, in the table's order; what it leaves out is null."""
    known(table, row)
    return {column.name: checked(table, column, row.get(column.name)) for column in table.columns}
