"""Small studies of a queue, in a project of their own."""

from pathlib import Path

import pytest

QUEUE = """
schema_version = 1
name = "queue"
seed = 5
horizon_s = 20

[[load]]
name = "customers"
route = ["desk"]
arrivals = { process = "poisson", rate_per_s = 9 }

[stations.desk]
servers = 1
service = { dist = "exponential", mean_s = 0.1 }
queue_limit = 8
"""

STUDY = """
schema_version = 1
question = "How many customers does one more place in the queue save?"
base = "queue.toml"

[variants.eight]
[variants.nine]
stations.desk.queue_limit = 9

[replications]
min = 4

[[checks]]
claim = "a place more turns fewer away"
metric = "stations.desk.rejected"
compare = ["eight", "nine"]
difference_at_least = 0
"""


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> Path:
    """One place for the runs of all tests of a file: what one has made, the next finds done."""
    return tmp_path_factory.mktemp("studies")


@pytest.fixture(scope="module")
def queue_file(tmp_path_factory) -> Path:
    """The queue by itself, for tests that are run many times over."""
    path = tmp_path_factory.mktemp("queue") / "queue.toml"
    path.write_text(QUEUE, encoding="utf-8")
    return path


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """A project with the queue in it, and the folder that relative paths are meant from."""
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "queue.toml").write_text(QUEUE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def study_file(project):
    """Writes a study file: the usual one, with more lines if need be."""

    def write(text: str = STUDY, *, more: str = "") -> Path:
        path = project / "study.toml"
        path.write_text(text + more, encoding="utf-8")
        return path

    return write
