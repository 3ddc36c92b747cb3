"""What a relay publishes to."""

from typing import Protocol

from rustok_sim.core.events import Envelope
from rustok_sim.core.ports import Call, Steps


class Target(Protocol):
    """A transport, as the relay sees it."""

    def publish(self, call: Call, envelope: Envelope) -> Steps[None]:
        """Take *envelope*; when this returns, it is the target's. Raises ``DomainError`` when it was not taken."""
        ...
