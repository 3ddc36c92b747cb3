"""Run directories: whole or not at all, never overwritten, readable again."""

import json
from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest

from rustok_sim.capture import RunRecord, digest_of, narrowed, open_run, query, query_rows, read_record, recording
from rustok_sim.capture.disk import disk_errors, hidden_directory
from rustok_sim.capture.runs import settings_hash
from rustok_sim.core.errors import RunError


def record(**changes):
    """What a run says of itself."""
    return RunRecord(
        **{
            "scenario": "test",
            "settings": {"name": "test"},
            "seed": 7,
            "replication": 0,
            "simulated_s": 10.0,
            "metrics": {},
        }
        | changes
    )


def keep(root, rows, **changes):
    """Record and publish one run."""
    with recording(root, "test", 7) as run:
        for row in rows:
            run.log.append(row)
        return run.publish(record(**changes))


def names(root):
    """What lies in *root*, hidden directories included."""
    return sorted(path.name for path in root.iterdir())


def test_a_run_is_named_by_scenario_seed_and_number(root_of_runs, rows):
    """Three runs of one scenario and seed stand side by side."""
    for _ in range(3):
        keep(root_of_runs, rows(3))
    assert names(root_of_runs) == ["test-s7-1", "test-s7-2", "test-s7-3"]


def test_a_deleted_run_lends_its_number_to_nobody(root_of_runs, rows):
    """The next number is above all there are, so that names tell the order."""
    first, _ = keep(root_of_runs, rows(1)), keep(root_of_runs, rows(1))
    for path in first.iterdir():
        path.unlink()
    first.rmdir()
    assert keep(root_of_runs, rows(1)).name == "test-s7-3"


def test_a_run_says_all_there_is_to_know(root_of_runs, rows):
    """run.json has the scenario and its hash, the seed, versions, digest and count of the log, and the results."""
    metrics = {"requests": {"a": {"ok": 1}}}
    run = keep(root_of_runs, rows(20), metrics=metrics, commit="abc", replication=3, expectations=[{"held": True}])
    said = json.loads((run / "run.json").read_text())
    assert said["settings"] == {"name": "test"}
    assert said["settings_sha256"] == settings_hash({"name": "test"})
    assert (said["scenario"], said["seed"], said["replication"], said["commit"]) == ("test", 7, 3, "abc")
    assert (said["events"], said["digest"], said["simulated_s"]) == (20, digest_of(run), 10.0)
    assert (said["metrics"], said["invariants"], said["expectations"]) == (metrics, [], [{"held": True}])
    assert {"python", "polars", "duckdb"} <= said["packages"].keys()
    assert read_record(run) == said


def test_equal_settings_have_equal_hashes():
    """The order of keys says nothing."""
    assert settings_hash({"a": 1, "b": [2]}) == settings_hash({"b": [2], "a": 1}) != settings_hash({"a": 1, "b": [3]})


def test_a_sealed_log_can_be_queried_before_the_run_is_published(root_of_runs, rows):
    """Metrics belong into run.json, so they are computed first."""
    with recording(root_of_runs, "test", 7) as run:
        for row in rows(9):
            run.log.append(row)
        run.seal()
        with open_run(run.directory) as connection:
            assert query(connection, "select count(*) as n from events").item() == 9
        published = run.publish(record())
    assert published == run.directory
    assert digest_of(published) == run.log.digest


def test_what_is_not_published_leaves_nothing(root_of_runs, rows):
    """An exception in mid-run, as an interrupt is, takes the half-written run with it."""
    keep(root_of_runs, rows(1))

    def interrupted():
        with recording(root_of_runs, "test", 7) as run:
            for row in rows(5_000):
                run.log.append(row)
            run.log.drain()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert names(root_of_runs) == ["test-s7-1"]


def test_metrics_that_are_no_json_leave_nothing(root_of_runs):
    """A NaN must not get into run.json; the run that has one is not kept."""
    with pytest.raises(ValueError, match="Out of range"), recording(root_of_runs, "test", 7) as run:
        run.publish(record(metrics={"x": float("nan")}))
    assert names(root_of_runs) == []


def test_the_name_of_a_scenario_cannot_lead_elsewhere(root_of_runs):
    """A slash or leading dots would name another directory, or hide the run."""
    with recording(root_of_runs, "../a b", 1) as run:
        run.publish(record())
    assert names(root_of_runs) == ["_a_b-s1-1"]


def test_runs_at_the_same_time_get_names_of_their_own(root_of_runs, rows):
    """Eight writers at once: eight runs, numbered 1 to 8."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: keep(root_of_runs, rows(10)), range(8)))
    assert names(root_of_runs) == [f"test-s7-{i}" for i in range(1, 9)]


def test_a_finished_run_leaves_alone_whoever_took_its_hidden_name(root_of_runs, rows):
    """Published, the first run's hidden name is free; the second run has it when the first one tidies up."""
    with recording(root_of_runs, "test", 7) as first:
        hidden = first.directory
        first.publish(record())
        second = recording(root_of_runs, "test", 7)
        writer = second.__enter__()
    assert writer.directory == hidden
    for row in rows(3):
        writer.log.append(row)
    writer.publish(record())
    second.__exit__(None, None, None)
    assert names(root_of_runs) == ["test-s7-1", "test-s7-2"]


def test_a_run_that_came_meanwhile_is_not_overwritten(root_of_runs, rows, monkeypatch):
    """Another process takes the free name between the look and the rename: the next one is taken."""
    other = keep(root_of_runs, rows(2))
    with recording(root_of_runs, "test", 7) as run:
        monkeypatch.setattr(type(root_of_runs), "iterdir", lambda _: iter(()))
        assert run.publish(record()).name == "test-s7-2"
    assert read_record(other)["events"] == 2


def test_a_place_that_is_no_directory_is_told_in_one_sentence(tmp_path):
    """A file where the runs should be: the message names it."""
    (tmp_path / "runs").write_text("")
    with (
        pytest.raises(RunError, match=r"runs: File exists; nothing was kept$"),
        recording(tmp_path / "runs", "test", 7),
    ):
        pass


def test_a_name_that_is_too_long_is_told(root_of_runs):
    """Some 300 letters are more than file systems take."""
    with recording(root_of_runs, "x" * 300, 7) as run, pytest.raises(RunError, match="File name too long"):
        run.publish(record())
    assert names(root_of_runs) == []


def test_trouble_with_the_place_is_told(root_of_runs, rows):
    """If the place is taken away under the run, publishing says so."""
    with recording(root_of_runs, "test", 7) as run:
        run.seal()
        root_of_runs.rename(root_of_runs.parent / "elsewhere")
        with pytest.raises(RunError, match="No such file or directory"):
            run.publish(record())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "there is no run here"),
        ("{", "is broken"),
        ("[]", "not the record of a run"),
        ('{"format": 9}', "format 1"),
    ],
)
def test_a_record_that_is_none_is_refused(tmp_path, text, told):
    """Missing, broken, something else, and a format of the future."""
    if text is not None:
        (tmp_path / "run.json").write_text(text)
    with pytest.raises(RunError, match=told):
        read_record(tmp_path)


def test_run_directories_are_readable_by_others(root_of_runs, rows):
    """As the umask says, like any directory; a private one would hide results from colleagues."""
    plain = root_of_runs.parent.parent / "plain"
    plain.mkdir()
    assert keep(root_of_runs, rows(1)).stat().st_mode == plain.stat().st_mode


def test_what_polars_tells_of_the_disk_is_told_like_the_rest(tmp_path):
    """Polars wraps the operating system's error number into a text of its own; its own mistakes stay its own."""
    with pytest.raises(RunError, match="No space left on device; nothing was kept"), disk_errors(tmp_path):
        raise pl.exceptions.ComputeError("parquet: underlying IO error: No space left on device (os error 28)")
    with pytest.raises(pl.exceptions.ComputeError, match="odd schema"), disk_errors(tmp_path):
        raise pl.exceptions.ComputeError("odd schema")


def test_hidden_directories_are_nobody_elses(tmp_path):
    """Eight threads make and remove thirty each, and each takes the others' for leftovers if it can: none is lost."""

    def use(_):
        for _ in range(30):
            with hidden_directory(tmp_path) as mine:
                (mine / "note").write_text("here")
                assert (mine / "note").exists()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(use, range(8)))
    assert list(tmp_path.iterdir()) == []


def test_queries_of_others_reach_the_events_and_no_other_file(root_of_runs, rows, tmp_path):
    """They read what the run has, and neither read nor write anything else; what is no select is not even tried."""
    with recording(root_of_runs, "steady", 1) as run:
        for row in rows(10):
            run.log.append(row)
        run.seal()
        connection = narrowed(open_run(run.directory), run.directory)
        secret, out = tmp_path / "secret.csv", tmp_path / "out.csv"
        secret.write_text("a\n1\n", encoding="utf-8")
        try:
            assert query_rows(connection, "mine", "select count(*) as n from events")["n"].to_list() == [10]
            for sql in (
                f"select * from read_csv('{secret}')",  # noqa: S608 - what is tried
                f"copy (select 1) to '{out}'",
                f"select 1; copy (select 1) to '{out}'",
                f"copy (select 1 as seq) to '{run.directory / 'events.parquet'}' (format parquet)",
                "set enable_external_access = true",
            ):
                with pytest.raises(RunError, match="query 'mine' is no SQL over events"):
                    query_rows(connection, "mine", sql)
            assert query_rows(connection, "mine", "select count(*) as n from events")["n"].to_list() == [10]
        finally:
            connection.close()
    assert not out.exists()
