"""Which limiter a scenario's settings mean."""

from typing import Final

from rustok_sim.core.ports import Runtime
from rustok_sim.core.resilience.limits.bucket import TokenBucket
from rustok_sim.core.resilience.limits.counting import Counting, LocalCounting, SharedCounters, SharedCounting, cleaning
from rustok_sim.core.resilience.limits.decision import Decision, Limiter
from rustok_sim.core.resilience.limits.fixed import FixedWindow
from rustok_sim.core.resilience.limits.settings import LimiterSettings
from rustok_sim.core.resilience.limits.sliding import SlidingWindow

DEPTH_AS_BUILT: Final = 10
PER_MINUTE: Final = {"default": 60.0, "login": 5.0, "api_key": 1_000.0}
"""RusToK's profiles of the token bucket."""
_ALWAYS: Final = Decision(True, 0.0, 0, 0.0)


class NoLimiter:
    """The limiter of the design ``none``: everything passes, and nothing is known of anybody."""

    __slots__ = ()

    def admit(self, now: float, key: str) -> Decision:
        """Let the request pass."""
        return _ALWAYS

    def cleanup(self, now: float) -> int:
        """There is nothing to forget."""
        return 0

    def __len__(self) -> int:
        return 0


def limiter_for(settings: LimiterSettings) -> Limiter:
    """A new limiter of the design the settings ask for, which has counted nothing."""
    if settings.design == "fixed_window":
        return FixedWindow(settings.limit, settings.window_s, retry_after=settings.retry_after)
    if settings.design == "sliding_window":
        return SlidingWindow(settings.limit, settings.window_s)
    if settings.design == "token_bucket":
        return TokenBucket(_per_s(settings), settings.depth or DEPTH_AS_BUILT)
    return NoLimiter()


def counting_for(settings: LimiterSettings, runtime: Runtime, shared: SharedCounters | None = None) -> Counting:
    """How one node counts; where the settings say so, its cleaning is started.

    *shared* is what all nodes share. Raises ``ValueError`` if the settings ask for that and there is none.
    """
    if settings.store == "shared" and settings.design != "none":
        if shared is None:
            raise ValueError("limits are to be counted in one place for all, and there is none")
        return SharedCounting(shared, settings)
    limiter = limiter_for(settings)
    if settings.cleanup == "started":
        runtime.spawn(cleaning(runtime, limiter, settings.cleanup_s))
    return LocalCounting(runtime, limiter)


def _per_s(settings: LimiterSettings) -> float:
    if settings.profile == "window":
        return settings.limit / settings.window_s
    return PER_MINUTE[settings.profile] / 60.0
