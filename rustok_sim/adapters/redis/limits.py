"""Rate limits that all nodes count in one Redis."""

from rustok_sim.adapters.redis.connection import RedisConnection
from rustok_sim.adapters.redis.server import RedisServer
from rustok_sim.core.errors import CacheError, TimedOut, WireError
from rustok_sim.core.ports import Call, Runtime, Steps
from rustok_sim.core.resilience.limits import Decision, LimiterSettings, limiter_for


class RedisLimits:
    """A :class:`rustok_sim.core.resilience.limits.SharedCounters`: each decision is one command on one connection.

    A fixed window is INCR with EXPIRE; the other rules are scripts. Redis runs either alone, so no count is lost
    between two nodes, and loses all counts with its keys.
    """

    def __init__(
        self, runtime: Runtime, connection: RedisConnection, server: RedisServer, settings: LimiterSettings
    ) -> None:
        self._runtime = runtime
        self._connection = connection
        self._server = server
        self._settings = settings
        self._command = "INCR" if settings.design == "fixed_window" else "EVALSHA"

    def admit(self, call: Call, key: str) -> Steps[Decision]:
        """Decide on one request. Raises ``CacheError``."""

        def effect() -> Decision:
            limiter = self._server.kept("limits", lambda: limiter_for(self._settings))
            return limiter.admit(self._runtime.now(), key)

        try:
            return (yield from self._connection.command(call, self._command, effect))
        except (WireError, TimedOut) as error:
            raise CacheError(f"Redis did not {self._command}: {error}", code=f"cache_{error.code}") from None
