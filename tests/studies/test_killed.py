"""A study that is killed at a random moment, and the one that goes on from there."""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-c", "from rustok_sim.cli import main; main()"]
RUNS = 8


@pytest.fixture
def whole(study_file, project):
    """The answer of a study that nobody disturbed."""
    return answer(conducted(study_file(), project / "whole"))


def start(study: Path, data: Path) -> subprocess.Popen:
    """The study as a process of its own, with two workers."""
    command = [*COMMAND, "study", study, "--data", data, "--jobs", "2", "--json"]
    with tempfile.TemporaryFile() as out:  # a pipe would be held open by workers that outlive their study
        return subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)


def conducted(study: Path, data: Path) -> dict:
    """The study's JSON, from beginning to end."""
    command = [*COMMAND, "study", study, "--data", data, "--jobs", "2", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode in {0, 1}, done.stderr
    return json.loads(done.stdout)


def answer(found: dict) -> list:
    """What a study says, without where and by how many runs."""
    return [found[key] for key in ("rows", "comparisons", "checks", "warnings")]


def summaries(data: Path) -> dict[str, tuple[int, int]]:
    """Finished runs by key: which file it is, and when it was written."""
    files = (data / "study" / "tasks").glob("*/summary.json")
    return {path.parent.name: ((about := path.stat()).st_ino, about.st_mtime_ns) for path in files}


def kill_someone(process: subprocess.Popen, data: Path, dice: random.Random) -> str:
    """Wait until a few runs are done, then some moments more, and kill the study itself or one of its workers."""
    done, limit_s = dice.randrange(RUNS), time.monotonic() + 120
    while len(summaries(data)) < done and process.poll() is None and time.monotonic() < limit_s:
        time.sleep(0.01)
    time.sleep(dice.uniform(0.0, 0.3))
    whom = dice.choice(["the study", "a worker"])
    victims = [process.pid] if whom == "the study" else workers_of(process)
    if victims and process.poll() is None:
        os.kill(dice.choice(victims), signal.SIGKILL)
    return whom


def workers_of(process: subprocess.Popen) -> list[int]:
    """Its worker processes, which joblib starts by a module of this name."""
    listed = subprocess.run(
        ["pgrep", "-P", str(process.pid), "-f", "popen_loky"], capture_output=True, text=True, check=False
    )
    return [int(pid) for pid in listed.stdout.split()]


def kill_and_resume(study: Path, data: Path, whole: list, dice: random.Random) -> None:
    """Kill one study; the next one says the same as an undisturbed one, keeps what was done, and leaves no gap."""
    process = start(study, data)
    try:
        kill_someone(process, data, dice)
        process.wait(timeout=200)
    finally:
        process.kill()
    before = summaries(data)
    found = conducted(study, data)
    after = summaries(data)
    assert answer(found) == whole
    assert len(after) == RUNS
    # A worker that outlived its study may have finished a run between the two looks; none is written twice.
    assert {key: after[key] for key in before} == before
    assert found["runs"]["ran"] + found["runs"]["reused"] == RUNS
    assert found["runs"]["reused"] >= len(before)


@pytest.mark.timeout(600)
def test_a_killed_study_goes_on_where_it_was(study_file, project, whole):
    """Three times, at moments and of processes that a seed draws."""
    dice = random.Random(6)  # noqa: S311 - no secret
    for number in range(3):
        kill_and_resume(study_file(), project / f"killed-{number}", whole, dice)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_killed_study_goes_on_where_it_was_whenever_it_is_killed(study_file, project, whole):
    """Twenty times."""
    dice = random.Random(20)  # noqa: S311 - no secret
    for number in range(20):
        kill_and_resume(study_file(), project / f"killed-{number}", whole, dice)
