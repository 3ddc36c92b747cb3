"""A rate limiter that looks back from each request."""

from collections import deque

from rustok_sim.core.resilience.limits.decision import Decision


class SlidingWindow:
    """At most *limit* requests in any window of this length, wherever it begins: what RusToK's documents promise.

    A log of the requests that passed, as N. Rajendran has it in "An alternative approach to rate limiting" (Figma,
    2017). It is exact and keeps *limit* times for each key; a counter weighted over two fixed windows (J. Desgats,
    "How we built rate limiting capable of scaling to millions of domains", Cloudflare, 2017) keeps two numbers and
    may let a few more or fewer pass.
    """

    __slots__ = ("_limit", "_logs", "_window_s")

    def __init__(self, limit: int, window_s: float) -> None:
        self._limit = limit
        self._window_s = window_s
        self._logs: dict[str, deque[float]] = {}

    def admit(self, now: float, key: str) -> Decision:
        """Decide on one request. One that passed exactly a window ago no longer counts."""
        window_s = self._window_s
        log = self._logs.get(key)
        if log is None:
            log = self._logs[key] = deque()
        while log and log[0] + window_s <= now:
            log.popleft()
        if len(log) >= self._limit:
            return Decision(False, log[0] + window_s - now, 0, log[-1] + window_s - now)
        log.append(now)
        return Decision(True, 0.0, self._limit - len(log), window_s)

    def cleanup(self, now: float) -> int:
        """Forget the keys of whom nothing counts any more; how many those were."""
        window_s, before = self._window_s, len(self._logs)
        self._logs = {key: log for key, log in self._logs.items() if log[-1] + window_s > now}
        return before - len(self._logs)

    def __len__(self) -> int:
        return len(self._logs)
