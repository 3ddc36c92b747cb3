"""The store: where services read and write, and the only place where the tenant's scope is laid on statements."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Final, Literal, Self

from rustok_sim.core.data.ports import Database, Isolation, Session
from rustok_sim.core.data.schema import Table
from rustok_sim.core.data.statements import (
    Delete,
    Insert,
    Operand,
    Result,
    Row,
    Same,
    Select,
    Statement,
    Update,
    Upsert,
    Value,
    Where,
)
from rustok_sim.core.ports import Call, Steps

EVERYONE: Final = "*"


class Scope:
    """Lays one tenant's scope on a statement: reads and writes reach its own rows only, new rows become its own."""

    __slots__ = ("_mine", "_tenant_id")

    def __init__(self, tenant_id: str) -> None:
        self._tenant_id = tenant_id
        self._mine: dict[str, Same] = {}

    def where(self, table: Table, where: Where) -> Where:
        """*where*, of the tenant's own rows."""
        owner = table.owner
        if owner is None or self._tenant_id == EVERYONE:
            return where
        mine = self._mine.get(owner)
        if mine is None:
            mine = self._mine[owner] = Same({owner: self._tenant_id})
        return (mine, *where)

    def row(self, table: Table, row: Mapping[str, Value]) -> Mapping[str, Value]:
        """*row*, as the tenant's own. Raises ``ValueError`` for one of another tenant."""
        owner = table.owner
        if owner is None or self._tenant_id == EVERYONE:
            return row
        self._own(owner, row)
        return {**row, owner: self._tenant_id}

    def changes(self, table: Table, changes: Mapping[str, Operand]) -> Mapping[str, Operand]:
        """*changes*. Raises ``ValueError`` if they give a row to another tenant."""
        if table.owner is not None and self._tenant_id != EVERYONE:
            self._own(table.owner, changes)
        return changes

    def on(self, statement: Statement) -> Statement:
        """The statement within the scope. Raises ``ValueError`` for a row or a change that names another tenant."""
        table = statement.table
        if isinstance(statement, Insert):
            return replace(statement, row=self.row(table, statement.row))
        if isinstance(statement, Upsert):
            return replace(statement, rows=[self.row(table, row) for row in statement.rows])
        where = self.where(table, statement.where)
        if isinstance(statement, Update):
            return replace(statement, changes=self.changes(table, statement.changes), where=where)
        return replace(statement, where=where)

    def _own(self, owner: str, values: Mapping[str, Operand]) -> None:
        if values.get(owner, self._tenant_id) != self._tenant_id:
            raise ValueError(f"a row of tenant {values[owner]} within the scope of {self._tenant_id}")


class Transaction:
    """One transaction within one tenant's scope; for ``with``, which rolls back what was not committed."""

    __slots__ = ("_after_commit", "_scope", "_session")

    def __init__(self, session: Session, scope: Scope) -> None:
        self._session = session
        self._scope = scope
        self._after_commit: list[Callable[[], None]] = []

    def __enter__(self) -> Self:
        self._session.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.__exit__(kind, error, trace)

    def select(
        self,
        table: Table,
        where: Where = (),
        *,
        order_by: tuple[str, ...] = (),
        limit: int | None = None,
        offset: int = 0,
        lock: Literal["share", "update"] | None = None,
        skip_locked: bool = False,
        label: str = "",
    ) -> Steps[list[Row]]:
        """The rows for which all conditions hold."""
        where = self._scope.where(table, where)
        query = Select(table, where, order_by, limit, offset, lock, skip_locked, label=label)
        return (yield from self._session.run(query)).rows

    def first(
        self, table: Table, where: Where, *, lock: Literal["share", "update"] | None = None, label: str = ""
    ) -> Steps[Row | None]:
        """The first such row by primary key, if there is one."""
        query = Select(table, self._scope.where(table, where), (), 1, 0, lock, label=label)
        rows = (yield from self._session.run(query)).rows
        return rows[0] if rows else None

    def count(self, table: Table, where: Where = (), *, label: str = "") -> Steps[int]:
        """How many such rows there are."""
        query = Select(table, self._scope.where(table, where), counting=True, label=label)
        return (yield from self._session.run(query)).count

    def insert(self, table: Table, row: Mapping[str, Value], *, or_skip: bool = False, label: str = "") -> Steps[bool]:
        """Write a new row; false if *or_skip* and a unique rule stood against it."""
        statement = Insert(table, self._scope.row(table, row), or_skip, label)
        return (yield from self._session.run(statement)).count == 1

    def upsert(
        self,
        table: Table,
        rows: Sequence[Mapping[str, Value]],
        key: tuple[str, ...],
        changes: tuple[str, ...] = (),
        *,
        label: str = "",
    ) -> Steps[int]:
        """Write many rows in one statement, or change those of the same *key*; how many were written or changed."""
        scoped = [self._scope.row(table, row) for row in rows]
        return (yield from self._session.run(Upsert(table, scoped, key, changes, label))).count

    def update(self, table: Table, changes: Mapping[str, Operand], where: Where, *, label: str = "") -> Steps[int]:
        """Change the rows for which all conditions hold; how many that were."""
        statement = self._update(table, changes, where, label)
        return (yield from self._session.run(statement)).count

    def update_returning(
        self, table: Table, changes: Mapping[str, Operand], where: Where, *, label: str = ""
    ) -> Steps[list[Row]]:
        """As :meth:`update`; the rows as written, in the same round trip."""
        statement = self._update(table, changes, where, label, returning=True)
        return (yield from self._session.run(statement)).rows

    def delete(self, table: Table, where: Where, *, label: str = "") -> Steps[int]:
        """Remove the rows for which all conditions hold, and what hangs on them; how many there were of *table*."""
        statement = Delete(table, self._scope.where(table, where), label)
        return (yield from self._session.run(statement)).count

    def _update(
        self, table: Table, changes: Mapping[str, Operand], where: Where, label: str, *, returning: bool = False
    ) -> Update:
        scope = self._scope
        return Update(table, scope.changes(table, changes), scope.where(table, where), returning, label)

    def across_tenants(self, defect: str) -> "Transaction":
        """The same transaction without any scope: RusToK forgets it here, as numbered *defect* says."""
        wide = Transaction(self._session, Scope(EVERYONE))
        wide._after_commit = self._after_commit
        return wide

    def after_commit(self, action: Callable[[], None]) -> None:
        """Do *action* when the commit is done at the database: to record what changed, heard of or not."""
        self._after_commit.append(action)

    def commit(self) -> Steps[None]:
        """Make it last. Raises ``DatabaseError``."""
        return self._session.commit(self._committed if self._after_commit else None)

    def _committed(self) -> None:
        for action in self._after_commit:
            action()


class Store:
    """The database as services see it: transactions and single reads, each within the scope of one tenant."""

    __slots__ = ("_database", "isolation")

    def __init__(self, database: Database, *, isolation: Isolation = "read_committed") -> None:
        self._database = database
        self.isolation = isolation

    def transaction(self, call: Call, tenant_id: str, *, isolation: Isolation | None = None) -> Steps[Transaction]:
        """Begin a transaction for ``with``. Raises ``DatabaseError``."""
        session = yield from self._database.begin(call, isolation or self.isolation)
        return Transaction(session, Scope(tenant_id))

    def across_tenants(self, call: Call, defect: str) -> Steps[Transaction]:
        """As :meth:`transaction`, without any scope: RusToK forgets it here, as numbered *defect* says."""
        session = yield from self._database.begin(call, self.isolation)
        return Transaction(session, Scope(EVERYONE))

    def select(
        self,
        call: Call,
        tenant_id: str,
        table: Table,
        where: Where = (),
        *,
        order_by: tuple[str, ...] = (),
        limit: int | None = None,
        offset: int = 0,
        label: str = "",
    ) -> Steps[list[Row]]:
        """The rows for which all conditions hold, read outside any transaction."""
        where = Scope(tenant_id).where(table, where)
        query = Select(table, where, order_by, limit, offset, label=label)
        return (yield from self._database.run(call, query)).rows

    def first(self, call: Call, tenant_id: str, table: Table, where: Where, *, label: str = "") -> Steps[Row | None]:
        """The first such row by primary key, read outside any transaction."""
        query = Select(table, Scope(tenant_id).where(table, where), (), 1, label=label)
        rows = (yield from self._database.run(call, query)).rows
        return rows[0] if rows else None

    def select_across_tenants(
        self, call: Call, table: Table, where: Where, *, defect: str, limit: int | None = None, label: str = ""
    ) -> Steps[list[Row]]:
        """Rows of any tenant: RusToK forgets the scope here, as numbered *defect* says."""
        query = Select(table, where, limit=limit, label=label)
        return (yield from self._database.run(call, query)).rows

    def run(
        self, call: Call, tenant_id: str, statement: Statement, then: Callable[[Result], None] | None = None
    ) -> Steps[Result]:
        """Any one statement within the scope, as a transaction of its own.

        *then* is called at the database when it is done, whether or not the caller ever hears of it.
        """
        return self._database.run(call, Scope(tenant_id).on(statement), then)
