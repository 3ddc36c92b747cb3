"""What the scenario says about a run and its log cannot know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rustok_sim.capture import Connection, query
from rustok_sim.core.journal import KINDS, WATCHED


@dataclass(frozen=True, slots=True, kw_only=True)
class StationFacts:
    """How much a station may hold."""

    servers: int
    queue_limit: int | None = None
    """How many may wait; absent: no limit."""
    shared: bool = False
    """Processor sharing: all who are inside are in service at once, ``servers + queue_limit`` at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayFacts:
    """What relays do by their settings."""

    runs: bool = False
    """Whether anybody empties the outbox."""
    lease_s: float | None = None
    max_attempts: int = 5
    redrive_after_s: float | None = None
    ordered: bool = False
    """Whether the events of one entity keep their order: one relay that sees to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitFacts:
    """What a limiter lets pass: *burst* at once, and so many more a second, looked at over *window_s*."""

    burst: int
    per_s: float
    window_s: float
    shared: bool
    """Whether all nodes count together."""


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
    promises: frozenset[str] = frozenset()
    """The promises that are to be held, by name."""
    timeouts_s: Mapping[str, float] = field(default_factory=dict)
    """The patience of the load classes that have one."""
    elsewhere: Sequence[str] = ()
    """Operations that the design refuses on purpose, because another one is meant for it."""
    heal_s: float | None = None
    """When all faults end, if the scenario says so."""
    relay: RelayFacts = field(default_factory=RelayFacts)
    inbox: bool = False
    """Whether the indexers remember which events they have seen."""
    indexed: bool = False
    """Whether anybody writes the read model."""
    by_log: bool = False
    """Whether relays send to the log, and its groups write the read model."""
    backorders: bool = False
    """Whether stock may go below zero."""
    order_steps: Sequence[tuple[str, str]] = ()
    """The steps that orders may take, as pairs of states."""
    orders_begin_paid: bool = False
    """Whether the orders that are there at the start are said to be paid."""
    stale_s: float = 300.0
    """The lifetime of a tenant in its cache, with the time for which an expired one may be served."""
    module_needs: Sequence[tuple[str, str]] = (("blog", "content"), ("forum", "content"), ("pages", "content"))
    """Modules, each with one that it needs."""
    permits: Mapping[str, int] = field(default_factory=dict)
    """How many calls each half-open breaker may let pass at once."""
    limit: LimitFacts | None = None
    """What the limiter lets pass, if there is one."""
    kinds: frozenset[str] = frozenset(KINDS) - WATCHED
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
