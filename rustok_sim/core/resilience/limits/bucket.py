"""RusToK's rate limiter of the security layer: a bucket of tokens for each key."""

from rustok_sim.core.resilience.limits.decision import Decision

WHOLE = 1.0 - 1e-9
"""A token that is whole but for rounding: who waits as long as told finds one."""


class TokenBucket:
    """Each request takes a token; a bucket holds *depth* of them, begins full, and gets *per_s* new ones a second.

    So in any stretch of time no more pass than *depth* and what was refilled meanwhile. As built the depth is 10
    whatever the rate: of a login that is limited to 5 a minute, 10 pass at once.
    """

    __slots__ = ("_buckets", "_depth", "_per_s")

    def __init__(self, per_s: float, depth: int) -> None:
        self._per_s = per_s
        self._depth = depth
        self._buckets: dict[str, tuple[float, float]] = {}

    def admit(self, now: float, key: str) -> Decision:
        """Decide on one request."""
        tokens, since_s = self._buckets.get(key, (float(self._depth), now))
        tokens = min(self._depth, tokens + (now - since_s) * self._per_s)
        allowed = tokens >= WHOLE
        if allowed:
            tokens = max(0.0, tokens - 1.0)
        self._buckets[key] = (tokens, now)
        retry_after_s = 0.0 if allowed else (1.0 - tokens) / self._per_s
        return Decision(allowed, retry_after_s, int(tokens), (self._depth - tokens) / self._per_s)

    def cleanup(self, now: float) -> int:
        """Forget the buckets that are full again; how many those were."""
        before = len(self._buckets)
        self._buckets = {
            key: (tokens, since_s)
            for key, (tokens, since_s) in self._buckets.items()
            if tokens + (now - since_s) * self._per_s < self._depth
        }
        return before - len(self._buckets)

    def __len__(self) -> int:
        return len(self._buckets)
