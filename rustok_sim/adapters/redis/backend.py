"""RusToK's cache back end on Redis."""

from collections.abc import Callable

from rustok_sim.adapters.redis.connection import RedisConnection
from rustok_sim.adapters.redis.server import RedisServer
from rustok_sim.core.errors import CacheError, CircuitOpen, ServerFault, TimedOut, WireError
from rustok_sim.core.ports import Call, Runtime, Steps, T
from rustok_sim.core.resilience import Breaker, guarded


class RedisBackend:
    """Bytes in Redis under a prefix, behind one breaker for get, set and delete.

    The breaker takes every error for a failure and a miss for a success. Times to live are whole seconds, cut
    down: below one second Redis refuses them.
    """

    def __init__(
        self,
        runtime: Runtime,
        connection: RedisConnection,
        server: RedisServer,
        breaker: Breaker,
        *,
        name: str,
        prefix: str,
        ttl_s: float,
    ) -> None:
        self._runtime = runtime
        self._connection = connection
        self._server = server
        self._breaker = breaker
        self._name = name
        self._prefix = prefix
        self._ttl_s = ttl_s

    def get(self, call: Call, key: str) -> Steps[bytes | None]:
        """What Redis has under the key."""
        place = f"{self._prefix}:{key}"
        return (yield from self._send(call, "GET", lambda: self._server.get(place, self._runtime.now())))

    def set(self, call: Call, key: str, value: bytes, *, ttl_s: float | None = None) -> Steps[None]:
        """Keep *value* in Redis."""
        place = f"{self._prefix}:{key}"
        seconds = int(self._ttl_s if ttl_s is None else ttl_s)

        def effect() -> bool:
            return self._server.set(place, value, self._runtime.now(), ttl_s=seconds)

        yield from self._send(call, "SET", effect, refusal=f"Redis takes no expire time of {seconds} s")

    def delete(self, call: Call, key: str) -> Steps[None]:
        """Delete the key in Redis."""
        place = f"{self._prefix}:{key}"
        yield from self._send(call, "DEL", lambda: self._server.delete(place))

    def flush(self) -> None:
        """Nothing of it lies in this node's memory."""

    def _send(self, call: Call, command: str, effect: Callable[[], T], *, refusal: str | None = None) -> Steps[T]:
        steps = self._accepted(call, command, effect, refusal)
        try:
            return (yield from guarded(self._runtime, self._name, self._breaker, call, steps))
        except (WireError, TimedOut, CircuitOpen) as error:
            raise CacheError(f"Redis did not {command}: {error}", code=f"cache_{error.code}") from None

    def _accepted(self, call: Call, command: str, effect: Callable[[], T], refusal: str | None) -> Steps[T]:
        result = yield from self._connection.command(call, command, effect)
        if refusal is not None and not result:
            raise ServerFault(refusal)
        return result
