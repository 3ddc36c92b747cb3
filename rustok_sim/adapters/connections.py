"""One node's connections to the database, as sqlx keeps them: opened when first needed, used in turn."""

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Final

from rustok_sim.adapters.connection import Connection, recorded
from rustok_sim.adapters.ports import DatabaseServer, Pool
from rustok_sim.adapters.transaction import PooledTransaction
from rustok_sim.core.data import Isolation, Result, Statement, label_of
from rustok_sim.core.errors import ConnectionRefused, DatabaseError, NoConnection, TimedOut, WireError
from rustok_sim.core.ports import Call, Runtime, Steps, Wire

FIRST_DELAY_S: Final = 0.01


class Connections:
    """The pool of one node; a :class:`rustok_sim.core.data.Database`.

    A statement or a transaction holds a place in the pool from its first attempt to connect to its end. A refused
    connection attempt is repeated after 10 ms, then twice that and so on, until the acquire timeout has passed
    since the place was asked for. A session is known to be lost only when a statement fails on it.
    """

    def __init__(
        self,
        runtime: Runtime,
        pool: Pool,
        wire: Wire,
        server: DatabaseServer,
        *,
        acquire_timeout_s: float,
        statement_timeout_s: float | None = None,
    ) -> None:
        self._runtime = runtime
        self._pool = pool
        self._wire = wire
        self._server = server
        self._acquire_timeout_s = acquire_timeout_s
        self._statement_timeout_s = statement_timeout_s
        self._idle: deque[Connection] = deque()

    def run(self, call: Call, statement: Statement, then: Callable[[Result], None] | None = None) -> Steps[Result]:
        """Run one statement as a transaction of its own. Raises ``DatabaseError``, ``NoConnection`` included."""
        label = label_of(statement)
        deadline_s = self._runtime.now() + self._acquire_timeout_s
        with recorded(self._runtime, call, label, waits=True) as record, (yield from self._pool.acquire()):
            connection = self._idle.popleft() if self._idle else (yield from self._open(call, label, deadline_s))
            record.waited()
            work = partial(connection.at_server.run, statement, then)
            try:
                return (yield from connection.ask(call, label, work))
            finally:
                self._give_back(connection)

    def begin(self, call: Call, isolation: Isolation) -> Steps[PooledTransaction]:
        """Begin a transaction: one round trip. Raises ``DatabaseError``, ``NoConnection`` included."""
        begin_s = self._runtime.now()
        with recorded(self._runtime, call, "begin", waits=True) as record:
            place = yield from self._pool.acquire()
            try:
                deadline_s = begin_s + self._acquire_timeout_s
                connection = self._idle.popleft() if self._idle else (yield from self._open(call, "begin", deadline_s))
            except BaseException as error:
                place.__exit__(type(error), error, None)
                raise
            record.waited()
            transaction = PooledTransaction(call, connection, place, self._give_back, begin_s)
            try:
                yield from transaction.begin(isolation)
            except BaseException as error:
                transaction.__exit__(type(error), error, None)
                raise
        return transaction

    def _give_back(self, connection: Connection) -> None:
        if not connection.lost:
            self._idle.append(connection)

    def _open(self, call: Call, label: str, deadline_s: float) -> Steps[Connection]:
        limit_s = max(0.0, deadline_s - self._runtime.now())
        try:
            session = yield from self._runtime.within(limit_s, self._connect(call, limit_s / 5.0))
        except TimedOut:
            raise NoConnection(f"no connection within {self._acquire_timeout_s:g} s") from None
        except WireError as error:
            raise DatabaseError(f"{label}: {error}", code=f"database_{error.code}") from None
        return Connection(
            self._runtime,
            self._wire,
            session,
            self._server.open(self._runtime),
            statement_timeout_s=self._statement_timeout_s,
        )

    def _connect(self, call: Call, longest_delay_s: float) -> Steps[int]:
        delay_s = FIRST_DELAY_S
        while True:
            try:
                return (yield from self._wire.connect(call))
            except ConnectionRefused:
                yield from self._runtime.sleep(delay_s)
            delay_s = min(2.0 * delay_s, longest_delay_s)
