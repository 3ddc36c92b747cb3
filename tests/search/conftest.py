"""A small world to search: a shop with a few orders, quick to run."""

import pytest

from rustok_sim.scenario import load_scenario

SHOP = """
schema_version = 1
name = "shop"
seed = 3
horizon_s = 20

[deployment]
nodes = 2

[catalogue]
products = 3
orders = 40

[[load]]
name = "payers"
operation = "order.pay"
arrivals = { process = "constant", rate_per_s = 1 }
timeout_s = 5.0

[[load]]
name = "cancellers"
operation = "order.cancel"
arrivals = { process = "constant", rate_per_s = 1, start_s = 0.35 }
timeout_s = 5.0

[[load]]
name = "readers"
operation = "product.get"
arrivals = { process = "constant", rate_per_s = 2 }
timeout_s = 5.0
"""


@pytest.fixture
def shop(tmp_path):
    """The file."""
    path = tmp_path / "shop.toml"
    path.write_text(SHOP, encoding="utf-8")
    return path


@pytest.fixture
def base(shop):
    """The scenario of the file."""
    return load_scenario(shop)
