"""What columns take: types, nulls, lengths. What follows from the types of the values alone is worked out once."""

from collections.abc import Mapping
from typing import Any, Final

from rustok_sim.core.data import Row, Table
from rustok_sim.core.errors import NotNullViolation, ValueTooLong

TYPES: Final[dict[str, type]] = {"text": str, "int": int, "float": float, "bool": bool}
LEAST_INT: Final = -(2**63)
GREATEST_INT: Final = 2**63 - 1


class _Care:
    """What is left to look at in values whose types are right."""

    __slots__ = ("floats", "integers", "missing", "texts")

    def __init__(self) -> None:
        self.texts: list[tuple[str, int]] = []
        self.integers: list[str] = []
        self.floats: list[str] = []
        self.missing: str | None = None


class _Namespace:
    """Copies of an object's namespace share its table of keys (PEP 412): a row takes a third less memory."""


def _blank(names: tuple[str, ...]) -> dict[str, Any]:
    namespace = _Namespace()
    for name in names:
        setattr(namespace, name, None)
    return vars(namespace)


class Columns:
    """The columns of one table, as the judge of values for them."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.types: dict[str, type] = {column.name: TYPES[column.kind] for column in table.columns}
        self._columns = {column.name: column for column in table.columns}
        self._blank = _blank(table.names)
        self._rows: dict[tuple[type, ...], _Care] = {}
        self._changes: dict[tuple[tuple[str, ...], tuple[type, ...]], _Care] = {}

    def row(self, values: Mapping[str, Any]) -> Row:
        """A whole row of *values*; what they leave out is null.

        Raises ``ValueTooLong``, ``NotNullViolation``; ``TypeError``, ``OverflowError`` for what no service may write.
        """
        row = self._blank.copy()
        row.update(values)
        types = tuple(map(type, row.values()))
        care = self._rows.get(types)
        if care is None or len(types) != len(self._blank):
            care = self._rows[types] = self._care(row)
        self._take(care, row)
        return row

    def changed(self, row: Row, values: Mapping[str, Any]) -> Row:
        """*row* with *values* in it. Raises as :meth:`row`."""
        return self.put(row, values, self.care(values))

    def care(self, values: Mapping[str, Any]) -> _Care:
        """What to look at when *values* are put into a row."""
        shape = (tuple(values), tuple(map(type, values.values())))
        care = self._changes.get(shape)
        if care is None:
            care = self._changes[shape] = self._care(values)
        return care

    def put(self, row: Row, values: Mapping[str, Any], care: _Care) -> Row:
        """As :meth:`changed`, with the *care* that these values need: the same for many rows."""
        new: dict[str, Any] = row.copy()
        new.update(values)
        self._take(care, new)
        return new

    def _take(self, care: _Care, row: dict[str, Any]) -> None:
        for name, length in care.texts:
            if len(row[name]) > length:
                raise ValueTooLong(self.table.name, name)
        for name in care.integers:
            if not LEAST_INT <= row[name] <= GREATEST_INT:
                raise OverflowError(f"{self.table.name}.{name} takes 64 bits, not {row[name]}")
        for name in care.floats:
            row[name] = float(row[name])
        if care.missing is not None:
            raise NotNullViolation(self.table.name, care.missing)

    def _care(self, values: Mapping[str, Any]) -> _Care:
        care = _Care()
        for name, value in values.items():
            if name not in self._columns:
                raise TypeError(f"{self.table.name} has no column {name}")
            self._judge(name, value, care)
        return care

    def _judge(self, name: str, value: Any, care: _Care) -> None:
        column, wanted = self._columns[name], self.types[name]
        if value is None:
            if not column.optional or name in self.table.key:
                care.missing = care.missing or name
        elif type(value) is wanted:
            if column.length is not None:
                care.texts.append((name, column.length))
            elif wanted is int:
                care.integers.append(name)
        elif wanted is float and type(value) is int:
            care.floats.append(name)
        else:
            raise TypeError(f"{self.table.name}.{name} takes {wanted.__name__}, not {value!r}")
