"""What a relay publishes to."""

from collections.abc import Sequence
from typing import Protocol

from rustok_sim.core.events import Envelope
from rustok_sim.core.ports import Call, Steps


class Target(Protocol):
    """A transport, as the relay sees it."""

    def publish(self, call: Call, envelope: Envelope) -> Steps[None]:
        """Take *envelope*; when this returns, it is the target's. Raises ``DomainError`` when it was not taken."""
        ...

    def publish_batch(self, call: Call, envelopes: Sequence[Envelope]) -> Steps[None]:
        """Take all *envelopes*, in their order. Raises ``DomainError``; then some of them may have been taken."""
        ...
