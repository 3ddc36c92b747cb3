"""The connections of a Redis client, with the patience of redis-rs 1.x."""

from collections.abc import Callable
from typing import Final

from rustok_sim.adapters.outcomes import Outcomes, Recorded
from rustok_sim.adapters.ports import NewsWire
from rustok_sim.adapters.settings import RedisSettings
from rustok_sim.core.errors import ConnectionLost, ConnectionRefused, ServerFault, TimedOut, WireError
from rustok_sim.core.ports import Call, Runtime, Steps, T

OUTCOMES: Final[Outcomes] = {
    ConnectionLost: "lost",
    ConnectionRefused: "refused",
    ServerFault: "error",
    TimedOut: "timeout",
}


class Dialer:
    """Opens sessions over one wire and speaks on them, each step within the client's limits."""

    def __init__(self, runtime: Runtime, wire: NewsWire, settings: RedisSettings) -> None:
        self.runtime = runtime
        self.wire = wire
        self.settings = settings

    def connect(self, call: Call) -> Steps[int]:
        """One connection attempt. Raises ``WireError``, or ``TimedOut`` after the connect timeout."""
        return self.runtime.within(self.settings.connect_timeout_s, self.wire.connect(call))

    def exchange(self, call: Call, session: int, effect: Callable[[], T], command: str) -> Steps[T]:
        """One command. Raises ``WireError``, or ``TimedOut`` after the response timeout."""
        return self.runtime.within(self.settings.response_timeout_s, self.wire.exchange(call, session, effect, command))

    def connect_anew(self, call: Call, *, site: str) -> Steps[int]:
        """A session for one use, recorded as a command of its own: two round trips."""
        with self.recorded(call, "CONNECT", site=site):
            return (yield from self.connect(call))

    def send(self, call: Call, session: int, command: str, effect: Callable[[], T], *, site: str) -> Steps[T]:
        """One command on a session of one's own, recorded."""
        with self.recorded(call, command, site=site):
            return (yield from self.exchange(call, session, effect, command))

    def recorded(self, call: Call, command: str, *, site: str) -> Recorded:
        """A block that is one command in the event log."""
        return Recorded(self.runtime, "redis.command", call, site=site, detail=command, outcomes=OUTCOMES)


class _Session:
    """A session that is, is not yet, or will never be."""

    __slots__ = ("error", "number", "signal")

    def __init__(self, runtime: Runtime) -> None:
        self.number: int | None = None
        self.error: WireError | TimedOut | None = None
        self.signal = runtime.signal()

    def ready(self) -> Steps[int]:
        """Wait for the session. Raises the error that ended its building."""
        while self.number is None:
            if self.error is not None:
                raise self.error.with_traceback(None)
            yield from self.signal.wait()
        return self.number


class RedisConnection:
    """redis-rs's connection manager: one session that all commands share, rebuilt in the background when lost.

    Commands that come during a rebuild wait for it, without a limit of their own. When it fails they fail
    together, and the first of them starts the next rebuild. A command that merely gets no answer starts none.
    """

    def __init__(self, dialer: Dialer, background: Callable[[str], Call], *, name: str) -> None:
        self._dialer = dialer
        self._runtime = dialer.runtime
        self._background = background
        self._name = name
        self._session = _Session(dialer.runtime)

    def open(self) -> Steps[None]:
        """Build the first session. Raises what the last attempt raised."""
        session = self._session
        yield from self._build(session)
        yield from session.ready()

    def command(self, call: Call, command: str, effect: Callable[[], T]) -> Steps[T]:
        """Send one command on the shared session. Raises ``WireError`` or ``TimedOut``."""
        with self._dialer.recorded(call, command, site=self._name):
            session = self._session
            try:
                number = yield from session.ready()
            except (WireError, TimedOut):
                self._rebuild(session)
                raise
            try:
                return (yield from self._dialer.exchange(call, number, effect, command))
            except ConnectionLost:
                self._rebuild(session)
                raise

    def _rebuild(self, broken: _Session) -> None:
        """Start to replace *broken*, unless another command has done so."""
        if self._session is broken:
            self._session = _Session(self._runtime)
            self._runtime.spawn(self._build(self._session))

    def _build(self, session: _Session) -> Steps[None]:
        call = self._background(f"redis:{self._name}")
        begin_s = self._runtime.now()
        settings = self._dialer.settings
        attempts = 0
        delay_s = settings.reconnect_first_delay_s
        while session.number is None and session.error is None:
            attempts += 1
            try:
                session.number = yield from self._dialer.connect(call)
            except (WireError, TimedOut) as error:
                if attempts > settings.reconnect_retries:
                    session.error = error
                    break
                jitter = self._runtime.uniform("redis.reconnect", call)
                yield from self._runtime.sleep(delay_s + jitter * settings.reconnect_first_delay_s)
                delay_s *= 2.0
        outcome = "failed" if session.number is None else "ok"
        self._runtime.record(
            "redis.reconnected", call, site=self._name, outcome=outcome, begin_s=begin_s, value=attempts
        )
        session.signal.wake()
