"""An event log that never sees a disk: for runs of which only a verdict is kept."""

from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import TypeVar

import duckdb
import polars as pl

from rustok_sim.capture.columns import frames_of, numbered
from rustok_sim.capture.database import Connection, connect, one_select, put_table
from rustok_sim.core.journal import Row

T = TypeVar("T")


class MemoryLog:
    """A journal that keeps its records in a list; :meth:`open` makes them a table for queries."""

    append: Callable[[Row], None]

    def __init__(self, kinds: Iterable[str]) -> None:
        self.kinds = frozenset(kinds)
        self.wants = self.kinds.__contains__
        self.rows: list[Row] = []
        self.append = self.rows.append

    def drain(self) -> None:
        """Keep everything."""

    def frame(self) -> pl.DataFrame:
        """The records by columns, as a stored log has them."""
        return numbered(frames_of([*chain.from_iterable(self.rows)]))

    def open(self) -> Connection:
        """A connection whose table ``events`` holds the records. Close it when done."""
        connection = connect()
        put_table(connection, "events", self.frame())
        return connection


def wrong_sql(asked: Mapping[T, str]) -> dict[T, str]:
    """Which of the queries *asked* cannot be asked of any run's events, and why not. None of them is run."""
    connection = connect()
    wrong = {}
    try:
        put_table(connection, "kept", MemoryLog(()).frame())
        connection.execute("create view events as select '' as run, * from kept")
        connection.execute("set enable_external_access = false")
        for key, sql in asked.items():
            try:
                one_select(sql)
                connection.execute(f"explain {sql}")
            except duckdb.Error as error:
                wrong[key] = str(error).splitlines()[0]
    finally:
        connection.close()
    return wrong
