"""The circuit breaker the review advises: ratios over a sliding window, and probes that give their permit back."""

from math import inf

from rustok_sim.core.errors import CircuitOpen
from rustok_sim.core.resilience.breaker import BreakerState, OnChange, Permit, Switch
from rustok_sim.core.resilience.settings import BreakerSettings
from rustok_sim.core.resilience.window import CountWindow, TimeWindow, Window


class WindowedBreaker(Switch):
    """A breaker by failure ratio and slow-call ratio, after resilience4j's ``CircuitBreaker``.

    Every state it enters is a new episode, and a result counts only in the episode its call was admitted in: what
    began before it opened neither prolongs the outage nor speaks for the probes. In half-open at most
    ``half_open_max_requests`` probes are in flight; each gives its permit back when it ends or is dropped.
    ``success_threshold`` good probes close it, one that fails or is slow opens it again. A probe that hangs for
    ``timeout_s`` counts as failed as soon as another call finds no permit, so half-open never lasts for ever.
    """

    __slots__ = (
        "_enough",
        "_episode",
        "_permits",
        "_probes",
        "_settings",
        "_since_s",
        "_slow_s",
        "_successes",
        "_window",
    )

    def __init__(self, settings: BreakerSettings, *, on_change: OnChange | None = None) -> None:
        super().__init__(on_change)
        self._settings = settings
        self._slow_s = inf if settings.slow_call_s is None else settings.slow_call_s
        self._permits = settings.half_open_max_requests or inf
        self._window = _window_of(settings)
        by_count = settings.window == "count"
        # A full window by count is judged, even if it holds fewer calls than the minimum.
        self._enough = min(settings.minimum_calls, settings.window_calls) if by_count else settings.minimum_calls
        self._episode = 0
        self._since_s = 0.0
        self._probes: dict[Permit, None] = {}
        self._successes = 0

    def admit(self, now: float) -> Permit:
        """Let a call begin; in half-open it takes one of the permits."""
        if self.state != "closed":
            if self.state == "open":
                self._recover(now)
            if len(self._probes) >= self._permits:
                self._turn_away(now)
        permit = Permit(self, now, self._episode)
        if self.state == "half_open":
            self._probes[permit] = None
        return permit

    def succeeded(self, permit: Permit, now: float) -> None:
        """Judge a call that ended well, but perhaps late."""
        self._ended(permit, now, failed=False)

    def failed(self, permit: Permit, now: float) -> None:
        """Judge a call that failed."""
        self._ended(permit, now, failed=True)

    def forsaken(self, permit: Permit, now: float) -> None:
        """A dropped call says nothing about the dependency; its permit is free again."""
        self._probes.pop(permit, None)

    def open(self, now: float) -> None:
        """Open it by hand, for ``timeout_s`` from now."""
        self._enter("open", now)

    def close(self, now: float) -> None:
        """Close it by hand, with an empty window."""
        self._enter("closed", now)

    def reset(self, now: float) -> None:
        """Close it and forget everything: the same as :meth:`close`."""
        self._enter("closed", now)

    def _ended(self, permit: Permit, now: float, *, failed: bool) -> None:
        if permit.episode != self._episode:
            return
        slow = now >= permit.began_s + self._slow_s
        if self.state == "closed":
            self._judge_window(now, failed=failed, slow=slow)
        else:
            del self._probes[permit]
            self._judge_probe(now, bad=failed or slow)

    def _judge_window(self, now: float, *, failed: bool, slow: bool) -> None:
        window, settings = self._window, self._settings
        window.add(now, failed=failed, slow=slow)
        calls = window.calls
        if calls >= self._enough and (
            window.failures / calls >= settings.failure_ratio or window.slow / calls >= settings.slow_ratio
        ):
            self._enter("open", now)

    def _judge_probe(self, now: float, *, bad: bool) -> None:
        if bad:
            self._enter("open", now)
            return
        self._successes += 1
        if self._successes >= self._settings.success_threshold:
            self._enter("closed", now)

    def _recover(self, now: float) -> None:
        if now < self._since_s + self._settings.timeout_s:
            raise CircuitOpen("the circuit is open")
        self._enter("half_open", now)

    def _turn_away(self, now: float) -> None:
        oldest = next(iter(self._probes))
        if now >= oldest.began_s + self._settings.timeout_s:
            self._enter("open", now)
        raise CircuitOpen("the circuit is half-open and all its probes are in flight")

    def _enter(self, state: BreakerState, now: float) -> None:
        self._episode += 1
        self._since_s = now
        self._probes = {}
        self._successes = 0
        if state == "closed":
            self._window = _window_of(self._settings)
        self._turn(state, now)


def _window_of(settings: BreakerSettings) -> Window:
    if settings.window == "time":
        return TimeWindow(settings.window_s)
    return CountWindow(settings.window_calls)
