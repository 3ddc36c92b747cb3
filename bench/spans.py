"""What do spans cost a run that captures them? The same run with and without their records, interleaved.

Run with ``python -m bench.spans``. A trace is made of the records of work that has a begin and an end: statements,
transactions, Redis, stations, breakers, loads, events on their way. Spans off: a run that captures all kinds but those.
Required: with them a run takes at most twice as long. No records at all are there for comparison, and what it takes to
make the traces afterwards, which no run pays for. Processor time is counted, of all threads, so that a busy machine
changes little.
"""

import gc
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time

from rustok_sim.capture import kinds_in, recording
from rustok_sim.engine import Simulation
from rustok_sim.scenario import Scenario, load_scenario
from rustok_sim.studies import Run, run
from rustok_sim.trace import traces
from rustok_sim.trace.kinds import HOLDS

ROUNDS = 5
ALLOWED = 2.0
SCENARIOS = {"everything": ["horizon_s=60"], "redis_outage": ["horizon_s=240", "expect=[]"]}
SPANS_OFF = tuple(sorted(kinds_in(("*",)) - HOLDS.keys()))


def cpu_of(work: Callable[[], object]) -> float:
    """Seconds of the processor that one call takes, with the garbage of the one before out of the way."""
    gc.collect()
    begin = process_time()
    work()
    return process_time() - begin


def captured(scenario: Scenario, directory: Path, kinds: tuple[str, ...]) -> None:
    """One run with the records of these kinds, up to the finished log."""
    with recording(directory, scenario.name, scenario.seed, include=kinds) as records:
        Simulation(scenario, journal=records.log).run()
        records.seal()


def _read(kept: Run) -> None:
    """Make all traces of a run."""
    for _ in traces(kept):
        pass


def main() -> None:
    """Measure and print a line for each way, by scenario."""
    folder = Path(__file__).resolve().parents[1] / "scenarios"
    ways = {"nothing": (), "spans off": SPANS_OFF, "spans on": ("*",)}
    for name, overrides in SCENARIOS.items():
        scenario = load_scenario(folder / f"{name}.toml", overrides=overrides)
        times: dict[str, list[float]] = {way: [] for way in ways}
        with tempfile.TemporaryDirectory() as place:
            for _ in range(ROUNDS):
                for way, kinds in ways.items():
                    times[way].append(cpu_of(partial(captured, scenario, Path(place), kinds)))
            kept = run(scenario, data=place)
            after_s = cpu_of(partial(_read, kept))
            spans = sum(kept.sql("select kind from events")["kind"].is_in(list(HOLDS)))
        off_s = median(times["spans off"])
        print(f"{name}: {kept.record['events']:,} records, {spans:,} of them spans; at most {ALLOWED:g} x")
        print(f"  median of {ROUNDS}, interleaved")
        for way, found in times.items():
            print(f"  captured: {way:10}{median(found):>8.2f} s {median(found) / off_s:>6.2f} x spans off")
        print(f"  traces made of it  {after_s:>8.2f} s")


if __name__ == "__main__":
    main()
