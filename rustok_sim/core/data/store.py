"""The store: where services read and write, and the only place where the tenant's scope is laid on statements."""

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Final, Literal, Self

from rustok_sim.core.data.ports import Database, Isolation, Session
from rustok_sim.core.data.schema import Table
from rustok_sim.core.data.statements import (
    Condition,
    Delete,
    Insert,
    Operand,
    Result,
    Row,
    Select,
    Statement,
    Update,
    Value,
    Where,
    col,
)
from rustok_sim.core.ports import Call, Steps

EVERYONE: Final = "*"


class Scope:
    """Lays one tenant's scope on a statement: reads and writes reach its own rows only, new rows become its own."""

    __slots__ = ("_mine", "_tenant_id")

    def __init__(self, tenant_id: str) -> None:
        self._tenant_id = tenant_id
        self._mine: dict[str, Condition] = {}

    def on(self, statement: Statement) -> Statement:
        """The statement within the scope. Raises ``ValueError`` for a row or a change that names another tenant."""
        owner = statement.table.owner
        tenant_id = self._tenant_id
        if owner is None or tenant_id == EVERYONE:
            return statement
        # Made anew rather than by ``replace``, which takes as long as the statement itself in memory.
        if isinstance(statement, Insert):
            row = statement.row
            self._own(owner, row)
            return Insert(statement.table, {**row, owner: tenant_id}, statement.or_skip, statement.label)
        mine = self._mine.get(owner)
        if mine is None:
            mine = self._mine[owner] = col(owner).equals(tenant_id)
        where = (mine, *statement.where)
        if isinstance(statement, Select):
            return Select(
                statement.table,
                where,
                statement.order_by,
                statement.limit,
                statement.offset,
                statement.lock,
                statement.skip_locked,
                statement.counting,
                statement.label,
            )
        if isinstance(statement, Update):
            self._own(owner, statement.changes)
            return Update(statement.table, statement.changes, where, statement.returning, statement.label)
        return Delete(statement.table, where, statement.label)

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

    def _run(self, statement: Statement) -> Steps[Result]:
        return self._session.run(self._scope.on(statement))

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
        query = Select(table, where, order_by, limit, offset, lock, skip_locked, label=label)
        return (yield from self._run(query)).rows

    def first(
        self, table: Table, where: Where, *, lock: Literal["share", "update"] | None = None, label: str = ""
    ) -> Steps[Row | None]:
        """The first such row by primary key, if there is one."""
        rows = (yield from self._run(Select(table, where, limit=1, lock=lock, label=label))).rows
        return rows[0] if rows else None

    def count(self, table: Table, where: Where = (), *, label: str = "") -> Steps[int]:
        """How many such rows there are."""
        return (yield from self._run(Select(table, where, counting=True, label=label))).count

    def insert(self, table: Table, row: Mapping[str, Value], *, or_skip: bool = False, label: str = "") -> Steps[bool]:
        """Write a new row; false if *or_skip* and a unique rule stood against it."""
        return (yield from self._run(Insert(table, row, or_skip, label))).count == 1

    def update(self, table: Table, changes: Mapping[str, Operand], where: Where, *, label: str = "") -> Steps[int]:
        """Change the rows for which all conditions hold; how many that were."""
        return (yield from self._run(Update(table, changes, where, label=label))).count

    def update_returning(
        self, table: Table, changes: Mapping[str, Operand], where: Where, *, label: str = ""
    ) -> Steps[list[Row]]:
        """As :meth:`update`; the rows as written, in the same round trip."""
        return (yield from self._run(Update(table, changes, where, returning=True, label=label))).rows

    def delete(self, table: Table, where: Where, *, label: str = "") -> Steps[int]:
        """Remove the rows for which all conditions hold, and what hangs on them; how many there were of *table*."""
        return (yield from self._run(Delete(table, where, label))).count

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
        query = Scope(tenant_id).on(Select(table, where, order_by, limit, offset, label=label))
        return (yield from self._database.run(call, query)).rows

    def first(self, call: Call, tenant_id: str, table: Table, where: Where, *, label: str = "") -> Steps[Row | None]:
        """The first such row by primary key, read outside any transaction."""
        query = Scope(tenant_id).on(Select(table, where, limit=1, label=label))
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
