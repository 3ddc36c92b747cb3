"""Scenario files in a project of their own."""

from pathlib import Path

import pytest

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"

SMALL = """
name = "small"
horizon_s = 100
[[load]]
name = "shop"
operation = "tenant.resolve"
arrivals = { process = "poisson", rate_per_s = 10 }
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """An empty project, and the folder that relative paths are meant from."""
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def small(project):
    """The least scenario there can be."""
    path = project / "small.toml"
    path.write_text(SMALL)
    return path


@pytest.fixture
def scenarios():
    """The folder of the scenarios that come with the project."""
    return SCENARIOS
