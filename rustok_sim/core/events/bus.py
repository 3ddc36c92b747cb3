"""The bus: how an event reaches those of the same process who listen, at most once."""

from typing import Final, Protocol

from rustok_sim.core.context import Context
from rustok_sim.core.errors import External
from rustok_sim.core.events.backpressure import Backpressure
from rustok_sim.core.events.envelope import Envelope
from rustok_sim.core.events.ring import Receiver, Ring
from rustok_sim.core.events.settings import EventSettings
from rustok_sim.core.ports import Runtime, Steps

RING_CAPACITY: Final = 128
"""RusToK's default, in envelopes."""


class Bus(Protocol):
    """Whatever takes an event outside any transaction."""

    def send(self, context: Context, envelope: Envelope) -> Steps[None]:
        """Hand *envelope* over. Raises ``External`` when it was not taken."""
        ...


class LocalBus:
    """A ring within one process, and a count of slots before it if there is a *backpressure* controller."""

    __slots__ = ("_backpressure", "_error_if_unheard", "_ring", "dropped", "published")

    def __init__(
        self,
        runtime: Runtime,
        settings: EventSettings,
        *,
        capacity: int = RING_CAPACITY,
        backpressure: Backpressure | None = None,
    ) -> None:
        self._error_if_unheard = settings.no_receiver == "error"
        self._ring: Ring[Envelope] = Ring(runtime, capacity)
        self._backpressure = backpressure
        self.published = 0
        self.dropped = 0
        """Refused or unheard. What the ring overwrites is counted nowhere (D-19)."""

    def subscribe(self) -> Receiver[Envelope]:
        """Hear every event from now on, as long as one keeps up."""
        return self._ring.subscribe()

    def release(self) -> None:
        """An event that was accepted is finished with: its slot is free."""
        if self._backpressure is not None:
            self._backpressure.release()

    def send(self, context: Context, envelope: Envelope) -> Steps[None]:
        """Put it into the ring, without waiting.

        Raises ``External`` when the controller refuses it, and when nobody listens, if the settings call that an
        error. It is gone then: nothing queues it, nothing tries again.
        """
        yield from ()
        if self._backpressure is not None and not self._backpressure.admit():
            self.dropped += 1
            raise External(f"{envelope.event_type}: the queue is full", code="queue_full")
        if self._ring.send(envelope):
            self.published += 1
            return
        self.release()
        self.dropped += 1
        if self._error_if_unheard:
            raise External(
                f"nobody listens to {envelope.event_type}: {self.dropped} dropped so far", code="no_receiver"
            )
