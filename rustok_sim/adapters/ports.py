"""What adapters ask of whoever connects them: wires that also carry news, and places in a pool."""

from contextlib import AbstractContextManager
from typing import Protocol

from rustok_sim.core.ports import Call, Steps, T, Wire


class NewsWire(Wire, Protocol):
    """A wire on which the server may also speak of its own accord."""

    def receive(self, call: Call, session: int, news: Steps[T]) -> Steps[T]:
        """Wait at the server until *news* ends, then carry what it returns back: half a round trip.

        Raises ``ConnectionLost`` when the session is gone, or breaks while this waits; may hang.
        """
        ...


class Pool(Protocol):
    """A bounded number of places, handed out in order of asking."""

    def acquire(self) -> Steps[AbstractContextManager[object]]:
        """Wait for a place; it is given back when its ``with`` block ends. Raises ``NoConnection`` after a limit."""
        ...
