"""The event log: what goes in comes out, in order, in bounded memory."""

import polars as pl
import pytest

from rustok_sim.capture import EventLog, NullJournal, digest_of, kinds_in
from rustok_sim.core.journal import COLUMNS, KINDS, WATCHED


def stored(directory):
    """The log as its file has it."""
    return pl.read_parquet(directory / "events.parquet")


def write(directory, rows, *, block_rows, drain_every):
    """Write *rows* as a run does."""
    directory.mkdir()
    log = EventLog(directory, block_rows=block_rows)
    for i, row in enumerate(rows):
        log.append(row)
        if i % drain_every == 0:
            log.drain()
    log.finish()
    return log


@pytest.mark.parametrize(("block_rows", "drain_every"), [(10, 1), (5_000, 6_000), (10**6, 10**6)])
def test_what_goes_in_comes_out_in_order(tmp_path, rows, block_rows, drain_every):
    """Whatever the blocks, the file holds the very rows, with their place in the run in front."""
    made = rows(9_001)
    log = write(tmp_path / "run", made, block_rows=block_rows, drain_every=drain_every)
    frame = stored(tmp_path / "run")
    assert frame.columns == ["seq", *COLUMNS]
    assert frame.rows() == [(i, *row) for i, row in enumerate(made)]
    assert len(log) == 9_001


def test_only_the_one_file_remains(tmp_path, rows):
    """Three blocks of 4,096 rows are joined, and their files are gone."""
    write(tmp_path / "run", rows(10_000), block_rows=4_096, drain_every=100)
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["events.parquet"]


def test_a_log_of_nothing_is_a_log(tmp_path):
    """No record: the columns are there, and the digest is that of an empty log."""
    log = write(tmp_path / "run", [], block_rows=10, drain_every=1)
    assert stored(tmp_path / "run").shape == (0, 14)
    assert log.digest == digest_of(tmp_path / "run")


def test_columns_have_fixed_types(tmp_path, row):
    """A column that is missing everywhere keeps the type of the schema; an int where a number belongs becomes one."""
    write(tmp_path / "run", [row(0, "cache.hit", value=3)], block_rows=10, drain_every=1)
    frame = stored(tmp_path / "run")
    assert frame.schema["status"] == pl.Int64
    assert frame.schema["outcome"] == pl.String
    assert frame["value"].to_list() == [3.0]


def test_a_number_that_is_none_is_stored_as_missing(tmp_path, row):
    """NaN would poison each mean it enters."""
    write(tmp_path / "run", [row(1.0, "cache.hit", value=float("nan"))], block_rows=10, drain_every=1)
    assert stored(tmp_path / "run")["value"].to_list() == [None]


def test_a_row_of_the_wrong_types_is_refused(tmp_path, row):
    """A text where a number belongs is a mistake of the writer, not something to guess about."""
    log = EventLog(tmp_path)
    log.append(row("soon", "cache.hit"))
    with pytest.raises(TypeError, match="at_s"):
        log.finish()


def test_a_row_of_the_wrong_length_is_refused(tmp_path, row):
    """One cell short: the cells of all later rows would slip into the wrong columns."""
    log = EventLog(tmp_path)
    log.append(row(1.0, "cache.hit")[:-1])
    with pytest.raises(ValueError, match="a record has 13 columns: at_s, kind"):
        log.finish()


def test_memory_holds_no_more_than_a_block(tmp_path, rows):
    """After each drain fewer rows than one slice wait as cells, and fewer than one block as columns."""
    log = EventLog(tmp_path, block_rows=8_192)
    for i, row in enumerate(rows(30_000)):
        log.append(row)
        if i % 1_000 == 0:
            log.drain()
            assert len(log._cells) < 4_096 * len(COLUMNS)
            assert log._frame_rows < 8_192
    log.finish()


@pytest.mark.parametrize(
    ("include", "some", "others"),
    [
        (["*"], {"cache.hit", "request.finished"}, set()),
        (["request.*", "cache.hit"], {"request.finished", "request.in_flight", "cache.hit"}, {"cache.miss"}),
        ([], set(), {"cache.hit"}),
    ],
)
def test_wants_what_the_patterns_say(tmp_path, include, some, others):
    """A pattern names all kinds (*), a family, or one."""
    log = EventLog(tmp_path, include=include)
    assert all(log.wants(kind) for kind in some)
    assert not any(log.wants(kind) for kind in others)
    assert not log.wants("no.such_kind")


def test_everything_is_every_kind():
    """The pattern * stands for the whole vocabulary, but for what only promises need."""
    assert kinds_in(["*"]) == set(KINDS) - WATCHED
    assert kinds_in(["*"], watched=True) == set(KINDS)


def test_a_null_journal_keeps_nothing(row):
    """Capture switched off: nothing is wanted, and what comes all the same is forgotten."""
    journal = NullJournal()
    journal.append(row(1.0, "cache.hit"))
    journal.drain()
    assert not any(journal.wants(kind) for kind in KINDS)
