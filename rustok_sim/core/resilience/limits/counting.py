"""Where requests are counted: in each process, or in one place for all."""

from typing import Protocol

from rustok_sim.core.errors import CacheError
from rustok_sim.core.ports import Call, Runtime, Steps
from rustok_sim.core.resilience.limits.decision import Decision, Limiter
from rustok_sim.core.resilience.limits.settings import LimiterSettings


class SharedCounters(Protocol):
    """A limiter that all nodes share. The rule runs where the counts are, as one command, so no count is lost."""

    def admit(self, call: Call, key: str) -> Steps[Decision]:
        """Decide on one request: one round trip. Raises ``CacheError``."""
        ...


class Counting(Protocol):
    """What the pipeline asks, wherever it is counted."""

    def admit(self, call: Call, key: str) -> Steps[Decision]:
        """Decide on one request. Raises nothing."""
        ...


class LocalCounting:
    """Counts in this process, at once. Nodes that are given one *limiter* share it as if nothing lay between them."""

    __slots__ = ("_limiter", "_runtime")

    def __init__(self, runtime: Runtime, limiter: Limiter) -> None:
        self._runtime = runtime
        self._limiter = limiter

    def admit(self, call: Call, key: str) -> Steps[Decision]:
        """Decide on one request, without a wait."""
        yield from ()
        return self._limiter.admit(self._runtime.now(), key)


class MemoryCounters:
    """Shared counters in plain memory, *round_trip_s* away: the limiter acts half-way."""

    __slots__ = ("_half_s", "_limiter", "_runtime")

    def __init__(self, runtime: Runtime, limiter: Limiter, *, round_trip_s: float = 0.0) -> None:
        self._runtime = runtime
        self._limiter = limiter
        self._half_s = round_trip_s / 2.0

    def admit(self, call: Call, key: str) -> Steps[Decision]:
        """Decide on one request."""
        yield from self._runtime.sleep(self._half_s)
        decision = self._limiter.admit(self._runtime.now(), key)
        yield from self._runtime.sleep(self._half_s)
        return decision


class SharedCounting:
    """Counts in one place for all; a request that could not be counted is let through or refused, as settings say."""

    __slots__ = ("_counters", "_uncounted")

    def __init__(self, counters: SharedCounters, settings: LimiterSettings) -> None:
        self._counters = counters
        self._uncounted = (
            Decision(True, 0.0, 0, 0.0)
            if settings.on_store_error == "admit"
            else Decision(False, settings.window_s, 0, settings.window_s)
        )

    def admit(self, call: Call, key: str) -> Steps[Decision]:
        """Decide on one request: one round trip."""
        try:
            return (yield from self._counters.admit(call, key))
        except CacheError:
            return self._uncounted


def cleaning(runtime: Runtime, limiter: Limiter, every_s: float) -> Steps[None]:
    """Forget old keys every now and then, for ever; for ``Runtime.spawn``. As built nobody starts it."""
    while True:
        yield from runtime.sleep(every_s)
        limiter.cleanup(runtime.now())
