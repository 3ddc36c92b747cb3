"""Two short runs with something to see, shared by the tests of the dashboard."""

import pytest

import rustok_sim as rs
from rustok_sim.dashboard import board_of

TITLE = "</script><img src=x onerror=\"alert('no')\"> & more"


@pytest.fixture(scope="session")
def outage(root, tmp_path_factory):
    """Redis is gone for ten of sixty seconds: breakers open, requests fail."""
    changes = {"horizon_s": 60, "warmup_s": 0, "faults.0.at_s": 20, "faults.0.duration_s": 10, "title": TITLE}
    return rs.run(root / "scenarios/redis_outage.toml", set=changes, data=tmp_path_factory.mktemp("outage"))


@pytest.fixture(scope="session")
def delivery(root, tmp_path_factory):
    """Events go by way of the outbox and the log to the read model, while the log is away for five seconds."""
    changes = {
        "horizon_s": 40,
        "load.0.arrivals.points": [[1, 20], [30, 20], [31, 0]],
        "faults": [{"kind": "outage", "target": "log", "at_s": 12, "duration_s": 5}],
        "platform.index.wiring": "log",
    }
    return rs.run(root / "scenarios/outbox_delivery.toml", set=changes, data=tmp_path_factory.mktemp("delivery"))


@pytest.fixture(scope="session")
def outage_board(outage):
    """What the dashboard shows of it."""
    return board_of(outage)


@pytest.fixture(scope="session")
def delivery_board(delivery):
    """What the dashboard shows of it."""
    return board_of(delivery)
