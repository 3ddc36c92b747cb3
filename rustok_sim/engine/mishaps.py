"""What faults do to single messages: which of them they befall, and how."""

from collections import deque
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final, Literal, TypeAlias

from rustok_sim.core.errors import DatabaseError, DeadlockDetected, SerializationFailure, ServerFault, WireError
from rustok_sim.core.ports import Call
from rustok_sim.engine.draws import SiteDraws
from rustok_sim.engine.task import Gate
from rustok_sim.engine.world import World

Blow: TypeAlias = Literal["lost", "late", "held", "twice", "not_done", "reset"]
METER_S: Final = 1.0
"""How far back a meter looks."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a fault concerns: who sends, what, and for which tenant. What is empty lets everything through."""

    callers: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    tenants: tuple[str, ...] = ()

    @classmethod
    def of(cls, spec: Any) -> "Scope":
        """That of a fault; of one without, everything."""
        return cls(*(tuple(getattr(spec, name, None) or ()) for name in ("callers", "commands", "tenants")))

    def holds(self, source: str, command: str, tenant: str) -> bool:
        """Whether a message is within it. Background jobs are named without their node."""
        if self.callers and caller_of(source) not in self.callers:
            return False
        if self.tenants and tenant not in self.tenants:
            return False
        return not self.commands or any(fnmatchcase(command, pattern) for pattern in self.commands)


EVERYTHING: Final = Scope()
"""No limits."""


def caller_of(source: str) -> str:
    """The load class, or the job of any node: of ``node-1:redis:data`` it is ``redis``."""
    parts = source.split(":", 2)
    return parts[1] if len(parts) > 1 else source


class Meter:
    """How much more is asked than fits: the share of what came in the last second that lies above the capacity."""

    def __init__(self, world: World, capacity_per_s: float) -> None:
        self._world = world
        self._capacity = capacity_per_s * METER_S
        self._times: deque[float] = deque()

    def excess(self) -> float:
        """Count one more, and tell."""
        now, times = self._world.now, self._times
        times.append(now)
        while times[0] <= now - METER_S:
            times.popleft()
        return max(0.0, 1.0 - self._capacity / len(times))


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """How often calls fail."""

    ratio: float
    luck: SiteDraws
    scope: Scope = EVERYTHING
    meter: Meter | None = None

    def strikes(self, source: str, entity: int, attempt: int, command: str = "", tenant: str = "") -> bool:
        """Whether this call fails."""
        if not self.scope.holds(source, command, tenant):
            return False
        ratio = self.ratio if self.meter is None else self.ratio * self.meter.excess()
        return self.luck(source, entity, attempt) < ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Mishap:
    """One way in which a fault may befall a message, or its answer, or each by its own luck."""

    name: str
    blow: Blow
    luck: SiteDraws
    ratio: float = 1.0
    request: bool = True
    reply: bool = True
    scope: Scope = EVERYTHING
    spread_s: float = 0.0
    """late: for up to so long."""
    gate: Gate | None = None
    """held: opens when the fault is over."""
    error: str = "not_done"
    """not_done: what is said."""
    text_chars: int = 0
    """not_done: in at least so many characters."""
    meter: Meter | None = None

    @property
    def outcome(self) -> str:
        """What a record says of it."""
        conflict = self.blow == "not_done" and self.error != "not_done"
        return "conflict" if conflict else self.blow

    def befalls(self, call: Call, command: str) -> float | None:
        """A number in [0, 1) to draw more from, if it does; the message has luck of its own each time it is sent."""
        if not self.scope.holds(call.source, command, call.tenant):
            return None
        ratio = self.ratio if self.meter is None else self.ratio * self.meter.excess()
        u = self.luck(call.source, call.entity, call.attempt(self.name))
        return u / ratio if u < ratio else None


def refusal(mishap: Mishap, server: str) -> DatabaseError | WireError:
    """What a server says in place of the work."""
    match mishap.error:
        case "serialization_failure":
            return SerializationFailure(f"could not serialize access ({mishap.name})")
        case "deadlock":
            return DeadlockDetected(f"deadlock detected ({mishap.name})")
    text = f"{server} answered with an error and did nothing ({mishap.name})"
    return ServerFault(text.ljust(mishap.text_chars, "."))
