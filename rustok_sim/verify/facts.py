"""What the scenario says about a run and its log cannot know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rustok_sim.capture import Connection, query
from rustok_sim.core.journal import KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class StationFacts:
    """How much a station may hold."""

    servers: int
    queue_limit: int | None = None
    """How many may wait; absent: no limit."""
    shared: bool = False
    """Processor sharing: all who are inside are in service at once, ``servers + queue_limit`` at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The facts of a scenario that its metrics and invariants need. What is named here has metrics even if idle."""

    horizon_s: float
    warmup_s: float = 0.0
    """Metrics count what arrived at or after it."""
    classes: Sequence[str] = ()
    """The load classes."""
    stations: Mapping[str, StationFacts] = field(default_factory=dict)
    caches: Sequence[str] = ()
    breakers: Sequence[str] = ()
    single_flight: Sequence[str] = ()
    """The caches whose design promises one load of a key at a time on each node."""
    faults_end_s: Mapping[str, float] = field(default_factory=dict)
    """When each fault that strikes once must be over, by the ``detail`` of its records; one without end is absent."""
    platform: bool = True
    """Whether any request needs the platform; without it there are only requests and stations."""
    inventory: bool = False
    """Whether any request touches stock."""
    outbox: bool = False
    """Whether a relay empties the outbox."""
    index: bool = False
    """Whether anybody writes the read model or reads it."""
    kinds: frozenset[str] = frozenset(KINDS)
    """The kinds captured. What needs others is left out, not guessed."""

    @property
    def window_s(self) -> float:
        """How long the run counts."""
        return self.horizon_s - self.warmup_s

    def captured(self, *kinds: str) -> bool:
        """Whether all these kinds are in the log."""
        return self.kinds.issuperset(kinds)


def rows(connection: Connection, sql: str, **parameters: Any) -> list[dict[str, Any]]:
    """The answer to *sql* as dictionaries; ``$name`` stands for a parameter."""
    return query(connection, sql, parameters).to_dicts()


def by_name(found: list[dict[str, Any]], names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The rows by their column ``name``, with a row of nothing for each of *names* that is missing; sorted."""
    known = {row.pop("name"): row for row in found}
    return {name: known.get(name, {}) for name in sorted({*known, *names})}
