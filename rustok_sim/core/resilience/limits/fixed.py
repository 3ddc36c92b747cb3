"""RusToK's rate limiter on HTTP requests: a fixed window for each key."""

from typing import Literal

from rustok_sim.core.resilience.limits.decision import Decision


class FixedWindow:
    """At most *limit* requests in a window that the first of them begins.

    As built, step by step. The next request after the window's end begins another one, so that *limit* at the end of
    one window and *limit* at the beginning of the next pass within a moment. A refused client is told to wait for a
    whole window (*retry_after* ``as_built``) or for what is left of it (``rest``). Keys stay until :meth:`cleanup`,
    which RusToK has and never calls.
    """

    __slots__ = ("_limit", "_tells_rest", "_window_s", "_windows")

    def __init__(self, limit: int, window_s: float, *, retry_after: Literal["as_built", "rest"] = "as_built") -> None:
        self._limit = limit
        self._window_s = window_s
        self._tells_rest = retry_after == "rest"
        self._windows: dict[str, tuple[float, int]] = {}

    def admit(self, now: float, key: str) -> Decision:
        """Decide on one request. A window is over when it is older than its length, not at that very moment."""
        window_s = self._window_s
        began_s, count = self._windows.get(key, (now, 0))
        if now > began_s + window_s:
            began_s, count = now, 0
        rest_s = began_s + window_s - now
        if count >= self._limit:
            return Decision(False, rest_s if self._tells_rest else window_s, 0, rest_s)
        self._windows[key] = (began_s, count + 1)
        return Decision(True, 0.0, self._limit - count - 1, rest_s)

    def cleanup(self, now: float) -> int:
        """Forget the windows that are over; how many those were."""
        window_s, before = self._window_s, len(self._windows)
        self._windows = {key: window for key, window in self._windows.items() if now <= window[0] + window_s}
        return before - len(self._windows)

    def __len__(self) -> int:
        return len(self._windows)
