"""The rows of one table and the rules on them."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from rustok_sim.adapters.memory.columns import checked, known, whole_row
from rustok_sim.adapters.memory.conditions import all_of, holding, value_of
from rustok_sim.core.data import Delete, Insert, Result, Row, Select, Table, Update, Value, Where
from rustok_sim.core.errors import CheckViolation, ForeignKeyViolation, UniqueViolation

Undo: TypeAlias = list[Callable[[], object]]


class Rows:
    """One version of each row, by primary key."""

    def __init__(self, table: Table, others: dict[str, "Rows"]) -> None:
        self.table = table
        self._others = others
        self._rows: dict[tuple[Value, ...], Row] = {}
        self._found: dict[tuple[str, ...], dict[tuple[Value, ...], tuple[Value, ...]]] = {
            columns: {} for columns in table.unique
        }
        self._checks = [
            (check.name, [holding(condition, unknown=True) for condition in check.conditions]) for check in table.checks
        ]

    def _key(self, row: Row) -> tuple[Value, ...]:
        return tuple(row[name] for name in self.table.key)

    def lacks(self, key: tuple[Value, ...]) -> bool:
        """Whether there is no row of this primary key."""
        return key not in self._rows

    def matching(self, where: Where) -> list[Row]:
        """The rows for which all conditions hold, by primary key."""
        exact = {
            condition.left.columns[0][0]: condition.right
            for condition in where
            if condition.operator == "=" and len(condition.left.columns) == 1 and not condition.left.constant
        }
        holds = all_of(where)
        if all(name in exact for name in self.table.key):
            row = self._rows.get(tuple(exact[name] for name in self.table.key))  # type: ignore[misc]  # looked up only
            return [row] if row is not None and holds(row) else []
        return sorted(filter(holds, self._rows.values()), key=self._key)

    def select(self, query: Select) -> Result:
        """Read or count."""
        rows = self.matching(query.where)
        for name in reversed(query.order_by):
            column, down = name.lstrip("-"), name.startswith("-")
            rows.sort(key=lambda row, column=column: _rank(row[column]), reverse=down)  # type: ignore[misc]  # mypy: lambda
        if query.counting:
            return Result(len(rows))
        end = None if query.limit is None else query.offset + query.limit
        rows = [dict(row) for row in rows[query.offset : end]]
        return Result(len(rows), rows)

    def insert_statement(self, statement: Insert, undo: Undo) -> Result:
        """Write a row, or none with ``or_skip``."""
        try:
            self.insert(statement.row, undo)
        except UniqueViolation:
            if statement.or_skip:
                return Result(0)
            raise
        return Result(1)

    def insert(self, values: Mapping[str, Value], undo: Undo) -> None:
        """Write a row. Raises ``ConstraintViolation``."""
        row = whole_row(self.table, values)
        self._check(row)
        if self._key(row) in self._rows:
            raise UniqueViolation(self.table.name, ",".join(self.table.key))
        self._unique(row, None)
        self._put(row, undo)
        self._parents(row)

    def update(self, statement: Update, undo: Undo) -> Result:
        """Change rows. Raises ``ConstraintViolation``."""
        known(self.table, statement.changes)
        columns = [column for column in self.table.columns if column.name in statement.changes]
        written = []
        for old in self.matching(statement.where):
            new = dict(old)
            for column in columns:
                new[column.name] = checked(self.table, column, value_of(statement.changes[column.name], old))
            self._check(new)
            if self._key(new) != self._key(old):
                if self._key(new) in self._rows:
                    raise UniqueViolation(self.table.name, ",".join(self.table.key))
                self._children(old, "refuse", undo)
            self._unique(new, old)
            self._take(old, undo)
            self._put(new, undo)
            self._parents(new)
            written.append(new)
        return Result(len(written), [dict(row) for row in written] if statement.returning else [])

    def delete(self, statement: Delete, undo: Undo) -> Result:
        """Remove rows and what hangs on them. Raises ``ForeignKeyViolation``."""
        rows = self.matching(statement.where)
        for row in rows:
            self._take(row, undo)
        for row in rows:
            self._children(row, None, undo)
        return Result(len(rows))

    def _put(self, row: Row, undo: Undo) -> None:
        self._set(row)
        undo.append(lambda: self._unset(row))

    def _take(self, row: Row, undo: Undo) -> None:
        self._unset(row)
        undo.append(lambda: self._set(row))

    def _set(self, row: Row) -> None:
        self._rows[self._key(row)] = row
        for columns, found in self._found.items():
            found[tuple(row[name] for name in columns)] = self._key(row)

    def _unset(self, row: Row) -> None:
        self._rows.pop(self._key(row), None)
        for columns, found in self._found.items():
            found.pop(tuple(row[name] for name in columns), None)

    def _check(self, row: Row) -> None:
        for name, tests in self._checks:
            if not all(test(row) for test in tests):
                raise CheckViolation(self.table.name, name)

    def _unique(self, row: Row, old: Row | None) -> None:
        for columns, found in self._found.items():
            values = tuple(row[name] for name in columns)
            key = found.get(values)
            if key is not None and None not in values and (old is None or key != self._key(old)):
                raise UniqueViolation(self.table.name, ",".join(columns))

    def _parents(self, row: Row) -> None:
        for reference in self.table.references:
            values = tuple(row[name] for name in reference.columns)
            if None not in values and self._others[reference.table].lacks(values):
                raise ForeignKeyViolation(self.table.name, ",".join(reference.columns))

    def _children(self, row: Row, on_delete: str | None, undo: Undo) -> None:
        key = self._key(row)
        for rows in self._others.values():
            for reference in rows.table.references:
                if reference.table == self.table.name:
                    where = [child for child in rows.matching(()) if _named(child, reference.columns) == key]
                    rows.orphan(where, reference.columns, on_delete or reference.on_delete, undo)

    def orphan(self, rows: list[Row], columns: tuple[str, ...], on_delete: str, undo: Undo) -> None:
        """Do with children whose parent goes as the reference says."""
        if rows and on_delete == "refuse":
            raise ForeignKeyViolation(self.table.name, ",".join(columns))
        for row in rows:
            self._take(row, undo)
            if on_delete == "set_null":
                new = row | dict.fromkeys(columns)
                self._put(whole_row(self.table, new), undo)
            else:
                self._children(row, None, undo)


def _named(row: Row, columns: tuple[str, ...]) -> tuple[Value, ...]:
    return tuple(row[name] for name in columns)


def _rank(value: Value) -> tuple[bool, Any]:
    return (value is None, value)
