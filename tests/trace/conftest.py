"""Runs whose times can be counted by hand."""

import pytest

import rustok_sim as rs

SHOP = """
schema_version = 1
name = "shop"
seed = 3
horizon_s = 12

[deployment]
nodes = 2
gateway = { round_trip = { dist = "constant", value_s = 0.04 }, work = { dist = "constant", value_s = 0.3 } }
log = { round_trip = { dist = "constant", value_s = 0.002 } }

[deployment.redis]
round_trip = { dist = "constant", value_s = 0.001 }

[deployment.database]
round_trip = { dist = "constant", value_s = 0.002 }
statement = { dist = "constant", value_s = 0.008 }
pool_connections = 10

[catalogue]
products = 1
stock_units = 100
"""
"""All times are constant: a statement takes 10 ms, of which 2 ms are the way."""
ONE = """
[[load]]
name = "{name}"
operation = "{operation}"
arrivals = {{ process = "burst", at_s = 1, count = {count} }}
tenants = {{ count = 1 }}
"""


@pytest.fixture(scope="session")
def one():
    """A load class whose requests all arrive at 1 s, as text."""

    def text(operation, *, count=1, name="asked"):
        return ONE.format(operation=operation, count=count, name=name)

    return text


@pytest.fixture(scope="session")
def simulate(root, tmp_path_factory):
    """Run the shop with these loads and faults, as advised unless told, and settings on top."""

    def run(*more, preset="advised", **changes):
        directory = tmp_path_factory.mktemp("run")
        path = directory / "shop.toml"
        path.write_text("".join([SHOP, *more]), encoding="utf-8")
        overlay = root / "scenarios" / "presets" / f"{preset}.toml"
        settings = {key.replace("__", "."): value for key, value in changes.items()}
        return rs.run(path, set=settings, overlays=[overlay], data=directory / "runs")

    return run
