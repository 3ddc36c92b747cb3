"""How long the beginning of a run is not like the rest: MSER-5.

The rule of White and Spratt ("A comparison of truncation rules", Winter Simulation Conference 2000): the means of
batches of five are cut at the front where the standard error of what is left would be least. It looks at mean latency
over time, averaged over replications. Only scenarios that aim at a steady state have one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Final, TypeAlias

from rustok_sim.capture import Connection, query
from rustok_sim.scenario import Scenario

Series: TypeAlias = Mapping[str, Sequence[float | None]]
"""Mean latency of the requests that arrived in each of :data:`BINS` equal parts of the run, by load class."""

BINS: Final = 300
BATCH: Final = 5
LEFT: Final = 5
"""Batches at the end that no cut may reach: the error of so few says nothing."""

ASKED: Final = """
select site, least(floor(begin_s * $bins / $horizon_s), $bins - 1)::int as bin, avg(at_s - begin_s) as latency_s
from events
where kind = 'request.finished' and begin_s < $horizon_s
group by all
order by all
"""


@dataclass(frozen=True, slots=True)
class Warmup:
    """What MSER-5 says of one load class of a scenario, beside what the scenario sets."""

    load: str
    set_s: float
    advised_s: float | None
    """Where the cut belongs; none where the error is least so late that the run is too short to tell."""

    @property
    def warning(self) -> str | None:
        """What is wrong with the scenario's warm-up, if anything."""
        if self.advised_s is None:
            return f"{self.load}: no steady state is seen; the horizon is too short, or there is none"
        if self.advised_s > self.set_s:
            return f"{self.load}: a warm-up of {self.advised_s:g} s is advised, {self.set_s:g} s are left out"
        return None


def series_of(scenario: Scenario, connection: Connection) -> dict[str, list[float | None]]:
    """The series of a run, by load class, where it has one."""
    if not has_series(scenario):
        return {}
    found: dict[str, list[float | None]] = {load.name: [None] * BINS for load in scenario.load}
    asked = query(connection, ASKED, {"bins": BINS, "horizon_s": scenario.horizon_s})
    for site, place, latency_s in asked.iter_rows():
        found[site][place] = latency_s
    return found


def has_series(scenario: Scenario) -> bool:
    """Whether *scenario* aims at a steady state, and its runs tell how long requests took."""
    return steady(scenario) and scenario.capture.wants("request.finished")


def steady(scenario: Scenario) -> bool:
    """Whether nothing in *scenario* happens at a time of its own: even arrivals and no fault that strikes once."""
    return not scenario.faults and all(
        load.arrivals is None
        or (
            load.arrivals.process in {"poisson", "constant"}
            and not getattr(load.arrivals, "start_s", 0.0)
            and getattr(load.arrivals, "stop_s", None) is None
        )
        for load in scenario.load
    )


def warmups(scenario: Scenario, runs: Sequence[Series]) -> list[Warmup]:
    """What MSER-5 advises for each load class, from the series of several replications."""
    if not runs or not runs[0]:
        return []
    width_s = scenario.horizon_s / BINS
    found = []
    for load in runs[0]:
        cut = mser5(_averaged([one[load] for one in runs]))
        found.append(Warmup(load, scenario.warmup_s, None if cut is None else cut * width_s))
    return found


def mser5(values: Sequence[float]) -> int | None:
    """How many of *values* to cut at the front; none where the least error lies in the second half."""
    batches = [sum(values[i : i + BATCH]) / BATCH for i in range(0, len(values) - BATCH + 1, BATCH)]
    best, least = 0, inf
    for cut in range(max(1, len(batches) - LEFT)):
        rest = batches[cut:]
        mean = sum(rest) / len(rest)
        error = sum((batch - mean) ** 2 for batch in rest) / len(rest) ** 2
        if error < least:
            best, least = cut, error
    return best * BATCH if best <= len(batches) / 2 else None


def _averaged(runs: Sequence[Sequence[float | None]]) -> list[float]:
    """The mean over runs, bin by bin; where nobody arrived it is that of the bin before."""
    means: list[float] = []
    for values in zip(*runs, strict=True):
        some = [value for value in values if value is not None]
        means.append(sum(some) / len(some) if some else means[-1] if means else 0.0)
    return means
