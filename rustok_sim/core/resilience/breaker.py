"""What every circuit breaker offers, whatever its rule."""

from collections.abc import Callable
from typing import Literal, Protocol, TypeAlias, final

BreakerState: TypeAlias = Literal["closed", "open", "half_open"]

OnChange: TypeAlias = Callable[[BreakerState, BreakerState, float], None]
"""Called with the old state, the new one and the time, once the change is made."""


class Breaker(Protocol):
    """Decides which calls to a dependency may begin. It has no clock: every question carries the time in seconds.

    Times must not run backwards. Nothing happens between calls: an open breaker becomes half-open only when the
    next call asks to be admitted.
    """

    @property
    def state(self) -> BreakerState:
        """The state since the last event; asking changes nothing."""
        ...

    def admit(self, now: float) -> "Permit":
        """Let one call begin. Raises ``CircuitOpen`` when it may not."""
        ...

    def open(self, now: float) -> None:
        """Open it by hand, whatever its state, for a whole recovery time from now."""
        ...

    def close(self, now: float) -> None:
        """Close it by hand."""
        ...

    def reset(self, now: float) -> None:
        """Close it and forget everything."""
        ...


class Judge(Protocol):
    """A breaker as its permits know it."""

    def succeeded(self, permit: "Permit", now: float) -> None:
        """The call ended well."""
        ...

    def failed(self, permit: "Permit", now: float) -> None:
        """The call ended in a failure of the dependency."""
        ...

    def forsaken(self, permit: "Permit", now: float) -> None:
        """The caller went away; how the call would have ended is unknown."""
        ...


@final
class Permit:
    """One admitted call. Exactly one of its methods is to be called, once; more raise ``RuntimeError``."""

    __slots__ = ("_judge", "began_s", "episode")

    def __init__(self, judge: Judge, began_s: float, episode: int) -> None:
        self._judge: Judge | None = judge
        self.began_s = began_s
        self.episode = episode

    def success(self, now: float) -> None:
        """The call ended well."""
        self._take().succeeded(self, now)

    def failure(self, now: float) -> None:
        """The call ended in a failure of the dependency."""
        self._take().failed(self, now)

    def dropped(self, now: float) -> None:
        """The caller went away before the call ended."""
        self._take().forsaken(self, now)

    def _take(self) -> Judge:
        judge = self._judge
        if judge is None:
            raise RuntimeError("this permit has been settled already: a call ends once")
        self._judge = None
        return judge


class Switch:
    """The state of a breaker and who is told of its changes."""

    __slots__ = ("_on_change", "state")

    def __init__(self, on_change: OnChange | None) -> None:
        self.state: BreakerState = "closed"
        self._on_change = on_change

    def _turn(self, new: BreakerState, now: float) -> None:
        old = self.state
        self.state = new
        if old != new and self._on_change is not None:
            self._on_change(old, new, now)
