"""Word of a commit: what PostgreSQL's NOTIFY tells those who LISTEN (documentation, "NOTIFY")."""

from contextlib import suppress

from rustok_sim.core.errors import TimedOut
from rustok_sim.core.ports import Runtime, Signal, Steps


class CommitNews:
    """Tells every relay that rows were committed to the outbox. Without delay: the way of the word takes no time."""

    def __init__(self) -> None:
        self.count = 0
        """How often it has told so."""
        self._waiting: list[Signal] = []

    def tell(self) -> None:
        """Rows were committed."""
        self.count += 1
        waiting, self._waiting = self._waiting, []
        for signal in waiting:
            signal.wake()

    def wait(self, runtime: Runtime, seen: int, limit_s: float) -> Steps[None]:
        """Wait for more than the *seen* times, at most *limit_s*."""
        if self.count == seen:
            signal = runtime.signal()
            self._waiting.append(signal)
            with suppress(TimedOut):
                yield from runtime.within(limit_s, signal.wait())
            if signal in self._waiting:  # its time was up first
                self._waiting.remove(signal)
