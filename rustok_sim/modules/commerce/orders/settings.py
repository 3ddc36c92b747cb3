"""How orders live and how their steps are guarded, as a scenario writes it."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias

from rustok_sim.core.resilience.settings import STRICT

LifecycleName: TypeAlias = Literal["review", "as_built", "successor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSettings:
    """Which life orders have, and who sees to it that no step is taken that is not there."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    lifecycle: LifecycleName = "as_built"
    """review: draft to delivered, cancelled before payment only; as_built: RusToK's typed machine, stored;
    successor: a status in words, cancelled even when shipped."""
    guard: Literal["none", "service", "database", "both"] = "none"
    """none: the step is written, whatever the order's state; service: the state is looked at when it is read, without
    a lock; database: the write itself is conditional; both: first the one, then the other."""
    database_rule: Literal["compare_and_set", "pairs"] | None = None
    """What the conditional write asks of the newest committed row: that it is still the one that was read; or, as the
    successor's trigger, that the pair of states is a legal one. Absent: pairs for the successor, else the other."""
    stock: Literal["ignored", "reserved"] = "ignored"
    """ignored: submitting takes it for granted that there is stock, as RusToK's machine does."""
    events: Literal["none", "outbox"] = "none"
    """none: nobody learns of an order's steps, as in RusToK (D37)."""
