"""How a service publishes: within its transaction, or after it."""

from collections.abc import Callable
from typing import Literal

from rustok_sim.core.context import Context
from rustok_sim.core.data import Transaction
from rustok_sim.core.errors import External
from rustok_sim.core.events.bus import Bus, LocalBus
from rustok_sim.core.events.envelope import Envelope, wrap
from rustok_sim.core.events.event import Event, entity_of
from rustok_sim.core.events.outbox import SYS_EVENTS, row_of
from rustok_sim.core.events.settings import EventSettings
from rustok_sim.core.events.validation import validate
from rustok_sim.core.ids import Ids
from rustok_sim.core.ports import Runtime, Steps

DEFAULTS = EventSettings()


class Publisher:
    """Publishes for one node: to *transport* within a transaction that is not the outbox's, to *bus* after it.

    *committed* is called at the database when rows of the outbox are. Without bus and transport it has a bus of its
    own that nobody can listen to, as RusToK wires its memory transport.
    """

    __slots__ = ("_bus", "_committed", "_ids", "_runtime", "_settings", "_transport")

    def __init__(
        self,
        runtime: Runtime,
        ids: Ids,
        settings: EventSettings = DEFAULTS,
        bus: Bus | None = None,
        *,
        transport: Bus | None = None,
        committed: Callable[[], None] | None = None,
    ) -> None:
        self._runtime = runtime
        self._ids = ids
        self._settings = settings
        self._bus = LocalBus(runtime, settings) if bus is None else bus
        self._committed = committed
        self._transport = self._bus if transport is None else transport

    def publish_in(self, tx: Transaction, context: Context, event: Event) -> Steps[None]:
        """Check *event* and write it to the outbox within *tx*. Raises ``Validation`` for a wrong event.

        Over another transport it is sent at once, and stays sent if *tx* fails; raises ``DomainError`` if not taken.
        """
        validate(event, self._settings.contradictions)
        envelope = self._wrap(context, event)
        if self._settings.transport != "outbox":
            yield from self._send(self._transport, context, envelope, "before_commit")
            return
        yield from tx.insert(SYS_EVENTS, row_of(envelope))
        if self._committed is not None:
            tx.after_commit(self._committed)
        self._runtime.record(
            "event.recorded", context.call, site=envelope.id, value=envelope.schema_version, detail=event.type
        )
        self._runtime.record(
            "event.about", context.call, site=envelope.id, outcome=envelope.correlation_id, detail=entity_of(event)
        )

    def publish_after(self, context: Context, event: Event) -> Steps[None]:
        """Send *event* after the commit, unchecked and with no hand on the result: RusToK's plain bus (D16)."""
        try:
            yield from self._send(self._bus, context, self._wrap(context, event), "after_commit")
        except External:
            # RusToK ignores it: the event is lost, and only the log of the run knows.
            return

    def _wrap(self, context: Context, event: Event) -> Envelope:
        event_id = self._ids.new(context.call)
        return wrap(event, context, event_id, self._runtime.clock(), self._settings.correlation)

    def _send(
        self, bus: Bus, context: Context, envelope: Envelope, moment: Literal["before_commit", "after_commit"]
    ) -> Steps[None]:
        outcome = "refused"
        try:
            yield from bus.send(context, envelope)
            outcome = "ok"
        finally:
            self._runtime.record("event.sent", context.call, site=moment, outcome=outcome, detail=envelope.id)
