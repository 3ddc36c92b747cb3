"""Trying again, after a wait."""

from collections.abc import Callable
from typing import TypeVar

from rustok_sim.core.errors import DomainError
from rustok_sim.core.ports import Call, Runtime, Steps
from rustok_sim.core.resilience.settings import RetrySettings

T = TypeVar("T")


def is_retryable(error: DomainError) -> bool:
    """Whether the error's own kind says that the same request may well succeed later."""
    return error.retryable


def delay_s(settings: RetrySettings, attempt: int, last_s: float, draw: float) -> float:
    """Wait after the *attempt*-th attempt (the first is 1) failed.

    *last_s* is the wait before that one (0 before the first) and *draw* is from [0, 1); only the two backoffs with
    jitter use them. ``fixed``, ``linear`` and ``exponential`` are RusToK's strategy(k), where the exponential one
    begins at base * 2, not at base. The jitters are those of M. Brooker, "Exponential Backoff And Jitter",
    AWS Architecture Blog, 2015.
    """
    base_s, max_s = settings.base_s, settings.max_s
    match settings.backoff:
        case "fixed":
            return base_s
        case "linear":
            return min(max_s, base_s * attempt)
        case "exponential":
            return _exponential_s(settings, attempt)
        case "full_jitter":
            return draw * _exponential_s(settings, attempt)
        case "decorrelated_jitter":
            return min(max_s, base_s + draw * (3 * max(base_s, last_s) - base_s))


def _exponential_s(settings: RetrySettings, attempt: int) -> float:
    # Past 2**64 any cap has long been reached, and a larger power overflows a float.
    return min(settings.max_s, settings.base_s * 2.0 ** min(attempt, 64))


def retried(
    runtime: Runtime,
    name: str,
    settings: RetrySettings,
    call: Call,
    attempt: Callable[[], Steps[T]],
    *,
    should_retry: Callable[[DomainError], bool] = is_retryable,
) -> Steps[T]:
    """Run a new *attempt* until one succeeds, *should_retry* denies its error, or ``max_attempts`` are made.

    Raises the last error. There is no deadline over all attempts: place ``Runtime.within`` around for one. Jitter is
    drawn for *call* at the site *name*.
    """
    waited_s = 0.0
    for number in range(1, settings.max_attempts):
        try:
            return (yield from attempt())
        except DomainError as error:
            if not should_retry(error):
                raise
        draw = runtime.uniform(name, call) if settings.backoff.endswith("jitter") else 0.0
        waited_s = delay_s(settings, number, waited_s, draw)
        yield from runtime.sleep(waited_s)
    return (yield from attempt())
