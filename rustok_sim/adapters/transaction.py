"""A transaction, on a connection that is its own until it ends."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from types import TracebackType
from typing import Self

from rustok_sim.adapters.connection import OUTCOMES, Connection
from rustok_sim.core.data import Isolation, Result, Select, Statement, label_of
from rustok_sim.core.errors import DatabaseError, TransactionConflict, WireError
from rustok_sim.core.ports import Call, Steps


class PooledTransaction:
    """A transaction on a connection of the pool; a :class:`rustok_sim.core.data.Session`.

    A rollback reaches the server without delay: who drops a transaction does not wait for it, and its locks go at
    once. (sqlx sends it when the connection is next used or goes back to the pool, about half a round trip later.)
    """

    __slots__ = ("_begin_s", "_call", "_connection", "_end", "_ended", "_place")

    def __init__(
        self,
        call: Call,
        connection: Connection,
        place: AbstractContextManager[object],
        give_back: Callable[[Connection], None],
        begin_s: float,
    ) -> None:
        self._call = call
        self._connection = connection
        self._place = place
        self._end = give_back
        self._begin_s = begin_s
        self._ended: str | None = None

    def begin(self, isolation: Isolation) -> Steps[None]:
        """Begin it at the server: one round trip."""
        return self._connection.ask(self._call, "begin", partial(_begun, self._connection, isolation))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        connection = self._connection
        if self._ended != "committed" and not connection.lost:
            connection.at_server.rollback()
        if self._ended is None:
            self._ended = "rolled_back" if kind is None or isinstance(error, Exception) else "dropped"
        connection.runtime.record(
            "db.transaction", self._call, site="database", outcome=self._ended, begin_s=self._begin_s
        )
        self._end(connection)
        self._place.__exit__(kind, error, trace)

    def run(self, statement: Statement) -> Steps[Result]:
        """Run one statement: one round trip, and the waits for locks at the server."""
        connection, call = self._connection, self._call
        runtime = connection.runtime
        label, begin_s, outcome = label_of(statement), runtime.now(), "dropped"
        # As ``recorded`` and ``ask``, without an object and a frame for them: this is the way of every statement.
        # Only what takes locks can have to wait for others.
        plain = type(statement) is Select and statement.lock is None
        try:
            run = connection.at_server.run if plain else connection.run
            result = yield from connection.send(call, partial(run, statement), label)
            outcome = "ok"
        except WireError as error:
            outcome = "error"
            raise connection.failed(label, error) from None
        except DatabaseError as error:
            outcome = OUTCOMES.get(type(error), "error")
            if isinstance(error, TransactionConflict):
                self._ended = "aborted"
                connection.at_server.abort()  # it has, unless a fault only says so
            raise
        finally:
            waited_s, connection.waited_s = connection.waited_s, None
            runtime.record(
                "db.query", call, site="database", outcome=outcome, begin_s=begin_s, value=waited_s, detail=label
            )
        return result

    def commit(self, then: Callable[[], None] | None = None) -> Steps[None]:
        """Make it last: one round trip. When that goes wrong on its way, nobody here knows whether it did."""
        connection, call = self._connection, self._call
        runtime = connection.runtime
        begin_s, outcome = runtime.now(), "dropped"
        try:
            yield from connection.send(call, partial(connection.at_server.commit, then), "commit")
            outcome, self._ended = "ok", "committed"
        except WireError as error:
            outcome, self._ended = "error", "unknown"
            raise connection.failed("commit", error) from None
        except DatabaseError as error:
            outcome = OUTCOMES.get(type(error), "error")
            self._ended = "aborted" if isinstance(error, TransactionConflict) else "rolled_back"
            raise
        finally:
            runtime.record("db.query", call, site="database", outcome=outcome, begin_s=begin_s, detail="commit")


def _begun(connection: Connection, isolation: Isolation) -> Steps[None]:
    yield from ()
    connection.at_server.begin(isolation)
