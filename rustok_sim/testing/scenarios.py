"""What tests of scenarios and of the engine need: a run kept in memory, and scenarios written as keywords."""

import json
from typing import Any

import numpy as np

from rustok_sim.core.journal import Record, Row
from rustok_sim.engine import Draws, Simulation
from rustok_sim.engine.draws import SiteDraws
from rustok_sim.scenario import Scenario


class ListJournal:
    """A journal that keeps every record in a list."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.append = self.rows.append

    def wants(self, kind: str) -> bool:
        """Always."""
        return True

    def drain(self) -> None:
        """Keep everything where it is."""

    def records(self, *kinds: str) -> list[Record]:
        """The records of these kinds (all, if none is named), in order."""
        return [Record(*row) for row in self.rows if not kinds or row[1] in kinds]


def always(duration_s: float) -> SiteDraws:
    """Draws that are no chance at all: *duration_s*, for every call."""
    return SiteDraws(Draws(0), "always", lambda u: np.full(len(u), duration_s))


def scenario_of(**tables: Any) -> Scenario:
    """A scenario from the tables of a file as keywords; name, seed and horizon have defaults."""
    whole = {"schema_version": 1, "name": "test", "seed": 1, "horizon_s": 100.0} | tables
    return Scenario.model_validate_json(json.dumps(whole))


def simulate(scenario: Scenario, *, seed: int | None = None, replication: int = 0) -> list[Record]:
    """Run a scenario to its horizon and return its records; nothing touches the disk."""
    journal = ListJournal()
    Simulation(scenario, journal=journal, seed=seed, replication=replication).run()
    return journal.records()
