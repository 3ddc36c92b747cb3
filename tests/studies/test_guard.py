"""The guard of determinism: it is silent about what is the same, and names the first record that is not."""

import json
import os
import subprocess
import sys

import pytest

from rustok_sim.capture import EventLog
from rustok_sim.core.journal import COLUMNS
from rustok_sim.studies import first_difference

COMMAND = [sys.executable, "-m", "rustok_sim"]
QUEUE = """
schema_version = 1
name = "queue"
seed = 5
horizon_s = 20

[[load]]
name = "customers"
route = ["desk"]
arrivals = { process = "poisson", rate_per_s = 2 }

[stations.desk]
servers = 1
service = { dist = "exponential", mean_s = 0.1 }
"""
SET_ORDER = """
from rustok_sim.engine import load
finish = load.LoadClass._finish
def slip(self, request, outcome, status, code):
    finish(self, request, outcome, status, next(iter({"ash", "birch", "cedar", "elm", "fir", "oak", "pine", "yew"})))
load.LoadClass._finish = slip
"""
CLOCK = SET_ORDER.replace(
    'next(iter({"ash", "birch", "cedar", "elm", "fir", "oak", "pine", "yew"}))', "str(time.time_ns())"
).replace("from rustok_sim", "import time\nfrom rustok_sim", 1)


def verify(tmp_path, patch="", **environment):
    """Run the scenario twice, with *patch* in every process that Python starts."""
    (tmp_path / "queue.toml").write_text(QUEUE, encoding="utf-8")
    (tmp_path / "sitecustomize.py").write_text(patch, encoding="utf-8")
    paths = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.run(
        [*COMMAND, "run", "queue.toml", "--verify", "--data", "runs", "--json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": paths, **environment},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


def test_a_run_that_repeats_itself_holds(tmp_path):
    """The same records in both processes: exit code 0, no complaint."""
    done = verify(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["verified"] is True


def test_whoever_reads_the_order_of_a_set_is_caught(tmp_path):
    """A set of texts falls out otherwise with another seed of hashes: the first record that shows it is named."""
    done = verify(tmp_path, SET_ORDER, PYTHONHASHSEED="3")
    assert done.returncode == 1
    assert "two runs of one seed differ: record 1: request.finished" in done.stderr
    assert json.loads(done.stdout)["verified"] is False
    assert "Traceback" not in done.stderr


def test_whoever_reads_the_clock_is_caught(tmp_path):
    """The hour of the day is never the same twice."""
    done = verify(tmp_path, CLOCK)
    assert done.returncode == 1
    assert "in the first run" in done.stderr


@pytest.fixture
def stored(tmp_path):
    """Keeps records as a run's log."""

    def store(name, values):
        directory = tmp_path / name
        directory.mkdir()
        log = EventLog(directory)
        for at_s, value in values:
            log.append(tuple({"at_s": at_s, "kind": "cache.hit", "value": value}.get(column) for column in COLUMNS))
        log.finish()
        return directory

    return store


def test_the_first_difference_is_the_first(stored):
    """Two differ in their third record and their fourth; what is missing in both is no difference."""
    one = stored("one", [(0.0, None), (1.0, 1.0), (2.0, 2.0), (3.0, 3.0)])
    two = stored("two", [(0.0, None), (1.0, 1.0), (2.0, None), (3.0, 4.0)])
    found = first_difference(one, two)
    assert found.seq == 2
    assert (found.first["value"], found.second["value"]) == (2.0, None)
    assert first_difference(one, stored("three", [(0.0, None), (1.0, 1.0), (2.0, 2.0), (3.0, 3.0)])) is None


def test_a_log_that_ends_early_differs_where_it_ends(stored):
    """The record that only one of them has is told."""
    found = first_difference(stored("one", [(0.0, 1.0)]), stored("two", [(0.0, 1.0), (1.0, 2.0)]))
    assert (found.seq, found.first, found.second["value"]) == (1, None, 2.0)
    assert "no record in the first run" in str(found)
