"""The command line as a user meets it: real processes, their output and their exit codes."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rustok_sim.capture import digest_of, rebuild

COMMAND = [sys.executable, "-c", "from rustok_sim.cli import main; main()"]

QUEUE = """
schema_version = 1
name = "queue"
seed = 5
horizon_s = {horizon_s}

[[load]]
name = "customers"
route = ["desk"]
arrivals = {{ process = "poisson", rate_per_s = 0.8 }}

[stations.desk]
servers = 1
service = {{ dist = "exponential", mean_s = 1.0 }}

[[expect]]
metric = "requests.customers.availability"
at_least = {bound}
"""


def call(*arguments, cwd, **options):
    """Run the command in a directory of its own."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], cwd=cwd, capture_output=True, text=True, timeout=120, check=False, **options
    )


@pytest.fixture
def queue(tmp_path):
    """A scenario file that holds."""
    path = tmp_path / "queue.toml"
    path.write_text(QUEUE.format(horizon_s=2000, bound=0.5), encoding="utf-8")
    return path


def test_a_run_prints_one_json_object_with_the_fixed_keys(queue, tmp_path):
    """Standard output parses as JSON, and holds what scripts rely on."""
    done = call("run", queue, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    assert set(printed) >= {
        "run", "directory", "scenario", "seed", "digest", "wall_s", "events", "simulated_s", "metrics", "invariants",
        "expectations",
    }  # fmt: skip
    assert (printed["scenario"], printed["seed"], printed["simulated_s"]) == ("queue", 5, 2000.0)
    requests = printed["metrics"]["requests"]["customers"]
    assert set(requests) >= {
        "count", "ok", "rejected", "failed", "timed_out", "in_flight", "availability", "throughput_per_s", "latency_s",
        "by_status",
    }  # fmt: skip
    assert set(requests["latency_s"]) == {"mean", "p50", "p95", "p99", "max"}
    assert requests["count"] == requests["ok"] + requests["in_flight"]
    assert digest_of(tmp_path / printed["directory"]) == printed["digest"]


def test_an_expectation_that_does_not_hold_ends_with_1(queue, tmp_path):
    """A bound above one cannot hold."""
    done = call("run", queue, "--set", "expect.0.at_least=1.5", cwd=tmp_path)
    assert done.returncode == 1
    assert "NOT HELD" in done.stdout


def test_the_digest_is_the_same_in_any_process_and_differs_by_seed(queue, tmp_path):
    """Two processes with different hash seeds agree; another seed or replication gives another run."""

    def digest(*more, hash_seed="0"):
        environment = os.environ | {"PYTHONHASHSEED": hash_seed}
        return json.loads(call("run", queue, "--json", *more, cwd=tmp_path, env=environment).stdout)["digest"]

    assert digest(hash_seed="1") == digest(hash_seed="4242")
    assert len({digest(), digest("--seed", 6), digest("--replication", 1)}) == 3


def test_a_verified_run_says_so(queue, tmp_path):
    """In a line at the end and in JSON; who did not ask for it is told nothing."""
    short = ["run", queue, "--set", "horizon_s=20"]
    [line] = [line for line in call(*short, "--verify", cwd=tmp_path).stdout.splitlines() if "verified" in line]
    printed = json.loads(call(*short, "--verify", "--json", cwd=tmp_path).stdout)
    same = "run again in a fresh process, both logs are the same"
    assert line == f"verified: {same}, {printed['events']:,} records"
    assert printed["verified"] is True
    assert json.loads(call(*short, "--json", cwd=tmp_path).stdout)["verified"] is None
    assert "verified" not in call(*short, cwd=tmp_path).stdout


def test_runs_are_never_overwritten(queue, tmp_path):
    """The same scenario and seed twice: two directories."""
    runs = [json.loads(call("run", queue, "--json", cwd=tmp_path).stdout)["directory"] for _ in range(2)]
    assert len(set(runs)) == 2
    assert all((tmp_path / run / "events.parquet").is_file() for run in runs)


MISTAKES = {
    "a missing file": ("absent.toml", None, "absent.toml"),
    "a directory": (".", None, "directory"),
    "a horizon without end": ("queue.toml", QUEUE.format(horizon_s="inf", bound=1), "horizon_s"),
    "a horizon of 0": ("queue.toml", QUEUE.format(horizon_s=0, bound=1), "queue.toml:5:"),
    "an unknown key": (
        "queue.toml",
        QUEUE.format(horizon_s=9, bound=1) + "\n[deployment]\nnodez = 2\n",
        "did you mean",
    ),
    "an unknown target": (
        "queue.toml",
        QUEUE.format(horizon_s=9, bound=1) + '\n[[faults]]\nkind = "outage"\ntarget = "dask"\nat_s = 1\n',
        "desk",
    ),
    "an extends loop": ("queue.toml", 'extends = "queue.toml"\n', "queue.toml -> "),
    "broken syntax": ("queue.toml", "name = \n", "queue.toml:1:"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("verb", ["check", "run"])
def test_a_wrong_file_gets_a_message_and_ends_with_2(mistake, verb, tmp_path):
    """No traceback, nothing on standard output but good news, nothing written."""
    name, content, message = MISTAKES[mistake]
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    done = call(verb, name, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["fly"],
        ["run", "queue.toml", "--sede", "3"],
        ["run", "queue.toml", "--seed", "x"],
        ["run", "queue.toml", "--seed", "-1"],
        ["run", "queue.toml", "--replication", "-1"],
        ["run", "queue.toml", "--set", "nonsense"],
        ["run", "queue.toml", "--data", "queue.toml"],
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_2(arguments, queue, tmp_path):
    """Missing and unknown words, values of the wrong type or out of range, a file where a directory should be."""
    done = call(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr + done.stdout


def test_every_mistake_is_reported_at_once(tmp_path):
    """Three mistakes, three lines, each with its place."""
    text = QUEUE.format(horizon_s=-1, bound=1).replace("servers = 1", "servers = 0") + "\nsed = 1\n"
    (tmp_path / "queue.toml").write_text(text, encoding="utf-8")
    lines = call("check", "queue.toml", cwd=tmp_path).stderr.splitlines()
    assert len(lines) == 3
    assert all(line.startswith("queue.toml:") for line in lines)


@pytest.fixture
def long_run(tmp_path):
    """A run that takes far longer than a test waits, beside one that is finished."""
    (tmp_path / "short.toml").write_text(QUEUE.format(horizon_s=100, bound=0.5), encoding="utf-8")
    kept = json.loads(call("run", "short.toml", "--json", cwd=tmp_path).stdout)
    (tmp_path / "long.toml").write_text(QUEUE.format(horizon_s=1e8, bound=0.5), encoding="utf-8")
    process = subprocess.Popen(
        [*COMMAND, "run", "long.toml"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while not list((tmp_path / "data/runs").glob(".tmp*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    yield process, tmp_path, kept
    process.kill()
    process.communicate()


def seen(data: Path):
    """The names in the data directory."""
    return sorted(path.name for path in data.iterdir())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing_behind(long_run, number):
    """By the keyboard or by a polite kill: only the finished run is there."""
    process, directory, kept = long_run
    process.send_signal(number)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert seen(directory / "data/runs") == [kept["run"]]


def test_a_killed_run_harms_neither_earlier_runs_nor_the_catalogue(long_run):
    """kill -9: the earlier run keeps its digest, the catalogue shows it alone, and the next run clears what is left."""
    process, directory, kept = long_run
    data = directory / "data/runs"
    rebuild(data)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert digest_of(data / kept["run"]) == kept["digest"]
    assert [path.name for path in rebuild(data).runs] == [kept["run"]]
    assert call("run", "short.toml", cwd=directory).returncode == 0
    assert len(seen(data)) == 2


def test_a_full_disk_gets_one_message_and_leaves_nothing(queue, tmp_path):
    """No file may grow beyond 20 kB, as if the disk were full: exit 2, no traceback, nothing kept."""

    def no_room():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    done = call("run", queue, "--set", "horizon_s=50000", cwd=tmp_path, preexec_fn=no_room)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert seen(tmp_path / "data/runs") == []


def test_help_answers_at_once():
    """No heavy package is imported for it."""
    code = "import sys; from rustok_sim.cli import app; app('--help'); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"simpy", "duckdb", "polars", "numpy", "pydantic", "scipy", "matplotlib", "papermill"}


def test_the_schema_is_printed(tmp_path):
    """It parses, and knows the keys of a scenario."""
    printed = json.loads(call("schema", cwd=tmp_path).stdout)
    assert {"name", "horizon_s", "load", "faults"} <= set(printed["properties"])


def test_a_reader_that_leaves_early_gets_no_complaint(tmp_path):
    """``rustok-sim schema | head -1``: the rest is thrown away in silence."""
    process = subprocess.Popen([*COMMAND, "schema"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=60) == 141
    process.stderr.close()
