"""Who looks over the shoulder of a node's database: rows of one tenant in the answer to another's request."""

from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from rustok_sim.core.data import Database, Isolation, Result, Session, Statement
from rustok_sim.core.ports import Call, Runtime, Steps


class WatchedDatabase:
    """A database whose answers are read: a row that belongs to another tenant than the caller's is recorded.

    *tenants* are the ids of the known tenants by slug. Work for nobody, as a relay's, and for tenants made in the run
    is not judged.
    """

    def __init__(self, database: Database, runtime: Runtime, tenants: dict[str, str]) -> None:
        self._database = database
        self._runtime = runtime
        self._tenants = tenants

    def begin(self, call: Call, isolation: Isolation) -> Steps[Session]:
        """As the database's own."""
        session = yield from self._database.begin(call, isolation)
        return WatchedSession(session, lambda statement, result: self._judge(call, statement, result))

    def run(self, call: Call, statement: Statement, then: Callable[[Result], None] | None = None) -> Steps[Result]:
        """As the database's own."""
        result = yield from self._database.run(call, statement, then)
        self._judge(call, statement, result)
        return result

    def _judge(self, call: Call, statement: Statement, result: Result) -> None:
        owner, mine = statement.table.owner, self._tenants.get(call.tenant)
        if owner is None or mine is None:
            return
        for row in result.rows:
            whose = row.get(owner, mine)
            if whose != mine:
                outcome = "written" if hasattr(statement, "changes") else "read"
                table = statement.table.name
                self._runtime.record("tenant.crossed", call, site=table, outcome=outcome, detail=str(whose))
                return


class WatchedSession:
    """A transaction of a :class:`WatchedDatabase`."""

    def __init__(self, session: Session, judge: Callable[[Statement, Result], None]) -> None:
        self._session = session
        self._judge = judge

    def __enter__(self) -> Self:
        self._session.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.__exit__(kind, error, trace)

    def run(self, statement: Statement) -> Steps[Result]:
        """As the transaction's own."""
        result = yield from self._session.run(statement)
        self._judge(statement, result)
        return result

    def commit(self, then: Callable[[], None] | None = None) -> Steps[Any]:
        """As the transaction's own."""
        return self._session.commit(then)
