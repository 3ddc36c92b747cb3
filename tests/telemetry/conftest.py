"""Samples written as Prometheus' own tests write them, and runs that were watched."""

import numpy as np
import pytest

import rustok_sim as rs
from rustok_sim.telemetry import Samples, Series

MINUTE_S = 60.0
RECORDED = {"platform.telemetry.recording": "all", "platform.telemetry.scraped_path": "served"}


def expanded(written):
    """``0+10x3 5 _ 7``: the values 0, 10, 20, 30, 5, none, 7."""
    values = []
    for word in written.split():
        if word == "_":
            values.append(np.nan)
        elif "x" in word:
            start, _, rest = word.partition("+")
            step, _, times = rest.partition("x")
            values += [float(start) + n * float(step) for n in range(int(times) + 1)]
        else:
            values.append(float(word))
    return np.array(values)


@pytest.fixture
def load():
    """Samples at 0 and then every so many minutes, by series."""

    def make(every_min, series):
        made = []
        for (name, labels), written in series:
            values = expanded(written)
            times_s = np.arange(len(values)) * every_min * MINUTE_S
            made.append(Series({"__name__": name, **labels}, times_s, values))
        return Samples(made, horizon_s=max(one.times_s[-1] for one in made), interval_s=every_min * MINUTE_S)

    return make


@pytest.fixture(scope="session")
def redis_outage(root, tmp_path_factory):
    """The first minutes of the outage of Redis as built, everything recorded."""
    data = tmp_path_factory.mktemp("runs")
    return rs.run(root / "scenarios" / "redis_outage.toml", set=RECORDED, data=data)


@pytest.fixture(scope="session")
def stranded(root, tmp_path_factory):
    """Relays as built that crash, with everything recorded: rows stay claimed for ever."""
    data = tmp_path_factory.mktemp("runs")
    return rs.run(root / "scenarios" / "outbox_delivery.toml", set={**RECORDED, "horizon_s": 300}, data=data)
