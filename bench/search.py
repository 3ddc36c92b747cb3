"""How many short runs does a search make in a minute, on one core?

Run with ``python -m bench.search``. Runs are those that ``rustok-sim find`` draws from ``scenarios/everything.toml``:
sixty simulated seconds, about twenty requests a second, mostly two nodes, four faults at most; drawing, simulating and
asking every invariant and promise is counted, by processor time. Required: at least 100 a minute.
"""

from pathlib import Path
from time import process_time

from rustok_sim.scenario import load_scenario
from rustok_sim.search import attempt, draw, realise

RUNS, SEED = 40, 31
SCENARIOS = Path(__file__).resolve().parents[1] / "scenarios"


def main() -> None:
    """Measure and print a line for each preset."""
    print(f"{RUNS} runs each, by processor time")
    for preset in ("as_built", "advised"):
        base = load_scenario(SCENARIOS / "everything.toml", overlays=[SCENARIOS / "presets" / f"{preset}.toml"])
        attempt(realise(base, draw(base, SEED, RUNS)))  # what the first run loads is not counted
        begin_s = process_time()
        for number in range(RUNS):
            attempt(realise(base, draw(base, SEED, number)))
        each_s = (process_time() - begin_s) / RUNS
        print(f"  {preset:10}{60.0 / each_s:>6.0f} runs a minute and core, {each_s * 1000:.0f} ms each")


if __name__ == "__main__":
    main()
