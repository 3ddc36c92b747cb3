"""What a rate limiter answers, and what every limiter can do."""

from typing import NamedTuple, Protocol


class Decision(NamedTuple):
    """Whether a request may pass."""

    allowed: bool
    retry_after_s: float
    """What a refused client is told to wait; 0 for one that passes."""
    remaining: int
    """Requests that would pass at this very moment, after this one."""
    reset_s: float
    """How long until the limit is as if nobody had asked."""


class Limiter(Protocol):
    """One rule on how often each key may ask. It has no clock, and times must not run backwards."""

    def admit(self, now: float, key: str) -> Decision:
        """Decide on one request, and count it if it passes."""
        ...

    def cleanup(self, now: float) -> int:
        """Forget every key of which nothing need be known any more; how many those were."""
        ...

    def __len__(self) -> int:
        """How many keys are held."""
        ...


def headers(limit: int, decision: Decision) -> dict[str, str]:
    """The headers of an answer: RusToK's three on one that passes, ``Retry-After`` on a refusal.

    The reset is given in seconds from now, as RusToK codes it; its documents promise a moment of Unix time.
    """
    if not decision.allowed:
        return {"retry-after": str(_seconds(decision.retry_after_s))}
    return {
        "x-ratelimit-limit": str(limit),
        "x-ratelimit-remaining": str(decision.remaining),
        "x-ratelimit-reset": str(_seconds(decision.reset_s)),
    }


def _seconds(duration_s: float) -> int:
    """Whole seconds, rounded up, so that nobody comes back too early."""
    return -int(-duration_s // 1)
