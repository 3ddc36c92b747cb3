"""The catalogue over all runs, and connections to one."""

import json
import shutil

import duckdb
import pytest

from rustok_sim.capture import RunRecord, connect, open_run, query, rebuild, recording
from rustok_sim.core.errors import RunError


def keep(root, rows, name="test", **changes):
    """Record and publish one run."""
    with recording(root, name, 7) as run:
        for row in rows:
            run.log.append(row)
        known = {"scenario": name, "settings": {}, "seed": 7, "replication": 0, "simulated_s": 10.0, "metrics": {}}
        return run.publish(RunRecord(**known | changes))


def ask(path, sql):
    """The rows of *sql* on a catalogue."""
    with connect(path) as connection:
        return query(connection, sql).rows()


def test_shows_every_run_and_all_records(root_of_runs, rows):
    """Two runs of 10 and 20 records: two rows in runs, thirty in events, under the names of their directories."""
    keep(root_of_runs, rows(10), metrics={"requests": {"web": {"ok": 4}}})
    keep(root_of_runs, rows(20), metrics={"requests": {"web": {"ok": 5}}}, replication=1)
    built = rebuild(root_of_runs)
    assert built.path == root_of_runs.parent / "rustok.duckdb"
    assert built.skipped == ()
    assert ask(built.path, "select run, count(*) from events group by run order by run") == [
        ("test-s7-1", 10),
        ("test-s7-2", 20),
    ]
    assert ask(built.path, "select run, seed, events, (metrics->>'$.requests.web.ok')::int from runs order by run") == [
        ("test-s7-1", 7, 10, 4),
        ("test-s7-2", 7, 20, 5),
    ]
    assert ask(built.path, "select directory from runs order by run")[0][0] == str(root_of_runs.resolve() / "test-s7-1")


def test_a_directory_may_be_named_by_a_string(root_of_runs):
    """As the README writes it."""
    assert rebuild(str(root_of_runs)).path == rebuild(root_of_runs).path


def test_of_no_runs_is_empty_and_has_all_columns(root_of_runs, rows):
    """Without runs, or without the place for them, both views are there, with the columns they always have."""
    columns = "select column_name, column_type from (describe {}) order by all"
    empty = rebuild(root_of_runs).path
    assert ask(empty, "select * from runs") == ask(empty, "select * from events") == []
    types = [ask(empty, columns.format(view)) for view in ("runs", "events")]
    keep(root_of_runs, rows(1))
    rebuild(root_of_runs)
    assert [ask(empty, columns.format(view)) for view in ("runs", "events")] == types


def test_skips_what_is_no_run_and_says_why(root_of_runs, rows):
    """Foreign, broken and half directories are named with a reason; files and hidden ones are nobody's business."""
    whole = keep(root_of_runs, rows(5))
    for name in ("foreign", "broken_json", "no_events", "broken_events", "other_columns"):
        shutil.copytree(whole, root_of_runs / name)
    (root_of_runs / "foreign" / "run.json").unlink()
    (root_of_runs / "broken_json" / "run.json").write_text("{")
    (root_of_runs / "no_events" / "events.parquet").unlink()
    (root_of_runs / "broken_events" / "events.parquet").write_bytes(b"PAR1 no more")
    query(connect(), "select 1 as x").write_parquet(root_of_runs / "other_columns" / "events.parquet")
    (root_of_runs / "notes.txt").write_text("")
    (root_of_runs / ".hidden").mkdir()
    built = rebuild(root_of_runs)
    assert built.runs == (whole,)
    assert [(skipped.directory.name, skipped.reason.split(": ", 1)[1].split(":")[0]) for skipped in built.skipped] == [
        ("broken_events", "events.parquet cannot be read"),
        ("broken_json", "run.json is broken"),
        ("foreign", "there is no run here"),
        ("no_events", "events.parquet cannot be read"),
        ("other_columns", "events.parquet has other columns than an event log"),
    ]
    assert ask(built.path, "select count(*) from events") == [(5,)]


def test_quotes_whatever_a_path_may_hold(tmp_path, rows):
    """Quotes and the characters of glob patterns are parts of names like any other."""
    root = tmp_path / 'it\'s [a] "place"*' / "runs"
    run = keep(root, rows(4))
    with open_run(run) as connection:
        assert query(connection, "select distinct run from events").rows() == [("test-s7-1",)]
    assert ask(rebuild(root).path, "select count(*) from events join runs using (run)") == [(4,)]


def test_a_reader_keeps_the_old_one_until_it_closes(root_of_runs, rows):
    """Rebuilding renames, so an open connection still sees one run, and a new one two."""
    keep(root_of_runs, rows(1))
    with connect(rebuild(root_of_runs).path) as reader:
        keep(root_of_runs, rows(1))
        rebuilt = rebuild(root_of_runs)
        assert query(reader, "select count(*) from runs").item() == 1
    assert ask(rebuilt.path, "select count(*) from runs") == [(2,)]


def test_may_lie_elsewhere(root_of_runs, rows, tmp_path):
    """Where the caller says."""
    keep(root_of_runs, rows(1))
    built = rebuild(root_of_runs, catalogue=tmp_path / "other" / "all.duckdb")
    assert built.path == tmp_path / "other" / "all.duckdb"
    assert ask(built.path, "select run from runs") == [("test-s7-1",)]


def test_a_place_that_cannot_be_written_to_is_told(root_of_runs, tmp_path):
    """A directory where the catalogue should be."""
    (tmp_path / "taken").mkdir()
    with pytest.raises(RunError, match="taken: Is a directory"):
        rebuild(root_of_runs, catalogue=tmp_path / "taken")


def test_opening_what_is_no_run_is_told(tmp_path):
    """One sentence that names the directory."""
    with pytest.raises(RunError, match=r"nothing: there is no run here: it has no events\.parquet$"):
        open_run(tmp_path / "nothing")


def test_opening_a_broken_log_is_told(root_of_runs, rows):
    """A log that is cut off gives an error, not a wrong answer."""
    run = keep(root_of_runs, rows(5))
    (run / "events.parquet").write_bytes((run / "events.parquet").read_bytes()[:100])
    with pytest.raises((RunError, duckdb.Error), match=r"events\.parquet"):
        open_run(run)


def test_a_log_that_goes_away_is_told(root_of_runs, rows):
    """A run deleted under an open connection is an error of the run, in one sentence."""
    run = keep(root_of_runs, rows(5))
    with open_run(run) as connection:
        (run / "events.parquet").unlink()
        with pytest.raises(RunError, match="No files found"):
            query(connection, "select * from events")


def test_parameters_are_bound(root_of_runs, row):
    """A value with a quote is a value."""
    run = keep(root_of_runs, [row(1.0, "cache.hit", tenant="o'neil"), row(2.0, "cache.hit")])
    with open_run(run) as connection:
        found = query(connection, "select seq from events where tenant = $tenant", {"tenant": "o'neil"})
    assert found.rows() == [(0,)]


def test_a_python_variable_is_no_table(root_of_runs, rows):
    """DuckDB would look into the caller's frame; a misspelt view must be an error instead."""
    evnts = [1]
    with open_run(keep(root_of_runs, rows(1))) as connection, pytest.raises(duckdb.CatalogException):
        query(connection, "select * from evnts")
    assert json.dumps(evnts) == "[1]"
