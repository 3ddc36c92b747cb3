"""The commit that a run remembers: that of the package's own checkout, and no other."""

import os
import subprocess

import pytest

import rustok_sim as rs
from rustok_sim.capture.checkout import code_commit, commit_of
from rustok_sim.testing import scenario_of

NOBODY = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


@pytest.fixture
def checkout(tmp_path):
    """A checkout with a package, and its commit."""

    def git(*arguments):
        clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        command = ["git", *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=clean | NOBODY, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    git("init", "-q")
    git("commit", "-q", "--allow-empty", "-m", "first")
    (tmp_path / "package").mkdir()
    return tmp_path / "package", git("rev-parse", "HEAD")


def test_the_commit_is_that_of_the_checkout_around_the_package(checkout, monkeypatch):
    """Also inside a hook of another repository, whose directory git passes on."""
    package, commit = checkout
    assert commit_of(package) == commit
    monkeypatch.setenv("GIT_DIR", str(package))
    assert commit_of(package) == commit


def test_somebody_elses_checkout_is_none(checkout):
    """A package installed below a project's ``.venv`` is not what the project has committed."""
    package, _ = checkout
    installed = package / "site-packages" / "rustok_sim"
    installed.mkdir(parents=True)
    assert commit_of(installed) is None


def test_without_checkout_or_git_there_is_none(tmp_path, checkout, monkeypatch):
    """Neither is an error."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert commit_of(checkout[0]) is None
    monkeypatch.undo()
    assert commit_of(tmp_path / "nowhere") is None


@pytest.fixture
def forgetful():
    """The process has not asked yet, and has not afterwards."""
    code_commit.cache_clear()
    yield
    code_commit.cache_clear()


@pytest.mark.usefixtures("forgetful")
def test_a_run_remembers_the_commit_and_its_digest_does_not(tmp_path, monkeypatch):
    """The same log under two commits."""
    scenario = scenario_of(
        load=[{"name": "c", "route": ["desk"], "arrivals": {"process": "poisson", "rate_per_s": 2}}],
        stations={"desk": {"servers": 1, "service": {"dist": "exponential", "mean_s": 0.1}}},
    )
    runs = []
    for commit in ("abc", None):
        code_commit.cache_clear()
        monkeypatch.setattr("rustok_sim.capture.checkout.commit_of", lambda _, commit=commit: commit)
        runs.append(rs.run(scenario, data=tmp_path / "runs"))
    assert [run.record["commit"] for run in runs] == ["abc", None]
    assert runs[0].digest == runs[1].digest


@pytest.mark.usefixtures("forgetful")
def test_it_is_asked_for_once(monkeypatch):
    """Studies make thousands of runs in a process."""
    asked = []
    monkeypatch.setattr("rustok_sim.capture.checkout.commit_of", lambda package: asked.append(package) or "abc")
    assert [code_commit(), code_commit()] == ["abc", "abc"]
    assert len(asked) == 1
