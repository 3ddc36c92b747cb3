"""RusToK's admission control for a bus: a count of what was accepted and not yet given back."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Final, Literal, TypeAlias

from annotated_types import Ge, Gt, Le

from rustok_sim.core.strict import STRICT

State: TypeAlias = Literal["normal", "warning", "critical"]
WRAP: Final = 1 << 64


@dataclass(frozen=True, slots=True, kw_only=True)
class BackpressureSettings:
    """The thresholds are parts of the greatest depth; each is RusToK's default. Raises ``ValueError``."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    max_queue_depth: Annotated[int, Ge(1)] = 10_000
    warning_threshold: Annotated[float, Gt(0)] = 0.7
    critical_threshold: Annotated[float, Gt(0), Le(1)] = 0.9
    release: Literal["as_built", "floored"] = "as_built"
    """as_built: giving back at zero wraps to 2**64 - 1, which is critical for ever (D-21); floored: it stays zero."""

    def __post_init__(self) -> None:
        if not self.warning_threshold < self.critical_threshold <= 1.0:
            raise ValueError("the warning threshold must be below the critical one, and that at most 1")


class Backpressure:
    """The controller. It knows nothing of the ring: an entry that was overwritten is never given back (D-20)."""

    def __init__(self, settings: BackpressureSettings) -> None:
        self._floored = settings.release == "floored"
        self._warning = int(settings.max_queue_depth * settings.warning_threshold)
        self._critical = int(settings.max_queue_depth * settings.critical_threshold)
        self.depth = 0
        self.accepted = 0
        self.rejected = 0

    @property
    def state(self) -> State:
        """A function of the depth alone: no hysteresis, no timer."""
        if self.depth >= self._critical:
            return "critical"
        return "warning" if self.depth >= self._warning else "normal"

    def admit(self) -> bool:
        """Take a slot; false when the state is critical."""
        if self.depth >= self._critical:
            self.rejected += 1
            return False
        self.accepted += 1
        self.depth += 1
        return True

    def release(self) -> None:
        """Give a slot back."""
        if self.depth or not self._floored:
            self.depth = (self.depth - 1) % WRAP
