"""What the domain may ask of the world: time, waiting, chance, background work and the event log.

Services are generators over these ports. They delegate each wait with ``yield from`` and never see what
is yielded: under the engine the waits take simulated time, outside it they take none.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias, TypeVar

T = TypeVar("T")

Steps: TypeAlias = Generator[object, None, T]
"""A service on its way: it yields waits, which only the runtime understands, and returns a *T*."""


@dataclass(slots=True, eq=False)
class Call:
    """One request on its way through the platform, or one background job.

    ``source`` and ``entity`` say for whom a random draw is made, so that the same request meets the same
    luck under every design; ``id`` ties its records together in the event log; a background job's is below zero.
    """

    id: int
    source: str
    entity: int
    tenant: str = ""
    uses: dict[str, int] = field(default_factory=dict)
    luck: dict[object, Iterator[float]] = field(default_factory=dict)
    """By site, as the runtime knows it: draws that are made and still to be met; ``uses`` counts them already."""

    def attempt(self, site: str) -> int:
        """How many draws this call has already made at *site*; counts the one about to be made."""
        count = self.uses.get(site, 0)
        self.uses[site] = count + 1
        return count


class Signal(Protocol):
    """Wakes those who already wait and leaves nothing behind for those who come later (tokio's ``notify_waiters``)."""

    def wait(self) -> Steps[None]:
        """Wait until the next :meth:`wake`."""
        ...

    def wake(self) -> None:
        """Wake everyone who waits now; each continues after the current step, in order of arrival."""
        ...


class Runtime(Protocol):
    """One node's view of the world. Background work started here dies with the node."""

    node: str

    def now(self) -> float:
        """Seconds since the start of the run: how long something takes is measured by this."""
        ...

    def clock(self) -> float:
        """What the node's clock shows, for all that is written down or compared as time of day.

        The same as ``now``, unless the clock is wrong.
        """
        ...

    def sleep(self, duration_s: float) -> Steps[None]:
        """Let *duration_s* pass."""
        ...

    def signal(self) -> Signal:
        """A new signal that nobody waits for yet."""
        ...

    def spawn(self, steps: Steps[object]) -> None:
        """Run *steps* in the background, from the next step on. Nobody waits for their end."""
        ...

    def within(self, limit_s: float, steps: Steps[T]) -> Steps[T]:
        """Run *steps* for at most *limit_s*; then drop them where they stand and raise ``TimedOut``.

        Dropping runs ``finally`` blocks and context managers only, as dropping a future does in Rust.
        """
        ...

    def uniform(self, site: str, call: Call) -> float:
        """A draw from [0, 1) keyed by the site, the call's source and entity, and how often it drew here before."""
        ...

    def record(
        self,
        kind: str,
        call: Call | None = None,
        *,
        site: str | None = None,
        outcome: str | None = None,
        status: int | None = None,
        begin_s: float | None = None,
        wait_s: float | None = None,
        value: float | None = None,
        detail: str | None = None,
    ) -> None:
        """Write one record to the event log, at the present time and under this node's name."""
        ...


class Wire(Protocol):
    """The way from one node to one server and back: latency, refusal, silence."""

    def connect(self, call: Call) -> Steps[int]:
        """Open a session: two round trips (transport, then greeting). Raises ``ConnectionRefused``; may hang."""
        ...

    def exchange(self, call: Call, session: int, effect: Callable[[], T], command: str = "") -> Steps[T]:
        """Send a command and wait for its answer; *effect* happens at the server, half-way.

        *command* is its name, by which faults single it out. A caller that gives up after that does not undo it.
        Raises ``ConnectionLost`` when the session is gone (the server refused, crashed or restarted since),
        ``ServerFault`` when the server answers with an error; may hang.
        """
        ...

    def ask(self, call: Call, session: int, work: Callable[[], Steps[T]], command: str = "") -> Steps[T]:
        """As :meth:`exchange`, for a command whose work at the server takes steps of its own, as a wait for a lock.

        A ``DatabaseError`` that *work* raises is an answer too, and travels back as one.
        """
        ...
