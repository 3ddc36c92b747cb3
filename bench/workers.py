"""What do two worker processes gain, and what does a study cost beside its runs? Interleaved, medians.

Run with ``python -m bench.workers``. Required: two workers at least 1.8 times one on 40 equal runs, and less than 50 ms
a task beside what the run takes alone, once the workers are there. A busy machine shows neither: its load is printed.

``python -m bench.workers --thousand`` conducts a study of 1,000 runs of 60 simulated seconds at 20 requests a second
on two workers. Required: 12 minutes, and 2 GiB for all processes together, of which the peak is printed.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from threading import Event, Thread
from time import perf_counter

from bench.stations import time_of
from rustok_sim.scenario import Scenario
from rustok_sim.studies import load_study, run, study
from rustok_sim.studies.gather import Gatherer
from rustok_sim.studies.workers import Workers

ROUNDS = 3
TASKS = 40
THOUSAND = 1_000
LOOKS_S = 1.0


def study_file(directory: Path, *, runs: int, horizon_s: float, rate_per_s: float) -> Path:
    """A study of so many equal runs of tenants being resolved."""
    (directory / "shop.toml").write_text(
        f"""
schema_version = 1
name = "shop"
horizon_s = {horizon_s}

[[load]]
name = "storefront"
operation = "tenant.resolve"
arrivals = {{ process = "poisson", rate_per_s = {rate_per_s} }}
tenants = {{ count = 50, zipf = 1.0 }}
""",
        encoding="utf-8",
    )
    path = directory / f"study_{runs}.toml"
    path.write_text(
        f"""
schema_version = 1
question = "How long do {runs} runs take?"
base = "shop.toml"
metrics = ["requests.storefront.availability"]
replications = {{ min = {runs} }}
""",
        encoding="utf-8",
    )
    return path


def started(scenario: Scenario, directory: Path, jobs: int) -> float:
    """Seconds for all tasks once *jobs* workers have done a task each, so that they are there and have imported all."""
    with Workers(jobs) as workers:
        gatherer = Gatherer(directory, workers, progress=False)
        gatherer.make_single((scenario, TASKS + i) for i in range(2 * jobs))
        return time_of(lambda: gatherer.make([(scenario, TASKS)]))


def alone(scenario: Scenario, directory: Path) -> float:
    """Seconds for the same runs, one after the other and without any study."""

    def runs() -> None:
        for replication in range(TASKS):
            run(scenario, replication=replication, data=directory)

    return time_of(runs)


def scaling() -> None:
    """Measure and print what two workers gain and what a task costs beside its run."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        file = study_file(root, runs=TASKS, horizon_s=60, rate_per_s=50)
        [point] = load_study(file).points
        scenario = point.scenarios["base"]
        contenders: dict[str, Callable[[Path], float]] = {
            "runs alone": lambda where: alone(scenario, where),
            "one worker": lambda where: started(scenario, where, 1),
            "two workers": lambda where: started(scenario, where, 2),
        }
        times: dict[str, list[float]] = {name: [] for name in contenders}
        for turn in range(ROUNDS):
            for place, (name, work) in enumerate(contenders.items()):
                times[name].append(work(root / f"{turn}-{place}"))
    middle = {name: median(seconds) for name, seconds in times.items()}
    print(f"{TASKS} equal runs, median of {ROUNDS}, interleaved; load of the machine {os.getloadavg()[0]:.1f}")
    for name, seconds in middle.items():
        print(f"  {name:12}{seconds:>8.2f} s {seconds / TASKS * 1e3:>8.0f} ms a task")
    print(f"  two workers are {middle['one worker'] / middle['two workers']:.2f} x one")
    print(f"  a study adds {(middle['one worker'] - middle['runs alone']) / TASKS * 1e3:.0f} ms to a run")


def memory_bytes() -> int:
    """What this process and all below it hold in memory, shared pages divided among their holders."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has ended meanwhile
            continue
    family = {os.getpid()}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return sum(map(_share_bytes, family))


def _share_bytes(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def thousand(runs: int) -> None:
    """Conduct the large study once, and print its time and the peak of memory."""
    peak, over = 0, Event()

    def watch() -> None:
        nonlocal peak
        while not over.wait(LOOKS_S):
            peak = max(peak, memory_bytes())

    watcher = Thread(target=watch, daemon=True)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        file = study_file(root, runs=runs, horizon_s=60, rate_per_s=20)
        watcher.start()
        begin = perf_counter()
        answer = study(file, data=root, jobs=2, progress=sys.stderr.isatty())
        took = perf_counter() - begin
        over.set()
        watcher.join()
    print(
        f"{answer.ran:,} runs of 60 s at 20 requests/s on two workers: {took:.0f} s, {took / runs * 1e3:.0f} ms a run"
    )
    print(f"  peak of memory, all processes: {peak / 2**20:,.0f} MiB; load of the machine {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    if "--thousand" in sys.argv:
        thousand(THOUSAND)
    else:
        scaling()
