"""Kill -9 and a full disk: earlier runs and the catalogue stay as they were."""

import signal
import subprocess
import sys

import pytest

from rustok_sim.capture import RunRecord, connect, digest_of, open_run, query, rebuild, recording

PRELUDE = """
import sys, time, resource
from pathlib import Path
from rustok_sim.capture import EventLog, RunRecord, recording, rebuild
from rustok_sim.core.errors import RunError
root = Path(sys.argv[1])
row = (0.0, "cache.hit", *[None] * 10, "key")
"""

WRITE_AND_WAIT = (
    PRELUDE
    + """
with recording(root, "test", 7) as run:
    for _ in range(700_000):
        run.log.append(row)
    run.log.drain()
    print("writing", flush=True)
    time.sleep(60)
"""
)


@pytest.fixture
def kept(root_of_runs, rows):
    """One whole run, and a catalogue."""
    with recording(root_of_runs, "test", 7) as run:
        for row in rows(10):
            run.log.append(row)
        path = run.publish(RunRecord(scenario="test", settings={}, seed=7, replication=0, simulated_s=1.0, metrics={}))
    rebuild(root_of_runs)
    return path


def begin(script, root):
    """Start *script* and wait until it is in the middle of its work."""
    process = subprocess.Popen([sys.executable, "-c", script, str(root)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    return process


def kill(process):
    """Kill -9."""
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


def hidden(root):
    """The hidden directories in *root*."""
    return [path for path in root.iterdir() if path.name.startswith(".tmp-")]


def counts_of(catalogue):
    """The runs of a catalogue, with the number of their events."""
    with connect(catalogue) as connection:
        return query(connection, "select run, count(*) as n from events group by run order by run").rows()


def test_kill_9_in_mid_run_harms_nothing_and_is_cleaned_up_by_the_next_run(root_of_runs, kept):
    """The killed run shows nowhere; its leftover goes when the next run begins, which gets the next number."""
    digest = digest_of(kept)
    kill(begin(WRITE_AND_WAIT, root_of_runs))
    (leftover,) = hidden(root_of_runs)
    assert list(leftover.glob("part-*"))
    assert digest_of(kept) == digest
    assert counts_of(root_of_runs.parent / "rustok.duckdb") == [("test-s7-1", 10)]
    assert rebuild(root_of_runs).runs == (kept,)
    with recording(root_of_runs, "test", 7) as run:
        assert hidden(root_of_runs) == [run.directory]
    assert hidden(root_of_runs) == []


def test_a_run_in_progress_is_no_leftover(root_of_runs):
    """While its process lives, other runs leave it alone."""
    process = begin(WRITE_AND_WAIT, root_of_runs)
    (theirs,) = hidden(root_of_runs)
    with recording(root_of_runs, "test", 7):
        assert theirs in hidden(root_of_runs)
    assert hidden(root_of_runs) == [theirs]
    kill(process)


def test_files_that_look_like_leftovers_are_left_alone(root_of_runs):
    """Only directories are the tool's own."""
    root_of_runs.mkdir(parents=True)
    (root_of_runs / ".tmp-notes").write_text("mine")
    with recording(root_of_runs, "test", 7):
        pass
    assert (root_of_runs / ".tmp-notes").read_text() == "mine"


def test_a_leftover_of_this_number_is_passed_over(root_of_runs):
    """A directory of the name it would take belongs to somebody: the next number is taken."""
    with recording(root_of_runs, "test", 7) as one, recording(root_of_runs, "test", 7) as other:
        assert one.directory != other.directory
        assert one.directory.is_dir()


REBUILD_AND_WAIT = (
    PRELUDE
    + """
import rustok_sim.capture.catalogue as catalogue
create = catalogue._create_views
def create_and_wait(connection, runs):
    create(connection, runs)
    print("writing", flush=True)
    time.sleep(60)
catalogue._create_views = create_and_wait
rebuild(root)
"""
)


def test_kill_9_while_the_catalogue_is_rebuilt_leaves_the_old_one(root_of_runs, kept):
    """The new one is built aside; the next rebuild removes what is left of it."""
    kill(begin(REBUILD_AND_WAIT, root_of_runs))
    assert counts_of(root_of_runs.parent / "rustok.duckdb") == [("test-s7-1", 10)]
    assert len(hidden(root_of_runs.parent)) == 1
    rebuild(root_of_runs)
    assert hidden(root_of_runs.parent) == []


FILL = (
    PRELUDE
    + """
limit = int(sys.argv[2])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    with recording(root, "test", 7) as run:
        for i in range(600_000):
            run.log.append((i * 0.1 + 1e-9 * i * i, *row[1:]))
            if i % 10_000 == 0:
                run.log.drain()
        run.publish(RunRecord(scenario="test", settings={}, seed=7, replication=0, simulated_s=1.0, metrics={}))
except RunError as error:
    print(error)
    sys.exit(2)
"""
)


def fill(root, limit=0):
    """Write more than there is room for, in a process whose files may not grow above *limit* bytes (0: may)."""
    return subprocess.run(
        [sys.executable, "-c", FILL, str(root), str(limit)], capture_output=True, text=True, check=False
    )


def test_a_file_that_may_not_grow_is_one_message_and_leaves_nothing(root_of_runs, kept):
    """RLIMIT_FSIZE of 100 kB, where the log needs some megabytes: exit by RunError, earlier runs intact."""
    told = fill(root_of_runs, limit=100_000)
    assert (told.returncode, told.stderr) == (2, "")
    assert told.stdout == f"{root_of_runs}: File too large; nothing was kept\n"
    assert sorted(root_of_runs.iterdir()) == [kept]
    with open_run(kept) as connection:
        assert query(connection, "select count(*) from events").item() == 10


@pytest.fixture
def small_disk(tmp_path):
    """A file system of one megabyte, if this process may mount one."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        place = None
    yield place
    if place is not None:
        subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_is_one_message_and_leaves_nothing(small_disk):
    """One megabyte, where the log needs several. Where one may not mount, the test above stands for this one."""
    if small_disk is None:
        return
    told = fill(small_disk / "runs")
    assert (told.returncode, told.stderr) == (2, "")
    assert told.stdout == f"{small_disk / 'runs'}: No space left on device; nothing was kept\n"
    assert list((small_disk / "runs").iterdir()) == []
