"""The forwarder: from the bus of a process to a transport, one event after the other."""

from typing import Literal, Protocol

from rustok_sim.core.errors import DomainError
from rustok_sim.core.events.bus import LocalBus
from rustok_sim.core.events.envelope import Envelope
from rustok_sim.core.events.ring import Lagged
from rustok_sim.core.ports import Steps


class Outlet(Protocol):
    """What a forwarder hands events to."""

    def publish(self, envelope: Envelope) -> Steps[None]:
        """Take *envelope*. Raises ``DomainError``."""
        ...


def forward(bus: LocalBus, outlet: Outlet, *, on_lag: Literal["end", "go_on"]) -> Steps[int]:
    """Hand on what is sent to *bus* from now on; how many events it has lost by then, when it ends.

    *on_lag* ``end`` is RusToK's: the first gap ends the loop for the life of the process (D-16). A publish that fails
    is logged there and the event dropped; its slot of backpressure is given back by nobody (D-20).
    """
    receiver = bus.subscribe()
    while True:
        received = yield from receiver.receive()
        if isinstance(received, Lagged):
            if on_lag == "end":
                receiver.close()
                return received.missed
            continue
        try:
            yield from outlet.publish(received)
        except DomainError:
            continue
