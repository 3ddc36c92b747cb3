"""What services ask of a database. Adapters implement it; only the store of this package calls it."""

from collections.abc import Callable
from types import TracebackType
from typing import Literal, Protocol, Self, TypeAlias

from rustok_sim.core.data.statements import Result, Statement
from rustok_sim.core.ports import Call, Steps

Isolation: TypeAlias = Literal["read_committed", "repeatable_read", "serializable"]
"""PostgreSQL's levels: a snapshot for each statement; one for the transaction, refusing to overwrite what others
wrote meanwhile; the same, refusing all that fits no serial order."""


class Session(Protocol):
    """One transaction. Leaving its ``with`` block without :meth:`commit` rolls it back, without waiting."""

    def __enter__(self) -> Self:
        """Begun already."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Roll back what is not committed, and give the connection back."""
        ...

    def run(self, statement: Statement) -> Steps[Result]:
        """Run one statement; waits for row locks. Raises ``DatabaseError`` and its kin; then only rollback is left."""
        ...

    def commit(self, then: Callable[[], None] | None = None) -> Steps[None]:
        """Make it last. Raises ``DatabaseError``; after a lost connection nobody knows whether it did.

        *then* is called at the database when it is done, whether or not the caller ever hears of it.
        """
        ...


class Database(Protocol):
    """Connections to one database."""

    def begin(self, call: Call, isolation: Isolation) -> Steps[Session]:
        """Begin a transaction on a connection of its own: one round trip. Raises ``DatabaseError``."""
        ...

    def run(self, call: Call, statement: Statement, then: Callable[[Result], None] | None = None) -> Steps[Result]:
        """Run one statement as a transaction of its own: one round trip in all. Raises ``DatabaseError``.

        *then* is called at the database when it is done, whether or not the caller ever hears of it.
        """
        ...
