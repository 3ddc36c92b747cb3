"""Which breaker a scenario's settings mean."""

from rustok_sim.core.resilience.as_built import AsBuiltBreaker
from rustok_sim.core.resilience.breaker import Breaker, BreakerState, OnChange, Permit
from rustok_sim.core.resilience.settings import BreakerSettings
from rustok_sim.core.resilience.windowed import WindowedBreaker


def breaker_for(settings: BreakerSettings, *, on_change: OnChange | None = None) -> Breaker:
    """A new breaker, closed, of the design the settings ask for."""
    if settings.design == "as_built":
        return AsBuiltBreaker(settings, on_change=on_change)
    if settings.design == "windowed":
        return WindowedBreaker(settings, on_change=on_change)
    return NoBreaker()


class NoBreaker:
    """The breaker of the design ``none``: it is always closed, and cannot be opened."""

    __slots__ = ()

    @property
    def state(self) -> BreakerState:
        """Closed."""
        return "closed"

    def admit(self, now: float) -> Permit:
        """Let the call begin."""
        return Permit(self, now, 0)

    def succeeded(self, permit: Permit, now: float) -> None:
        """Nothing is counted."""

    failed = forsaken = succeeded

    def open(self, now: float) -> None:
        """Nothing happens."""

    def close(self, now: float) -> None:
        """Nothing happens."""

    def reset(self, now: float) -> None:
        """Nothing happens."""
