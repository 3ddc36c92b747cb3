"""All invariants by name, and their verdicts on a run."""

from dataclasses import dataclass
from inspect import getdoc
from typing import Any, Final

from rustok_sim.capture import Connection, fetch
from rustok_sim.verify import visits
from rustok_sim.verify.facts import Facts, rows
from rustok_sim.verify.invariants import faults, resilience, stations, time
from rustok_sim.verify.invariants.ask import Ask, Question
from rustok_sim.verify.promises import PROMISE_QUERIES

EXAMPLES_MAX: Final = 5
COUNTED: Final = f"select *, count(*) over () as violations from ({{}}{{}}) order by seq limit {EXAMPLES_MAX}"  # noqa: S608  # text of ours


@dataclass(frozen=True, slots=True)
class Invariant:
    """A named invariant, and the kinds of records without which it cannot be checked."""

    ask: Ask
    needs: frozenset[str]
    is_promise: bool = False
    """Whether it is held only where it is asked for: designs may break it, the workbench may not."""
    about: frozenset[str] = frozenset()
    """Kinds without any record of which it holds, so that nobody need ask; empty: ask in any case."""

    @property
    def name(self) -> str:
        """Its name in results."""
        return self.ask.__name__

    @property
    def definition(self) -> str:
        """What exactly it demands of the log."""
        return getdoc(self.ask) or ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an invariant held, how many records break it, and the first of them, with their correlation ids."""

    name: str
    held: bool
    violations: int
    examples: tuple[dict[str, Any], ...]

    def to_dict(self) -> dict[str, Any]:
        """As in ``run.json``."""
        return {
            "name": self.name,
            "held": self.held,
            "violations": self.violations,
            "examples": [dict(example) for example in self.examples],
        }


def _invariants(*all_of_them: tuple[Ask, tuple[str, ...]]) -> dict[str, Invariant]:
    return {ask.__name__: Invariant(ask, frozenset(needs)) for ask, needs in all_of_them}


_REQUESTS: Final = ("request.finished", "request.in_flight")
_FAULTS: Final = ("fault.began", "fault.ended")

INVARIANTS: Final = _invariants(
    (time.time_monotone, ()),
    (time.requests_conserved, _REQUESTS),
    (resilience.breaker_transitions_legal, ("breaker.changed", "node.crashed")),
    (resilience.open_breaker_passes_nothing, ("breaker.changed", "breaker.call", "node.crashed")),
    (resilience.single_flight, ("cache.load",)),
    (faults.dead_nodes_do_nothing, ("node.crashed", "node.started", "request.retried")),
    (stations.station_within_capacity, (*visits.KINDS, *_FAULTS)),
    (stations.littles_law_pathwise, visits.KINDS),
    (faults.faults_begin_and_end, _FAULTS),
)
"""Every invariant that any run has to keep, by name."""

PROMISED: Final = {
    name: Invariant(ask, about | needs, is_promise=True, about=about)
    for name, (ask, about, needs) in PROMISE_QUERIES.items()
}
"""Every promise by name."""


def check(connection: Connection, facts: Facts) -> list[Verdict]:
    """The verdicts on the run whose view ``events`` *connection* has, in a fixed order.

    For all invariants that can be checked, and all promises that *facts* ask for.
    """
    asked = [promise for name, promise in PROMISED.items() if name in facts.promises]
    there = frozenset(row["kind"] for row in rows(connection, "select distinct kind from events")) if asked else None
    verdicts = [_verdict(connection, facts, invariant, there) for invariant in [*INVARIANTS.values(), *asked]]
    return [verdict for verdict in verdicts if verdict is not None]


def _verdict(
    connection: Connection, facts: Facts, invariant: Invariant, there: frozenset[str] | None = None
) -> Verdict | None:
    """The verdict on one; *there* are the kinds that the log has, where that is known."""
    question = invariant.ask(facts) if facts.captured(*invariant.needs) else None
    if question is None:
        return None
    moot = there is not None and bool(invariant.about) and not invariant.about & there
    found = [] if moot else _ask(connection, question)
    violations = max((row.pop("violations") for row in found), default=0)
    return Verdict(invariant.name, not found, violations, tuple(found))


def _ask(connection: Connection, question: Question) -> list[dict[str, Any]]:
    more = question.prepare(connection)
    if more is None:
        return []
    sql = COUNTED.format(question.context, question.sql)
    return fetch(connection, sql, question.parameters | more)
