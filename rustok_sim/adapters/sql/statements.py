"""Statements of the domain core as SQLAlchemy's, made once for each shape."""

from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from rustok_sim.adapters.sql.conditions import VALUE_TYPES, expression, pattern, where_clause
from rustok_sim.adapters.sql.tables import Schema
from rustok_sim.core.data import (
    Delete,
    Expression,
    Insert,
    Operand,
    Select,
    Statement,
    Table,
    Update,
    Upsert,
    Value,
    Where,
    conditions_of,
)

Parameters: TypeAlias = dict[str, Any]
INSERT: Final[dict[str, Callable[[sa.Table], postgresql.Insert | sqlite.Insert]]] = {
    "postgresql": postgresql.insert,
    "sqlite": sqlite.insert,
}


class Parameter:
    """Makes the parameters p0, p1, ... of a statement, in the order in which :class:`Shape` collects their values."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self, value: object) -> sa.BindParameter[Any]:
        """The parameter that stands for *value*."""
        name = f"p{self._count}"
        self._count += 1
        if isinstance(value, tuple):
            kind = VALUE_TYPES[type(value[0])] if value else None
            return sa.bindparam(name, expanding=True, type_=kind)
        return sa.bindparam(name, type_=VALUE_TYPES[type(value)])


class Shape:
    """What two statements have in common that differ in their values only, and those values by parameter."""

    def __init__(self) -> None:
        self.parameters: Parameters = {}

    def add(self, value: object) -> object:
        """One more value; gives what of it is part of the shape."""
        self.parameters[f"p{len(self.parameters)}"] = value
        if isinstance(value, tuple):
            return (tuple, type(value[0])) if value else tuple
        return type(value)

    def of_expression(self, wanted: Expression) -> object:
        """The shape of a sum."""
        if wanted.constant or not wanted.columns:
            return wanted.columns, self.add(wanted.constant)
        return wanted.columns

    def of_operand(self, operand: Operand | tuple[Value, ...]) -> object:
        """The shape of one side of a comparison or of a change."""
        if isinstance(operand, Expression):
            return self.of_expression(operand)
        return None if operand is None else self.add(operand)

    def of_conditions(self, where: Where) -> object:
        """The shape of all of them, in order."""
        return tuple(
            (
                self.of_expression(one.left),
                one.operator,
                self.of_operand(pattern(one.right) if one.operator == "contains" else one.right),
            )
            for one in conditions_of(where)
        )


@lru_cache(maxsize=64)
def statements_for(tables: tuple[Table, ...], dialect: str) -> "Statements":
    """The same object for the same tables: making SQLAlchemy's takes longer than creating them in a database."""
    return Statements(Schema(tables, dialect), dialect)


class Statements:
    """Compiles for one schema on one dialect."""

    def __init__(self, schema: Schema, dialect: str) -> None:
        self.schema = schema
        self._insert = INSERT[dialect]
        self._made: dict[Hashable, sa.Executable] = {}

    def compile(self, statement: Statement) -> tuple[sa.Executable, Parameters]:
        """SQLAlchemy's statement, and the values of its parameters."""
        shape = Shape()
        key = (type(statement), statement.table.name, _shape_of(statement, shape))
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._make(statement)
        return made, shape.parameters

    def _make(self, statement: Statement) -> sa.Executable:
        table = self.schema.made[statement.table.name]
        bind = Parameter()
        match statement:
            case Select():
                return _select(table, statement, bind)
            case Insert():
                insert = self._insert(table).values(_new(statement.table, statement.row, bind))
                return insert.on_conflict_do_nothing() if statement.or_skip else insert
            case Upsert():
                rows = [_new(statement.table, row, bind) for row in statement.rows]
                return _or_change(self._insert(table).values(rows), table, statement)
            case Update():
                changes = {name: _operand(table, operand, bind) for name, operand in statement.changes.items()}
                update = sa.update(table).where(where_clause(table, statement.where, bind)).values(changes)
                return update.returning(*table.c) if statement.returning else update
            case Delete():
                return sa.delete(table).where(where_clause(table, statement.where, bind))


def _shape_of(statement: Statement, shape: Shape) -> object:
    match statement:
        case Select():
            rest = (statement.order_by, statement.lock, statement.skip_locked, statement.counting)
            where = shape.of_conditions(statement.where)
            limit = None if statement.limit is None else shape.add(statement.limit)
            return where, limit, shape.add(statement.offset) if statement.offset else None, rest
        case Insert():
            return _shape_of_changes(statement.row, shape), statement.or_skip
        case Upsert():
            rows = tuple(_shape_of_changes(row, shape) for row in statement.rows)
            return rows, statement.key, statement.changes
        case Update():
            changes = _shape_of_changes(statement.changes, shape)
            return changes, shape.of_conditions(statement.where), statement.returning
        case Delete():
            return shape.of_conditions(statement.where)


def _shape_of_changes(changes: Mapping[str, Operand], shape: Shape) -> object:
    return tuple((name, shape.of_operand(operand)) for name, operand in changes.items())


def _new(table: Table, row: Mapping[str, Value], bind: Parameter) -> dict[str, sa.ColumnElement[Any]]:
    # SQLAlchemy would fill in a missing key, or warn that it cannot; here it is null, and refused.
    return dict.fromkeys(table.key, sa.null()) | {name: _value(value, bind) for name, value in row.items()}


def _or_change(insert: postgresql.Insert | sqlite.Insert, table: sa.Table, statement: Upsert) -> sa.Executable:
    if not statement.changes:
        return insert.on_conflict_do_nothing(index_elements=statement.key)
    owner = statement.table.owner
    return insert.on_conflict_do_update(
        index_elements=statement.key,
        set_={name: insert.excluded[name] for name in statement.changes},
        where=None if owner is None else table.c[owner] == insert.excluded[owner],
    )


def _value(value: Value, bind: Parameter) -> sa.ColumnElement[Any]:
    return sa.null() if value is None else bind(value)


def _operand(table: sa.Table, operand: Operand, bind: Parameter) -> sa.ColumnElement[Any]:
    return expression(table, operand, bind) if isinstance(operand, Expression) else _value(operand, bind)


def _select(table: sa.Table, statement: Select, bind: Parameter) -> sa.Executable:
    counting = statement.counting and statement.limit is None and not statement.offset and statement.lock is None
    query = sa.select(sa.func.count()).select_from(table) if counting else sa.select(*table.c)
    query = query.where(where_clause(table, statement.where, bind))
    if not counting:
        query = query.order_by(*_order(table, statement))
    if statement.limit is not None:
        query = query.limit(bind(statement.limit))
    if statement.offset:
        query = query.offset(bind(statement.offset))
    if statement.lock is not None:
        query = query.with_for_update(read=statement.lock == "share", skip_locked=statement.skip_locked)
    return query


def _order(table: sa.Table, statement: Select) -> list[sa.ColumnElement[Any]]:
    # The primary key breaks ties, so that every database gives the same rows in the same order.
    wanted = [*statement.order_by, *(column.name for column in table.primary_key)]
    return [
        table.c[name[1:]].desc().nulls_first() if name.startswith("-") else table.c[name].asc().nulls_last()
        for name in wanted
    ]
