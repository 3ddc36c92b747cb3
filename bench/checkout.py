"""What does a captured checkout cost? Against a bare SimPy customer of an M/M/1 queue, interleaved, medians.

Run with ``python -m bench.checkout``. A checkout is place, submit and pay: the services' own code on the database in
memory, through pool and wires, with every record in a Parquet file; start and end of the run are shared by all. As
advised, a checkout also writes the journal of its payment, reservations and events; what becomes of the events is
measured by ``bench.events``, so here nobody relays and indexes them. Required, as built: at most 25 customers' worth.
"""

import tempfile
from functools import partial
from pathlib import Path
from statistics import median

from bench.stations import bare_simpy, engine_captured, time_of
from rustok_sim.scenario import Scenario, load_scenario

CHECKOUTS = 10_000
ROUNDS = 5
CUSTOMERS = 200_000
"""What ``bare_simpy`` serves in one go."""


def scenario_file(directory: Path, preset: str) -> Scenario:
    """Fifty buyers a second, with the designs of one preset."""
    presets = Path(__file__).resolve().parents[1] / "scenarios" / "presets"
    path = directory / f"{preset}.toml"
    path.write_text(
        f"""
schema_version = 1
name = "{preset}"
horizon_s = {CHECKOUTS / 50}

[catalogue]
stock_units = 1000000

[[load]]
name = "buyers"
operation = "checkout"
arrivals = {{ process = "poisson", rate_per_s = 50 }}
ask = {{ role = "customer" }}
""",
        encoding="utf-8",
    )
    alone = ["tenant_cache.design=moka", "outbox.relays=none", "index.wiring=as_wired"]
    overrides = [f"platform.{setting}" for setting in alone]
    return load_scenario(path, overlays=[presets / f"{preset}.toml"], overrides=overrides)


def main() -> None:
    """Measure and print a line for each preset."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        scenarios = {preset: scenario_file(directory, preset) for preset in ("as_built", "advised")}
        times: dict[str, list[float]] = {preset: [] for preset in ("bare SimPy", *scenarios)}
        for _ in range(ROUNDS):
            times["bare SimPy"].append(time_of(lambda: bare_simpy(0.8, 1)) / CUSTOMERS)
            for preset, scenario in scenarios.items():
                times[preset].append(time_of(partial(engine_captured, scenario, directory)) / CHECKOUTS)
    base = median(times["bare SimPy"])
    print(f"{CHECKOUTS:,} checkouts, median of {ROUNDS}, interleaved; a bare SimPy customer takes {base * 1e6:.1f} us")
    for preset in scenarios:
        each = median(times[preset])
        print(f"  captured checkout, {preset:10}{each * 1e6:>8.0f} us {each / base:>7.1f} x bare SimPy")


if __name__ == "__main__":
    main()
