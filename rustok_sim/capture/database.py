"""DuckDB over the events of runs."""

import glob
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

import duckdb
import polars as pl

from rustok_sim.capture.digest import EVENTS_FILE
from rustok_sim.capture.disk import disk_errors
from rustok_sim.core.errors import RunError

Connection: TypeAlias = duckdb.DuckDBPyConnection
"""A connection to DuckDB; one thread at a time may use it."""

MEMORY_LIMIT: Final = "400MB"
RUN_NAME: Final = "regexp_extract(filename, '([^/]+)/[^/]+$', 1)"
"""A run's name in SQL: that of the directory the file lies in."""


def connect(path: Path | None = None) -> Connection:
    """Open the database at *path*, or one in memory.

    One thread, because sums of floats differ in the last digits when several share them; a memory limit beyond
    which it spills to the system's temporary directory; no Python variable is ever taken for a table; no progress bar,
    which would land in the middle of a program's output.
    """
    spill = os.path.join(tempfile.gettempdir(), f"rustok-sim-{os.getpid()}")  # noqa: PTH118  # a setting, not a path
    settings: dict[str, Any] = {
        "threads": 1,
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": spill,
        "autoinstall_known_extensions": False,
        "python_enable_replacements": False,
    }
    connection = duckdb.connect(":memory:" if path is None else str(path), config=settings)
    connection.execute("set enable_progress_bar = false")
    return connection


def open_run(run: Path) -> Connection:
    """A connection whose view ``events`` holds the records of the run kept in directory *run*.

    Its name is in column ``run``. Close it when done. Raises ``RunError`` when there are no events.
    """
    events = run / EVENTS_FILE
    if not events.is_file():
        raise RunError(f"{run}: there is no run here: it has no {EVENTS_FILE}")
    connection = connect()
    try:
        with disk_errors(run):
            connection.execute(f"create view events as {events_of([run])}")
    except BaseException:
        connection.close()
        raise
    return connection


def sealed(connection: Connection) -> Connection:
    """*connection* with its events in memory and the way to the disk shut for good: for queries of others.

    The records must fit into memory. Close it when done, as before.
    """
    connection.execute("create table kept as select * from events")
    connection.execute("create or replace temp view events as select * from kept")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def narrowed(connection: Connection, run: Path) -> Connection:
    """*connection*, of :func:`open_run`, with no way to any file but the events of *run*: for queries of others.

    Unlike :func:`sealed` it takes no memory; that nothing is written to the events is the affair of :func:`query_rows`.
    """
    connection.execute(f"set allowed_paths = [{quoted(str(run.resolve() / EVENTS_FILE))}]")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


class _Stream:
    """A frame as a stream of Arrow and nothing else: DuckDB would look for another library if it saw a frame."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


def put_table(connection: Connection, name: str, frame: pl.DataFrame) -> None:
    """Make *frame* a table of *connection*; *name* is ours."""
    connection.register("records", _Stream(frame))
    connection.execute(f"create table {name} as select * from records")  # noqa: S608  # our own name
    connection.unregister("records")


def query(connection: Connection, sql: str, parameters: Mapping[str, object] | None = None) -> pl.DataFrame:
    """The rows of *sql*, in which ``$name`` stands for a parameter. Say ``order by`` where the order matters."""
    with disk_errors(Path("events")):
        return pl.DataFrame(connection.sql(sql, params=dict(parameters or {})))


def fetch(connection: Connection, sql: str, parameters: Mapping[str, object]) -> list[dict[str, Any]]:
    """As :func:`query`, for a few rows, as dictionaries: without frames, a small question takes half the time."""
    with disk_errors(Path("events")):
        answer = connection.execute(sql, dict(parameters))
        names = [column[0] for column in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def query_numbers(connection: Connection, sql: str, parameters: Mapping[str, object]) -> pl.DataFrame:
    """As :func:`query`, for millions of rows of numbers, none of which is missing.

    DuckDB hands the answer to a query with parameters over row by row, unless it goes through NumPy.
    """
    with disk_errors(Path("events")):
        return pl.DataFrame(connection.execute(sql, dict(parameters)).fetchnumpy())


def query_rows(connection: Connection, name: str, sql: str) -> pl.DataFrame:
    """As :func:`query`, for SQL of others: one select. Raises ``RunError`` that says *name* if it is wrong."""
    try:
        one_select(sql)
        return query(connection, sql)
    except duckdb.Error as error:
        raise RunError(f"query {name!r} is no SQL over events: {str(error).splitlines()[0]}") from error


def one_select(sql: str) -> None:
    """Nothing, or ``duckdb.Error`` if *sql* is anything but one select: whatever else there is may write files."""
    statements = duckdb.extract_statements(sql)
    if [one.type for one in statements] != [duckdb.StatementType.SELECT]:
        raise duckdb.InvalidInputException("only one select is allowed")


def query_row(connection: Connection, name: str, sql: str) -> dict[str, object]:
    """The one row that *sql* gives, by column. Raises ``RunError`` that says *name* if it is wrong or gives others."""
    rows = query_rows(connection, name, sql)
    if rows.height != 1:
        raise RunError(f"query {name!r} gives {rows.height} rows for a run, allowed: one")
    return dict(rows.row(0, named=True))


def events_of(runs: Sequence[Path]) -> str:
    """The SQL that reads the events of these run directories, with the directory's name in column ``run``."""
    files = ", ".join(quoted(glob.escape(str(run.resolve() / EVENTS_FILE))) for run in runs)
    columns = f"{RUN_NAME} as run, * exclude (filename)"
    return f"select {columns} from read_parquet([{files}], filename = true)"  # noqa: S608  # all quoted


def quoted(text: str) -> str:
    """*text* as an SQL literal. Views take no parameters, so what stands in them is quoted."""
    return "'" + text.replace("'", "''") + "'"
