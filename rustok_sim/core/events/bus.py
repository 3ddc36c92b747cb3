"""The bus: how an event reaches those of the same process who listen, at once and at most once."""

from collections.abc import Callable
from typing import Protocol, TypeAlias

from rustok_sim.core.context import Context
from rustok_sim.core.errors import External
from rustok_sim.core.events.envelope import Envelope
from rustok_sim.core.events.settings import EventSettings
from rustok_sim.core.ports import Steps

Subscriber: TypeAlias = Callable[[Envelope], None]


class Bus(Protocol):
    """Whatever takes an event outside any transaction."""

    def send(self, context: Context, envelope: Envelope) -> Steps[None]:
        """Hand *envelope* over. Raises ``External`` when it was not taken."""
        ...


class LocalBus:
    """A bus within one process: everyone who listens now hears it in order of subscription; nothing is kept."""

    __slots__ = ("_error_if_unheard", "_subscribers")

    def __init__(self, settings: EventSettings) -> None:
        self._error_if_unheard = settings.no_receiver == "error"
        self._subscribers: list[Subscriber] = []

    def subscribe(self, subscriber: Subscriber) -> None:
        """Hear every event from now on. A subscriber must not raise."""
        self._subscribers.append(subscriber)

    def send(self, context: Context, envelope: Envelope) -> Steps[None]:
        """Call each subscriber. Raises ``External`` when there is none and the settings call that an error."""
        yield from ()
        if not self._subscribers and self._error_if_unheard:
            raise External(f"nobody listens to {envelope.event_type}", code="no_receiver")
        for subscriber in self._subscribers:
            subscriber(envelope)
