"""How a service publishes: within its transaction, or after it."""

from typing import Final

from rustok_sim.core.context import Context
from rustok_sim.core.data import Row, Table, Transaction, integer, moment, text, uuid
from rustok_sim.core.events.event import Event
from rustok_sim.core.ids import Ids
from rustok_sim.core.ports import Runtime, Steps

SYS_EVENTS: Final = Table(
    "sys_events",
    (
        uuid("id"),
        uuid("tenant_id"),
        text("event_type", 64),
        integer("schema_version"),
        text("payload"),
        text("status", 16),
        integer("attempts"),
        moment("created_at"),
    ),
)


class Publisher:
    """Publishes for one node."""

    def __init__(self, runtime: Runtime, ids: Ids) -> None:
        self._runtime = runtime
        self._ids = ids

    def publish_in(self, tx: Transaction, context: Context, event: Event) -> Steps[None]:
        """Check *event* and write it to the outbox within *tx*. Raises ``Validation`` for a wrong event."""
        row: Row = {
            "id": self._ids.new(context.call),
            "event_type": event.type,
            "schema_version": 1,
            "payload": "{}",
            "status": "pending",
            "attempts": 0,
            "created_at": self._runtime.now(),
        }
        yield from tx.insert(SYS_EVENTS, row)

    def publish_after(self, context: Context, event: Event) -> Steps[None]:
        """Send *event* after the commit, with no hand on the result: RusToK's plain bus."""
        yield from ()
