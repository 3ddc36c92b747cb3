"""Studies on a Dask cluster."""

import os
import signal
import threading
import time

import pytest

import rustok_sim as rs
from rustok_sim.core.errors import RunError

# What distributed itself warns of when its own workers are killed is none of ours.
pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def cluster(project):
    """Two worker processes of one thread each."""
    from dask.distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, local_directory=str(project / "dask")
    ) as found:
        yield found


def answer(study):
    """What a study says."""
    found = study.to_json()
    return [found[key] for key in ("rows", "comparisons", "checks")]


def test_a_cluster_gives_the_same_answer(cluster, study_file, project):
    """Two Dask workers or this process: the same to the last digit."""
    here = rs.study(study_file(), data=project / "here", jobs=1, progress=False)
    there = rs.study(study_file(), data=project / "there", dask=cluster.scheduler_address, progress=False)
    assert answer(there) == answer(here)
    assert there.ran == here.ran == 8


def test_a_cluster_that_loses_a_worker_gives_the_same_answer(cluster, study_file, project):
    """Killed when the first run is done, its tasks go to the other worker: every run is there, none twice."""
    here = rs.study(study_file(), data=project / "here", jobs=1, progress=False)
    tasks = project / "there" / "study" / "tasks"
    pids = [worker.pid for worker in cluster.workers.values()]

    def kill():
        limit_s = time.monotonic() + 100
        while not list(tasks.glob("*/summary.json")) and time.monotonic() < limit_s:
            time.sleep(0.005)
        os.kill(pids[0], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    there = rs.study(study_file(), data=project / "there", dask=cluster.scheduler_address, progress=False)
    killer.join()
    assert answer(there) == answer(here)
    assert len(list(tasks.glob("*/summary.json"))) == 8


def test_no_scheduler_is_told_in_a_sentence(study_file, project):
    """Nobody listens on port 1."""
    with pytest.raises(RunError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1"):
        rs.study(study_file(), data=project / "there", dask="tcp://127.0.0.1:1", progress=False)
