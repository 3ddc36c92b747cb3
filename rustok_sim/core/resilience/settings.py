"""The settings of the breakers, as a scenario writes them."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Gt, Interval

from rustok_sim.core import strict

STRICT = strict.STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerSettings:
    """One circuit breaker: RusToK's consecutive-failure rule, or a sliding window as the review advises."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    design: Literal["none", "as_built", "windowed"] = "as_built"
    """none: every call passes; as_built: RusToK's rule with B1 to B7; windowed: failure and slow-call ratios over a
    window."""
    failure_threshold: Annotated[int, Ge(1)] = 5
    """as_built: consecutive failures that open it."""
    success_threshold: Annotated[int, Ge(1)] = 2
    """Successes in half-open that close it."""
    timeout_s: Annotated[float, Gt(0)] = 60.0
    """Time in open before a call may probe."""
    half_open_max_requests: Annotated[int, Ge(0)] = 3
    """as_built: admissions counted in one half-open episode, never returned; windowed: permits, returned when a probe
    ends; 0: no limit."""
    window: Literal["count", "time"] = "count"
    """windowed: judge the last calls, or the calls of the last seconds."""
    window_calls: Annotated[int, Ge(1)] = 100
    """windowed by count: how many calls are judged."""
    window_s: Annotated[float, Gt(0)] = 10.0
    """windowed by time: how far back calls are judged."""
    minimum_calls: Annotated[int, Ge(1)] = 10
    """windowed: no verdict on fewer calls than this."""
    failure_ratio: Annotated[float, Interval(gt=0, le=1)] = 0.5
    """windowed: opens at this share of failed calls."""
    slow_call_s: Annotated[float, Gt(0)] | None = None
    """windowed: a call that takes this long counts as slow; absent: none does."""
    slow_ratio: Annotated[float, Interval(gt=0, le=1)] = 1.0
    """windowed: opens at this share of slow calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrySettings:
    """A retry policy; as it stands, the default of RusToK's core, which no production code uses."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    max_attempts: Annotated[int, Ge(1)] = 3
    """Attempts in all, the first included."""
    backoff: Literal["fixed", "linear", "exponential", "full_jitter", "decorrelated_jitter"] = "exponential"
    """Wait after attempt k: base; base * k; base * 2^k; a draw between 0 and base * 2^k; a draw between base and three
    times the wait before."""
    base_s: Annotated[float, Ge(0)] = 0.1
    """The wait all others grow from."""
    max_s: Annotated[float, Ge(0)] = 5.0
    """No wait is longer; fixed: has no meaning."""
