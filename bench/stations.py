"""How fast is a station? M/M/1 and M/M/3 against bare SimPy and against a bare heap, interleaved, medians.

Run with ``python -m bench.stations``. Times depend on the machine; the ratios are what to look at. Required: the
engine without capture at least twice as fast as bare SimPy, with capture (Parquet and digest included) 1.2 times.
"""

import gc
import random
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from pathlib import Path
from statistics import median
from time import perf_counter

import simpy

from rustok_sim.capture import NullJournal, recording
from rustok_sim.engine import Simulation
from rustok_sim.scenario import Scenario, load_scenario

CUSTOMERS = 200_000
ROUNDS = 5
CASES = {"M/M/1": (0.8, 1), "M/M/3": (2.4, 3)}


def bare_simpy(rate_per_s: float, servers: int) -> None:
    """The textbook way: a process, a request and a timeout for each customer."""
    rng = random.Random(1)  # noqa: S311 - a benchmark, not a secret
    env = simpy.Environment()
    resource = simpy.Resource(env, servers)

    def customer() -> simpy.events.ProcessGenerator:
        with resource.request() as turn:
            yield turn
            yield env.timeout(rng.expovariate(1.0))

    def source() -> simpy.events.ProcessGenerator:
        for _ in range(CUSTOMERS):
            yield env.timeout(rng.expovariate(rate_per_s))
            env.process(customer())

    env.process(source())
    env.run()


def bare_heap(rate_per_s: float, servers: int) -> None:
    """The floor: a heap of times, a generator for the source, and nothing that could be asked about afterwards."""
    rng = random.Random(1)  # noqa: S311 - a benchmark, not a secret
    agenda: list[tuple[float, int, int]] = []
    line: deque[float] = deque()

    def arrivals() -> Iterator[float]:
        at_s = 0.0
        for _ in range(CUSTOMERS):
            at_s += rng.expovariate(rate_per_s)
            yield at_s

    source = arrivals()
    free, number, now = servers, 0, next(source)
    heappush(agenda, (now, number, 0))
    while agenda:
        now, _, what = heappop(agenda)
        if what == 0:
            number += 1
            if (at_s := next(source, None)) is not None:
                heappush(agenda, (at_s, number, 0))
            if free:
                free -= 1
                heappush(agenda, (now + rng.expovariate(1.0), number, 1))
            else:
                line.append(now)
        elif line:
            line.popleft()
            number += 1
            heappush(agenda, (now + rng.expovariate(1.0), number, 1))
        else:
            free += 1


def scenario_file(directory: Path, rate_per_s: float, servers: int) -> Scenario:
    """The same queue as a scenario file; its horizon is that of the mean customer count."""
    path = directory / f"mm{servers}.toml"
    path.write_text(
        f"""
schema_version = 1
name = "mm{servers}"
horizon_s = {CUSTOMERS / rate_per_s}

[[load]]
name = "customers"
route = ["queue"]
arrivals = {{ process = "poisson", rate_per_s = {rate_per_s} }}

[stations.queue]
servers = {servers}
service = {{ dist = "exponential", mean_s = 1.0 }}
""",
        encoding="utf-8",
    )
    return load_scenario(path)


def engine(scenario: Scenario) -> None:
    """This engine, with nothing captured."""
    Simulation(scenario, journal=NullJournal()).run()


def engine_captured(scenario: Scenario, directory: Path) -> None:
    """This engine with every record in a Parquet file on the disk, and its digest."""
    with recording(directory, scenario.name, scenario.seed) as records:
        Simulation(scenario, journal=records.log).run()
        records.seal()


def time_of(work: Callable[[], None]) -> float:
    """Seconds of one call, with the garbage of the one before out of the way."""
    gc.collect()
    begin = perf_counter()
    work()
    return perf_counter() - begin


def measure(case: str, directory: Path) -> None:
    """Measure one queue and print a line for each contender."""
    rate_per_s, servers = CASES[case]
    scenario = scenario_file(directory, rate_per_s, servers)
    contenders: dict[str, Callable[[], None]] = {
        "(a) bare SimPy": lambda: bare_simpy(rate_per_s, servers),
        "(b) engine, capture off": lambda: engine(scenario),
        "(c) engine, capture on": lambda: engine_captured(scenario, directory),
        "(d) bare heap": lambda: bare_heap(rate_per_s, servers),
    }
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, work in contenders.items():
            times[name].append(time_of(work))
    base = median(times["(a) bare SimPy"])
    print(f"{case}: {CUSTOMERS:,} customers, median of {ROUNDS}, interleaved")
    for name, seconds in times.items():
        middle = median(seconds)
        print(f"  {name:26}{CUSTOMERS / middle:>12,.0f} customers/s {base / middle:>7.2f} x bare SimPy")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        for case in CASES:
            measure(case, Path(name))
