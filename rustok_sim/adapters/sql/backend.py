"""What the two databases do differently."""

from collections.abc import Callable
from typing import Protocol

import sqlalchemy as sa

from rustok_sim.adapters.sql.tables import Schema
from rustok_sim.core.data import Isolation


class Backend(Protocol):
    """One database, and how to speak with it."""

    engine: sa.Engine
    fresh: bool
    """Whether there is surely no table yet."""
    defer: str
    """The text after which references are looked at when the transaction commits."""
    savepoints: bool
    """Whether a failed statement spoils its transaction, so that one that may be tried again needs a savepoint."""

    def begin(self, isolation: Isolation) -> str:
        """The text that begins a transaction."""
        ...

    def explain(
        self, error: sa.exc.DBAPIError, schema: Schema, connection: sa.Connection, again: Callable[[], object]
    ) -> Exception:
        """What went wrong, as an error of the core or as ``Locked``; *again* runs the failed statement once more."""
        ...

    def patience(self, connection: sa.Connection, patience_s: float) -> None:
        """Let statements of *connection* wait for a lock that long: 0 for the least there is. Made for all at first."""
        ...

    def blocked(self, connection: sa.Connection, other: sa.Connection) -> bool:
        """Whether a statement of *other* waits for a lock now, asked over *connection*."""
        ...

    def close(self) -> None:
        """Remove what was made for this server alone, and every connection."""
        ...
