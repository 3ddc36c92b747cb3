"""RusToK's circuit breaker, as built: consecutive failures, a probe budget, one timer."""

from rustok_sim.core.errors import CircuitOpen
from rustok_sim.core.resilience.breaker import OnChange, Permit, Switch
from rustok_sim.core.resilience.settings import BreakerSettings


class AsBuiltBreaker(Switch):
    """The breaker of RusToK's core, with its seven properties.

    B1: one half-open episode admits ``half_open_max_requests`` + 1 calls in all and never more.
    B2: when too few of them end, it stays half-open and rejects for ever.
    B3: calls that began before it opened and fail late push its recovery back.
    B4: calls that began before it opened and succeed in half-open count toward closing it.
    B5: four failures and a success, repeated, never open it.
    B6: with c calls in flight it opens after about ``failure_threshold`` + c - 1 calls have begun.
    B7: successes counted in half-open survive opening it by hand.

    It does not ask whose outcome it gets: each counts in the state it arrives in. A dropped call counts nowhere.
    """

    __slots__ = ("_admitted", "_failures", "_last_failure_s", "_settings", "_successes")

    def __init__(self, settings: BreakerSettings, *, on_change: OnChange | None = None) -> None:
        super().__init__(on_change)
        self._settings = settings
        self._failures = 0
        self._successes = 0
        self._admitted = 0
        self._last_failure_s = 0.0

    def admit(self, now: float) -> Permit:
        """Let a call begin; the one that ends the open state is not counted against the half-open budget (B1)."""
        state = self.state
        if state == "open":
            if now < self._last_failure_s + self._settings.timeout_s:
                raise CircuitOpen("the circuit is open")
            self._admitted = 0
            self._turn("half_open", now)
        elif state == "half_open":
            budget = self._settings.half_open_max_requests
            if budget and self._admitted >= budget:
                raise CircuitOpen("the circuit is half-open and has admitted its probes")
            self._admitted += 1
        return Permit(self, now, 0)

    def succeeded(self, permit: Permit, now: float) -> None:
        """Count a success; one that arrives while it is open means nothing."""
        state = self.state
        if state == "closed":
            self._failures = 0
        elif state == "half_open":
            self._successes += 1
            if self._successes >= self._settings.success_threshold:
                self._forget()
                self._turn("closed", now)

    def failed(self, permit: Permit, now: float) -> None:
        """Count a failure; one that arrives while it is open starts the recovery time anew (B3)."""
        state = self.state
        if state == "closed":
            self._failures += 1
            if self._failures >= self._settings.failure_threshold:
                self._successes = 0
                self._last_failure_s = now
                self._turn("open", now)
            return
        self._last_failure_s = now
        if state == "half_open":
            self._forget()
            self._turn("open", now)

    def forsaken(self, permit: Permit, now: float) -> None:
        """A dropped future records nothing, and gives nothing back (B2)."""

    def open(self, now: float) -> None:
        """Open it by hand; the successes counted so far stay (B7)."""
        self._last_failure_s = now
        self._turn("open", now)

    def close(self, now: float) -> None:
        """Close it by hand; the half-open budget stays spent, which shows nowhere."""
        self._failures = 0
        self._successes = 0
        self._turn("closed", now)

    def reset(self, now: float) -> None:
        """Close it and forget every count."""
        self._forget()
        self._turn("closed", now)

    def _forget(self) -> None:
        self._failures = 0
        self._successes = 0
        self._admitted = 0
