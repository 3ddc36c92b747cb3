"""What RusToK does over Redis connections opened for one use: counters and publish/subscribe."""

from collections.abc import Callable

from rustok_sim.adapters.redis.connection import Dialer
from rustok_sim.adapters.redis.server import RedisServer, ServerSubscription
from rustok_sim.core.errors import CacheError, TimedOut, WireError
from rustok_sim.core.ports import Call, Steps, T


class RedisCounters:
    """Cluster-wide counters. Each increment opens a connection of its own: three round trips, awaited (D-37)."""

    def __init__(self, dialer: Dialer, server: RedisServer) -> None:
        self._dialer = dialer
        self._server = server

    def count(self, call: Call, name: str) -> Steps[None]:
        """Add one to the counter. Errors are ignored, as RusToK ignores them; only their time is felt."""
        key = f"tenant_metrics:v1:{name}"
        try:
            session = yield from self._dialer.connect_anew(call, site="counters")
            yield from self._dialer.send(call, session, "INCR", lambda: self._server.increment(key), site="counters")
        except (WireError, TimedOut):
            return


class RedisChannel:
    """One publish/subscribe channel."""

    def __init__(self, dialer: Dialer, server: RedisServer, name: str) -> None:
        self._dialer = dialer
        self._server = server
        self._name = name

    def publish(self, call: Call, message: str) -> Steps[None]:
        """Send *message* over a connection of its own. Raises ``CacheError``."""
        yield from self._open_and_send(call, "PUBLISH", lambda: self._server.publish(self._name, message))

    def subscribe(self, call: Call) -> Steps["RedisSubscription"]:
        """Hear what is published from now on, over a connection of its own. Raises ``CacheError``."""
        end = ServerSubscription(self._dialer.runtime.signal())
        session = None
        try:
            session, _ = yield from self._open_and_send(
                call, "SUBSCRIBE", lambda: self._server.subscribe(self._name, end)
            )
        finally:
            if session is None:
                # The connection is gone with its caller, and Redis notices.
                self._server.unsubscribe(self._name, end)
        return RedisSubscription(self._dialer, session, end, lambda: self._server.unsubscribe(self._name, end))

    def _open_and_send(self, call: Call, command: str, effect: Callable[[], T]) -> Steps[tuple[int, T]]:
        try:
            session = yield from self._dialer.connect_anew(call, site="channel")
            result = yield from self._dialer.send(call, session, command, effect, site="channel")
        except (WireError, TimedOut) as error:
            raise CacheError(f"Redis did not {command}: {error}", code=f"cache_{error.code}") from None
        return session, result


class RedisSubscription:
    """The client's end of a subscription. It waits without limit: only a broken session ends it."""

    def __init__(self, dialer: Dialer, session: int, end: ServerSubscription, close: Callable[[], None]) -> None:
        self._dialer = dialer
        self._session = session
        self._end = end
        self.close = close

    def receive(self, call: Call) -> Steps[str]:
        """The next message. Raises ``CacheError`` when the session is gone."""
        try:
            return (yield from self._dialer.wire.receive(call, self._session, self._end.next, "MESSAGE"))
        except WireError as error:
            raise CacheError(f"the stream of messages has ended: {error}", code=f"cache_{error.code}") from None
