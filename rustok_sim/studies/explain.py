"""What queueing theory says of each station of a scenario, before any run, and beside what a run has measured."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from rustok_sim.capture import read_record
from rustok_sim.scenario import (
    ConstantArrivals,
    LoadClass,
    MmppArrivals,
    PoissonArrivals,
    ProfileArrivals,
    Scenario,
    Station,
    load_scenario,
)
from rustok_sim.studies.queueing import Forecast, Service, forecast, service_of


@dataclass(frozen=True, slots=True)
class Explained:
    """One station: what comes, what theory makes of it, where theory does not reach, and what was measured."""

    station: str
    servers: int
    rate_per_s: float | None
    """What comes per second in the mean; none where that is not known beforehand."""
    forecast: Forecast | None
    cautions: tuple[str, ...]
    """Why the formula may not hold here."""
    measured: Mapping[str, float | None] | None = None
    """utilisation, wait_s, sojourn_s and loss of a run."""

    def to_json(self) -> dict[str, Any]:
        """For ``rustok-sim explain --json``."""
        told = self.forecast
        numbers = {} if told is None else {
            name: value if isfinite(value := getattr(told, name)) else None
            for name in ("utilisation", "wait_s", "sojourn_s", "loss")
        }  # fmt: skip
        return {
            "station": self.station,
            "servers": self.servers,
            "rate_per_s": self.rate_per_s,
            "formula": None if told is None else told.formula,
            "exact": told is not None and told.exact and not self.cautions,
            "expected": numbers,
            "measured": None if self.measured is None else dict(self.measured),
            "cautions": list(self.cautions),
        }


@dataclass(frozen=True, slots=True)
class Explanation:
    """All stations of a scenario."""

    scenario: str
    stations: tuple[Explained, ...]
    notes: tuple[str, ...] = ()
    """What of the scenario is no station, and so not explained."""

    @property
    def bottleneck(self) -> Explained | None:
        """The station that is busiest by theory; none where nobody arrives."""
        known = [one for one in self.stations if one.forecast is not None and one.rate_per_s]
        return max(known, key=_pressure, default=None)

    def to_json(self) -> dict[str, Any]:
        """For ``rustok-sim explain --json``."""
        busiest = self.bottleneck
        return {
            "scenario": self.scenario,
            "bottleneck": None if busiest is None else busiest.station,
            "stations": [one.to_json() for one in self.stations],
            "notes": list(self.notes),
        }


def explain(target: str | Path) -> Explanation:
    """Explain a scenario file, or the scenario of a run in its directory, beside what the run measured.

    Raises ``ScenarioError`` for a file that is wrong, ``RunError`` for a directory without a run.
    """
    path = Path(target)
    if not path.is_dir():
        return explained(load_scenario(path))
    record = read_record(path)
    settings = {key: value for key, value in record["settings"].items() if key != "data"}
    scenario = Scenario.model_validate_json(json.dumps(settings))
    return explained(scenario, record["metrics"].get("stations", {}))


def explained(scenario: Scenario, metrics: Mapping[str, Mapping[str, Any]] | None = None) -> Explanation:
    """Every station that *scenario* declares, in its order, with the metrics of a run where there are some."""
    passed: dict[str, float] = {}
    stations = []
    for name, station in scenario.stations.items():
        rate_per_s = _rate(scenario, name, passed)
        service = service_of(station.service)
        told = forecast(station, service, rate_per_s) if rate_per_s is not None and service is not None else None
        passed[name] = 1.0 - told.loss if told is not None else 1.0
        cautions = tuple(_cautions(scenario, name, station, service, rate_per_s))
        measured = _measured(metrics[name]) if metrics and name in metrics else None
        stations.append(Explained(name, station.servers, rate_per_s, told, cautions, measured))
    return Explanation(scenario.name, tuple(stations), tuple(_notes(scenario)))


def _pressure(one: Explained) -> float:
    assert one.forecast is not None  # noqa: S101 - the caller asks of known ones
    return one.forecast.utilisation + one.forecast.loss


def _rate(scenario: Scenario, station: str, passed: Mapping[str, float]) -> float | None:
    """What comes to *station* per second: of each class all that its earlier stations let through."""
    total = 0.0
    for load in _visitors(scenario, station):
        rate_per_s = _mean_rate(load)
        if rate_per_s is None:
            return None
        for place, visited in enumerate(load.route or ()):
            if visited == station:
                before = (load.route or ())[:place]
                share = 1.0
                for earlier in before:
                    share *= passed.get(earlier, 1.0)
                total += rate_per_s * share
    return total


def _visitors(scenario: Scenario, station: str) -> list[LoadClass]:
    return [load for load in scenario.load if station in (load.route or ())]


def _mean_rate(load: LoadClass) -> float | None:
    """Arrivals per second in the long run; none where they depend on answers, or have no long run."""
    match load.arrivals:
        case PoissonArrivals(rate_per_s=rate_per_s) | ConstantArrivals(rate_per_s=rate_per_s):
            return rate_per_s
        case MmppArrivals(states=states):
            return sum(one.rate_per_s * one.mean_s for one in states) / sum(one.mean_s for one in states)
        case ProfileArrivals(points=points):
            return max(rate_per_s for _, rate_per_s in points)
    return None


def _cautions(
    scenario: Scenario, name: str, station: Station, service: Service | None, rate_per_s: float | None
) -> Iterator[str]:
    visitors = _visitors(scenario, name)
    if not visitors:
        yield "no class of requests comes here"
    if rate_per_s is None:
        yield "the rate is not known beforehand: clients that wait for answers, bursts and traces have none"
    if service is None:
        yield "the service time is known to a data file alone"
    for load in visitors:
        yield from _of_class(scenario, name, load)
    if service is not None and not service.exponential and (station.servers > 1 or station.queue_limit is not None):
        yield "service is not exponential: the formula for several servers, or a limit, is an approximation"
    if station.discipline == "priority" and len({load.priority for load in visitors}) > 1:
        yield "classes wait by priority: the mean over all of them is told, not each class's own"
    if any(fault.target == name for fault in scenario.faults):
        yield "faults strike it"


def _of_class(scenario: Scenario, name: str, load: LoadClass) -> Iterator[str]:
    arrivals = load.arrivals
    if arrivals is not None and arrivals.process != "poisson":
        peak = ", the peak is taken" if arrivals.process == "profile" else ""
        yield f"class {load.name} does not arrive by Poisson at a steady rate ({arrivals.process}){peak}"
    if getattr(arrivals, "start_s", 0.0) or getattr(arrivals, "stop_s", None) is not None:
        yield f"class {load.name} does not come all the time"
    if load.timeout_s is not None:
        yield f"clients of class {load.name} leave after {load.timeout_s:g} s"
    if load.retry is not None:
        yield f"clients of class {load.name} ask again"
    earlier = (load.route or ())[: (load.route or ()).index(name)]
    for before in earlier:
        one = scenario.stations[before]
        service = service_of(one.service)
        if one.queue_limit is not None or service is None or not service.exponential:
            yield f"class {load.name} comes from {before}, which does not let it out by Poisson"


def _measured(metrics: Mapping[str, Any]) -> dict[str, float | None]:
    arrived = metrics["arrived"]
    return {
        "utilisation": metrics["utilisation"],
        "wait_s": metrics["wait_s_mean"],
        "sojourn_s": metrics["sojourn_s_mean"],
        "loss": metrics["rejected"] / arrived if arrived else None,
    }


def _notes(scenario: Scenario) -> Iterator[str]:
    if scenario.needs_platform:
        yield "RusToK's own operations are code, not stations: no formula knows how often they ask the database"
    if not scenario.stations:
        yield (
            "the scenario declares no station: that is a queue before servers, declared as [stations.NAME] with servers"
            " and service, and visited by classes of [[load]] whose route names it"
        )
