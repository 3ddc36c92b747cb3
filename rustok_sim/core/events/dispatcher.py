"""The dispatcher: takes events from the bus and runs every handler that wants them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Protocol

from annotated_types import Ge

from rustok_sim.core.errors import DomainError
from rustok_sim.core.events.bus import LocalBus
from rustok_sim.core.events.envelope import Envelope
from rustok_sim.core.events.permits import Permits
from rustok_sim.core.events.ring import Lagged
from rustok_sim.core.ports import Runtime, Steps
from rustok_sim.core.strict import STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatcherSettings:
    """Each default is RusToK's."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    fail_fast: bool = False
    """Handlers of an event run one after the other, without permits, and the first that fails stops the rest."""
    max_concurrent: Annotated[int, Ge(1)] = 10
    """Permits, for all events together."""
    retry_count: Annotated[int, Ge(0)] = 0
    """Attempts beyond the first. What fails in the last is dropped: there are no dead letters (D-24)."""
    retry_delay_s: Annotated[float, Ge(0)] = 0.1
    spawning: Literal["as_built", "inline"] = "as_built"
    """as_built: a task for each event at once, however many there are (D-22); inline: the loop itself waits for
    permits, so that a slow handler fills the ring instead of the memory, as before 2026-02-14."""
    retry_permit: Literal["held", "given_back"] = "held"
    """held: the permit is kept while the next attempt is waited for, so failing handlers block others (D-23)."""


class Handler(Protocol):
    """What wants events."""

    name: str

    def wants(self, envelope: Envelope) -> bool:
        """Whether this event is for it."""
        ...

    def handle(self, envelope: Envelope) -> Steps[None]:
        """Take it. Raises ``DomainError``."""
        ...


class Dispatcher:
    """One dispatcher on one subscription. Nothing of its work outlives the process."""

    def __init__(
        self,
        runtime: Runtime,
        bus: LocalBus,
        handlers: Sequence[Handler],
        settings: DispatcherSettings,
        on_error: Callable[[Handler, Envelope, DomainError], None],
    ) -> None:
        self._runtime = runtime
        self._bus = bus
        self._handlers = tuple(handlers)
        self._settings = settings
        self._on_error = on_error
        self._permits = Permits(runtime, settings.max_concurrent)
        self._receiver = bus.subscribe()
        self.tasks = 0
        """Events spawned and not finished."""
        self.skipped = 0
        """Events that were overwritten before they were read: logged, and passed over."""

    def run(self) -> Steps[None]:
        """Without end. Dropped, it receives no more; what it has spawned runs on."""
        while True:
            received = yield from self._receiver.receive()
            if isinstance(received, Lagged):
                self.skipped += received.missed
                continue
            self.tasks += 1
            if self._settings.spawning == "as_built":
                self._runtime.spawn(self._serve(received))
            else:
                yield from self._serve(received)

    def _serve(self, envelope: Envelope) -> Steps[None]:
        wanting = [handler for handler in self._handlers if handler.wants(envelope)]
        if not wanting:
            self._finish()
        elif self._settings.fail_fast:
            yield from self._one_by_one(wanting, envelope)
        else:
            left = [len(wanting)]
            for handler in wanting:
                yield from self._permits.acquire()
                self._runtime.spawn(self._side_by_side(handler, envelope, left))

    def _one_by_one(self, wanting: Sequence[Handler], envelope: Envelope) -> Steps[None]:
        for handler in wanting:
            if not (yield from self._attempts(handler, envelope, lambda: self._runtime.sleep(self._delay_s))):
                break
        self._finish()

    def _side_by_side(self, handler: Handler, envelope: Envelope, left: list[int]) -> Steps[None]:
        """One handler, under a permit that the spawning task has taken for it."""
        with self._permits.held():
            yield from self._attempts(handler, envelope, self._rest)
        left[0] -= 1
        if not left[0]:
            self._finish()

    @property
    def _delay_s(self) -> float:
        return self._settings.retry_delay_s

    def _rest(self) -> Steps[None]:
        if self._settings.retry_permit == "held":
            yield from self._runtime.sleep(self._delay_s)
            return
        self._permits.release()
        yield from self._runtime.sleep(self._delay_s)
        yield from self._permits.acquire()

    def _attempts(self, handler: Handler, envelope: Envelope, rest: Callable[[], Steps[None]]) -> Steps[bool]:
        """Whether one of the attempts went well."""
        more = self._settings.retry_count
        while True:
            try:
                yield from handler.handle(envelope)
            except DomainError as error:
                if not more:
                    self._on_error(handler, envelope, error)
                    return False
            else:
                return True
            more -= 1
            yield from rest()

    def _finish(self) -> None:
        self.tasks -= 1
        self._bus.release()
