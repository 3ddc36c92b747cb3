"""One trial: a run in memory, and what it breaks."""

from dataclasses import dataclass, field, replace
from typing import Any, Final

from rustok_sim.capture import LogDigest, MemoryLog
from rustok_sim.engine import Simulation
from rustok_sim.scenario import Scenario
from rustok_sim.studies.facts import facts_of, kinds_of
from rustok_sim.verify import INVARIANTS, PROMISED, Facts, check

DEAR: Final = frozenset({"db.query", "redis.command"})
"""Kinds that make up most of a log, and that no promise needs."""


@dataclass(frozen=True, slots=True)
class Violation:
    """What a run broke: the invariant, the problem its query names, and the first record that shows it."""

    invariant: str
    problem: str
    row: dict[str, Any] = field(compare=False)

    @property
    def key(self) -> tuple[str, str]:
        """What makes it one finding and not another."""
        return self.invariant, self.problem


def attempt(scenario: Scenario) -> list[Violation]:
    """Run *scenario* in memory and name what it breaks. Of each invariant the first few records are looked at."""
    kinds = kinds_of(scenario)
    needed = frozenset[str]().union(*(one.needs for one in [*INVARIANTS.values(), *PROMISED.values()]))
    _, violations = judged(scenario, (kinds & needed) - DEAR)
    return violations


def judged(scenario: Scenario, kinds: frozenset[str]) -> tuple[MemoryLog, list[Violation]]:
    """The log of a run that captures *kinds*, and what it breaks, each with the first record of each problem."""
    log = MemoryLog(kinds)
    Simulation(scenario, journal=log, seed=scenario.seed).run()
    found: dict[tuple[str, str], Violation] = {}
    connection = log.open()
    try:
        verdicts = check(connection, _facts(scenario, kinds))
    finally:
        connection.close()
    for verdict in verdicts:
        for row in verdict.examples:
            one = Violation(verdict.name, str(row.get("problem") or ""), row)
            found.setdefault(one.key, one)
    return log, list(found.values())


def _facts(scenario: Scenario, kinds: frozenset[str]) -> Facts:
    return replace(facts_of(scenario), kinds=kinds)


def digest_of_run(scenario: Scenario) -> str:
    """The digest that a whole run of the scenario has."""
    log = MemoryLog(kinds_of(scenario))
    Simulation(scenario, journal=log, seed=scenario.seed).run()
    digest = LogDigest()
    digest.update(log.frame())
    return digest.hexdigest()
