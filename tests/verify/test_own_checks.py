"""Checks that a scenario brings along: queries, Python, and what neither may do."""

import subprocess
import sys

import pytest

from rustok_sim import run
from rustok_sim.core.errors import RunError, ScenarioError

QUEUE = """
schema_version = 1
name = "queue"
horizon_s = 10

[[load]]
name = "customers"
route = ["desk"]
arrivals = {{ process = "constant", rate_per_s = 1 }}

[stations.desk]
servers = 1
service = {{ dist = "constant", value_s = 0.5 }}

[verify]
{own}
"""
SLOW = "-- name: nobody_is_slow\nselect * from events where kind = 'request.finished' and at_s - begin_s > {limit}\n"
PYTHON = """
def check_nobody_is_slow(events):
    return events.filter((events["kind"] == "request.finished") & (events["at_s"] - events["begin_s"] > {limit}))

def check_nothing(events):
    return []
"""


@pytest.fixture
def queue(tmp_path):
    """Writes the scenario and the file it names."""

    def write(own, **files):
        for name, text in files.items():
            (tmp_path / name.replace("__", ".")).write_text(text, encoding="utf-8")
        path = tmp_path / "queue.toml"
        path.write_text(QUEUE.format(own=own), encoding="utf-8")
        return path

    return write


def own(result):
    """The verdicts of the user's own checks."""
    return {row["name"]: row["violations"] for row in result.invariants if row["name"].startswith("own.")}


@pytest.mark.parametrize(("limit", "violations"), [(0.6, 0), (0.4, 9)])
def test_a_query_that_returns_rows_is_broken(queue, tmp_path, limit, violations):
    """Nine customers are served within ten seconds, each in half a second; the check counts for the verdict."""
    file = queue('sql = "own.sql"', own__sql=SLOW.format(limit=limit))
    result = run(file, data=tmp_path / "runs")
    assert own(result) == {"own.nobody_is_slow": violations}
    assert result.held == (violations == 0)


def test_python_runs_only_if_it_is_allowed(queue, tmp_path):
    """Without leave nothing of the file runs; with it, its functions judge."""
    file = queue('python = "own.py"', own__py="raise SystemExit\n")
    with pytest.raises(RunError, match="--allow-code"):
        run(file, data=tmp_path / "runs")
    file = queue('python = "own.py"', own__py=PYTHON.format(limit=0.4))
    result = run(file, data=tmp_path / "runs", allow_code=True)
    assert own(result) == {"own.nobody_is_slow": 9, "own.nothing": 0}


def test_queries_reach_no_file(queue, tmp_path):
    """A query that would write or read beside the events is refused, with the name of the check."""
    for sql in ("copy (select 1) to 'out.csv'", "select * from read_csv('queue.toml')"):
        file = queue('sql = "own.sql"', own__sql=f"-- name: nosy\n{sql}\n")
        with pytest.raises(RunError, match="nosy"):
            run(file, data=tmp_path / "runs")
    assert not (tmp_path / "out.csv").exists()


def test_a_file_without_checks_is_no_file_of_checks(queue, tmp_path):
    """Both kinds say what they lack."""
    with pytest.raises(RunError, match="name: NAME"):
        run(queue('sql = "own.sql"', own__sql="select 1\n"), data=tmp_path / "runs")
    with pytest.raises(RunError, match="check_NAME"):
        run(queue('python = "own.py"', own__py="x = 1\n"), data=tmp_path / "runs", allow_code=True)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('sql = "../own.sql"', "leads out of the project"),
        ('sql = "/own.sql"', "must be relative"),
        ('sql = "own.txt"', "must be a SQL file"),
        ('python = "gone.py"', "does not exist"),
        ('invariants = ["events_not_los"]', "did you mean 'events_not_lost'"),
        ("heal = { at_s = 4, within_s = 5 }", "must make up the horizon"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(queue, tmp_path, line, problem):
    """Wrong files, names and times are errors of the scenario, with line and column."""
    with pytest.raises(ScenarioError) as caught:
        run(queue(line), data=tmp_path / "runs")
    assert "queue.toml:16:" in str(caught.value)
    assert problem in str(caught.value)


def test_the_command_asks_for_leave(queue, tmp_path):
    """Exit code 2 and one line without the flag, the verdict with it."""
    file = queue('python = "own.py"', own__py=PYTHON.format(limit=0.4))
    command = [sys.executable, "-m", "rustok_sim", "run", str(file), "--data", str(tmp_path / "runs"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--allow-code" in done.stderr
    done = subprocess.run([*command, "--allow-code"], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
