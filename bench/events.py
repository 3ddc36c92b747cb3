"""What does one event cost on its way from the outbox to the read model? Against a bare SimPy customer, interleaved.

Run with ``python -m bench.events``. Two runs of one load are compared: one leaves its events in the outbox, the other
has a relay, a transport and indexers; the difference, divided by the events that reached the read model before the
end, is the cost of one, every record captured. Required of the way in batches: at most 15 customers' worth. The others
are RusToK's: a look, a mark and a message for each row, and five to nine round trips for each event at the indexer.
"""

import tempfile
from functools import partial
from pathlib import Path
from statistics import median

import rustok_sim as rs
from bench.stations import bare_simpy, engine_captured, time_of
from rustok_sim.scenario import Scenario, load_scenario

CHANGES, RATE_PER_S = 6_000, 100
ROUNDS = 5
CUSTOMERS = 200_000
"""What ``bare_simpy`` serves in one go."""
WAYS = {
    "left in the outbox": ["outbox.relays=none", "index.wiring=as_wired"],
    "to the bus": ["outbox.relays=every_node", "outbox.target=bus", "index.wiring=bus"],
    "to the log": ["outbox.relays=every_node", "outbox.target=log", "index.wiring=log"],
    "to the log in batches": [
        "outbox.relays=every_node",
        "outbox.target=log",
        "index.wiring=log",
        "outbox.relay.publishing=batch",
        "outbox.relay.marking=batch",
        "consumer.handling=batch",
    ],
}


def scenario_file(directory: Path, way: str, settings: list[str]) -> Scenario:
    """A hundred changes of prices a second, and what follows of them."""
    presets = Path(__file__).resolve().parents[1] / "scenarios" / "presets"
    path = directory / f"{way.replace(' ', '_')}.toml"
    path.write_text(
        f"""
schema_version = 1
name = "{path.stem}"
horizon_s = {CHANGES / RATE_PER_S}

[catalogue]
products = 50

[[load]]
name = "merchants"
operation = "price.set"
arrivals = {{ process = "poisson", rate_per_s = {RATE_PER_S} }}
tenants = {{ count = 8 }}
""",
        encoding="utf-8",
    )
    always = ["tenant_cache.design=moka", "outbox.relay.after_full_batch=go_on"]
    overrides = [f"platform.{setting}" for setting in always + settings]
    return load_scenario(path, overlays=[presets / "as_built.toml"], overrides=overrides)


def indexed(scenario: Scenario) -> int:
    """How many events reach the read model before the run ends: a relay may have a backlog then."""
    return int(rs.run(scenario).sql("select count(*) as n from events where kind = 'index.applied'")["n"][0])


def main() -> None:
    """Measure and print a line for each way."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        scenarios = {way: scenario_file(directory, way, settings) for way, settings in WAYS.items()}
        times: dict[str, list[float]] = {way: [] for way in ("bare SimPy", *scenarios)}
        for _ in range(ROUNDS):
            times["bare SimPy"].append(time_of(lambda: bare_simpy(0.8, 1)) / CUSTOMERS)
            for way, scenario in scenarios.items():
                times[way].append(time_of(partial(engine_captured, scenario, directory)))
    base, left = median(times["bare SimPy"]), median(times["left in the outbox"])
    print(f"{CHANGES:,} changes, median of {ROUNDS}, interleaved; a bare SimPy customer takes {base * 1e6:.1f} us")
    for way, scenario in list(scenarios.items())[1:]:
        events = indexed(scenario)
        each = (median(times[way]) - left) / events
        name = f"outbox {way}, {events:,} events"
        print(f"  captured, {name:32}{each * 1e6:>8.0f} us {each / base:>7.1f} x bare SimPy")


if __name__ == "__main__":
    main()
