"""The database in memory: a table of tenants, and the connections through which a node reaches it."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from rustok_sim.adapters.outcomes import Outcomes, Recorded
from rustok_sim.adapters.ports import Pool
from rustok_sim.core.errors import (
    ConnectionLost,
    ConnectionRefused,
    DatabaseError,
    NoConnection,
    ServerFault,
    TimedOut,
    WireError,
)
from rustok_sim.core.ports import Call, Runtime, Steps, T, Wire
from rustok_sim.modules.tenants import Identifier, Tenant

OUTCOMES: Final[Outcomes] = {ConnectionLost: "error", ServerFault: "error", NoConnection: "no_connection"}
FIRST_DELAY_S: Final = 0.01


class TenantTable:
    """The rows of ``tenants``, found by id, slug or exact domain. One object stands for the table of all nodes."""

    def __init__(self, rows: Iterable[Tenant]) -> None:
        self._rows: dict[str, Tenant] = {}
        self._ids: dict[Identifier, str] = {}
        for row in rows:
            self._put(row)

    def find(self, identifier: Identifier) -> Tenant | None:
        """The row of this name."""
        tenant_id = self._ids.get(identifier)
        return None if tenant_id is None else self._rows[tenant_id]

    def update(self, tenant_id: str, change: Callable[[Tenant], Tenant]) -> Tenant | None:
        """Write what *change* makes of the row as its next version; the id stays."""
        row = self._rows.get(tenant_id)
        if row is None:
            return None
        for identifier in _names_of(row):
            del self._ids[identifier]
        return self._put(replace(change(row), id=tenant_id, version=row.version + 1))

    def _put(self, row: Tenant) -> Tenant:
        self._rows[row.id] = row
        for identifier in _names_of(row):
            if identifier in self._ids:
                raise ValueError(f"two tenants of {identifier.kind} {identifier.value}")
            self._ids[identifier] = row.id
        return row


def _names_of(row: Tenant) -> list[Identifier]:
    names = [Identifier("uuid", row.id), Identifier("slug", row.slug)]
    return names if row.domain is None else [*names, Identifier("host", row.domain)]


class Database:
    """One node's connections to the database, as sqlx keeps them: opened when first needed, used in turn.

    A statement holds a place in the pool from its first attempt to connect to its answer. A refused connection
    attempt is repeated after 10 ms, then twice that and so on, until the acquire timeout has passed since the
    place was asked for. A session is known to be lost only when a statement fails on it.
    """

    def __init__(self, runtime: Runtime, pool: Pool, wire: Wire, *, acquire_timeout_s: float) -> None:
        self._runtime = runtime
        self._pool = pool
        self._wire = wire
        self._acquire_timeout_s = acquire_timeout_s
        self._idle: deque[int] = deque()

    def statement(self, call: Call, name: str, effect: Callable[[], T]) -> Steps[T]:
        """Run one statement on a connection of the pool. Raises ``DatabaseError``, ``NoConnection`` included."""
        deadline_s = self._runtime.now() + self._acquire_timeout_s
        try:
            with self._recorded(call, name) as recorded, (yield from self._pool.acquire()):
                session = yield from self._session(call, deadline_s)
                recorded.waited()
                return (yield from self._exchange(call, session, effect))
        except WireError as error:
            raise DatabaseError(f"{name}: {error}", code=f"database_{error.code}") from None

    def _recorded(self, call: Call, name: str) -> Recorded:
        return Recorded(
            self._runtime, "db.query", call, site="database", detail=name, outcomes=OUTCOMES, needs_connection=True
        )

    def _session(self, call: Call, deadline_s: float) -> Steps[int]:
        if self._idle:
            return self._idle.popleft()
        limit_s = max(0.0, deadline_s - self._runtime.now())
        try:
            return (yield from self._runtime.within(limit_s, self._connect(call, limit_s / 5.0)))
        except TimedOut:
            raise NoConnection(f"no connection within {self._acquire_timeout_s:g} s") from None

    def _connect(self, call: Call, longest_delay_s: float) -> Steps[int]:
        delay_s = FIRST_DELAY_S
        while True:
            try:
                return (yield from self._wire.connect(call))
            except ConnectionRefused:
                yield from self._runtime.sleep(delay_s)
            delay_s = min(2.0 * delay_s, longest_delay_s)

    def _exchange(self, call: Call, session: int, effect: Callable[[], T]) -> Steps[T]:
        lost = False
        try:
            return (yield from self._wire.exchange(call, session, effect))
        except ConnectionLost:
            lost = True
            raise
        finally:
            if not lost:
                self._idle.append(session)


class MemoryTenants:
    """The tenant store over the table in memory: every method is one statement."""

    def __init__(self, runtime: Runtime, database: Database, table: TenantTable) -> None:
        self._runtime = runtime
        self._database = database
        self._table = table

    def find(self, call: Call, identifier: Identifier) -> Steps[Tenant | None]:
        """The row of this name. Raises ``DatabaseError``."""
        return self._database.statement(
            call, f"tenants.find_by_{identifier.kind}", lambda: self._table.find(identifier)
        )

    def update(self, call: Call, tenant_id: str, change: Callable[[Tenant], Tenant]) -> Steps[Tenant | None]:
        """Write the row's next version; recorded when the row changes, whether or not the caller hears of it."""

        def effect() -> Tenant | None:
            row = self._table.update(tenant_id, change)
            if row is not None:
                self._runtime.record("tenant.updated", replace(call, tenant=row.slug), value=row.version)
            return row

        return self._database.statement(call, "tenants.update", effect)
