"""One run from a scenario to a directory: simulate, capture, measure, judge."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import polars as pl

from rustok_sim.capture import Connection, RunRecord, code_commit, open_run, query, read_record, recording, sealed
from rustok_sim.core.errors import RunError
from rustok_sim.engine import Simulation
from rustok_sim.scenario import Scenario, load_scenario
from rustok_sim.studies.facts import facts_of
from rustok_sim.verify import Metrics, Verdict, check, check_python, check_sql, judge, measure

DATA: Final = Path("data/runs")
"""Where runs are kept unless told otherwise, below the working directory."""

Progress = Callable[[float], object]
Observer = Callable[[float, Callable[[], Connection]], object]
"""Is told the share of the run that is done, and how to open a connection whose ``events`` are those so far."""


class Run:
    """A finished run: its directory, what was measured, and whether all that had to hold held."""

    def __init__(self, directory: Path, *, wall_s: float | None = None) -> None:
        self.directory = directory
        self.record: Mapping[str, Any] = read_record(directory)
        self.wall_s = wall_s
        self.metrics = Metrics(self.record["metrics"])

    @property
    def name(self) -> str:
        """The run's id: the name of its directory."""
        return self.directory.name

    @property
    def digest(self) -> str:
        """SHA-256 over the content of its event log."""
        return str(self.record["digest"])

    @property
    def invariants(self) -> Sequence[Mapping[str, Any]]:
        """Each invariant with whether it held, and examples of what broke it."""
        return self.record["invariants"]  # type: ignore[no-any-return]  # as it was written

    @property
    def expectations(self) -> Sequence[Mapping[str, Any]]:
        """Each expectation of the scenario with its value and whether it held."""
        return self.record["expectations"]  # type: ignore[no-any-return]  # as it was written

    @property
    def held(self) -> bool:
        """Whether every invariant and every expectation held."""
        return all(row["held"] for row in [*self.invariants, *self.expectations])

    def sql(self, statement: str, parameters: Mapping[str, object] | None = None) -> pl.DataFrame:
        """Ask the view ``events`` in SQL; ``$name`` stands for a parameter. Say ``order by`` where order matters."""
        connection = open_run(self.directory)
        try:
            return query(connection, statement, parameters)
        finally:
            connection.close()

    def to_json(self) -> dict[str, Any]:
        """What ``rustok-sim run --json`` prints."""
        record = self.record
        return {
            "run": self.name,
            "directory": str(self.directory),
            "scenario": record["scenario"],
            "seed": record["seed"],
            "replication": record["replication"],
            "digest": record["digest"],
            "wall_s": self.wall_s,
            "events": record["events"],
            "simulated_s": record["simulated_s"],
            "metrics": record["metrics"],
            "invariants": record["invariants"],
            "expectations": record["expectations"],
        }

    def __repr__(self) -> str:
        verdict = "held" if self.held else "not held"
        return f"<Run {self.name}: {self.record['events']:,} events, expectations and invariants {verdict}>"

    def _repr_html_(self) -> str:
        return self.metrics._repr_html_()


def run(
    scenario: str | Path | Scenario,
    *,
    set: Mapping[str, object] | Sequence[str] = (),  # noqa: A002 - the word of the command line
    overlays: Sequence[str | Path] = (),
    seed: int | None = None,
    replication: int = 0,
    data: str | Path = DATA,
    allow_code: bool = False,
    progress: Progress = lambda _: None,
    observe: Observer = lambda _share, _events: None,
) -> Run:
    """Run a scenario once and keep the run below *data*.

    *overlays* are presets laid over the file, *set* overrides single keys, as in
    ``{"platform.tenant_cache.design": "moka"}``, and *seed* its seed. *allow_code* lets the Python file of checks
    run that the scenario may name. *progress* is told the share done, *observe* may look at the records so far as well:
    whatever it does, the run stays the same.
    Raises ``ScenarioError`` for a scenario that cannot be, ``RunError`` where the disk refuses.
    """
    scenario = scenario_of(scenario, set=set, overlays=overlays, seed=seed)
    if replication < 0:
        raise ValueError(f"replication must be 0 or more, not {replication}")
    own = scenario.verify
    if own is not None and own.python is not None and not allow_code:
        raise RunError(
            f"{own.python.name}: is Python that the scenario wants to run; if you trust it, pass --allow-code"
        )
    root = scenario.seed
    begin = perf_counter()
    include = scenario.capture.include if scenario.capture.enabled else ()
    watched = scenario.verify is not None
    with recording(Path(data), scenario.name, root, include=include, watched=watched) as records:
        simulation = Simulation(scenario, journal=records.log, seed=root, replication=replication)

        def told(share: float) -> None:
            progress(share)
            observe(share, records.log.open)

        simulated_s = simulation.run(told)
        records.seal()
        record = assess(scenario, records.directory, seed=root, replication=replication, simulated_s=simulated_s)
        directory = records.publish(record)
    return Run(directory, wall_s=perf_counter() - begin)


def scenario_of(
    scenario: str | Path | Scenario,
    *,
    set: Mapping[str, object] | Sequence[str] = (),  # noqa: A002 - the word of the command line
    overlays: Sequence[str | Path] = (),
    seed: int | None = None,
) -> Scenario:
    """What :func:`run` runs: a file with what is laid over it, or a scenario as it is. Raises as that does."""
    if not isinstance(scenario, Scenario):
        return load_scenario(scenario, overlays=overlays, overrides=set, seed=seed)
    if set or overlays or seed is not None:
        raise TypeError("set, overlays and seed go with a scenario file, not with a Scenario that is already made")
    return scenario


def assess(scenario: Scenario, directory: Path, *, seed: int, replication: int, simulated_s: float) -> RunRecord:
    """Measure the sealed log in *directory* and hold it against the invariants and the scenario's expectations."""
    facts = facts_of(scenario)
    connection = open_run(directory)
    try:
        metrics = measure(connection, facts)
        verdicts = check(connection, facts) + own_checks(scenario, connection)
    finally:
        connection.close()
    return RunRecord(
        scenario=scenario.name,
        settings=scenario.canonical(),
        seed=seed,
        replication=replication,
        simulated_s=simulated_s,
        commit=code_commit(),
        metrics=metrics.to_dict(),
        invariants=[verdict.to_dict() for verdict in verdicts],
        expectations=[judgement.to_dict() for judgement in judge(scenario.expect, metrics)],
    )


def own_checks(scenario: Scenario, connection: Connection) -> list[Verdict]:
    """The verdicts of the checks that the scenario brings along; *connection* is sealed by that."""
    own = scenario.verify
    if own is None or (own.sql is None and own.python is None):
        return []
    sealed(connection)
    verdicts = [] if own.sql is None else check_sql(connection, own.sql.path)
    return verdicts + ([] if own.python is None else check_python(connection, own.python.path))
