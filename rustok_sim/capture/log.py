"""The event log while a run writes it."""

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

import polars as pl

from rustok_sim.capture.columns import SLICE_ROWS, WIDTH, frames_of, numbered
from rustok_sim.capture.database import Connection, connect, put_table, quoted
from rustok_sim.capture.digest import EVENTS_FILE, LogDigest
from rustok_sim.capture.disk import disk_errors
from rustok_sim.core.journal import KINDS, WATCHED, Row

BLOCK_ROWS: Final = 2**18
"""Records kept in memory as columns before they go to the disk: some 40 MB."""

GROUP_ROWS: Final = 2**17
"""Records in one row group of the file: what a reader takes at a time."""


def kinds_in(include: Iterable[str], *, watched: bool = False) -> frozenset[str]:
    """The kinds of record that match any of the patterns, as ``["request.*", "cache.*"]``.

    Those that only promises need are among them if *watched*.
    """
    patterns = tuple(include)
    kinds = (kind for kind in KINDS if watched or kind not in WATCHED)
    return frozenset(kind for kind in kinds if any(fnmatchcase(kind, pattern) for pattern in patterns))


class NullJournal:
    """Wants nothing and keeps nothing: a run with capture switched off."""

    append: Callable[[Row], None]

    def __init__(self) -> None:
        self.append = _forget

    def wants(self, kind: str) -> bool:
        """Never."""
        return False

    def drain(self) -> None:
        """Do nothing."""


def _forget(row: Row) -> None:
    """Take *row* and keep nothing of it."""


class EventLog:
    """A journal whose records become ``events.parquet`` in *directory*, which must exist and be the log's alone.

    ``append`` is the ``extend`` of a list, so that a record costs the run as little as it can: its cells lie behind
    those of the one before, no tuple stays for the garbage collector to look at, and it does no input or output and
    cannot fail. Therefore whoever drives the run calls :meth:`drain` between steps, every few thousand
    records or more often, and :meth:`finish` at its end. Without ``drain`` nothing is lost, but memory grows.

    Memory stays bounded because full blocks go to the disk as files of their own; ``finish`` joins them.
    """

    append: Callable[[Row], None]

    def __init__(
        self, directory: Path, *, include: Iterable[str] = ("*",), watched: bool = False, block_rows: int = BLOCK_ROWS
    ) -> None:
        self.kinds = kinds_in(include, watched=watched)
        self.wants = self.kinds.__contains__
        self._directory = directory
        self._block_rows = block_rows
        self._cells: list[Any] = []
        self._frames: list[pl.DataFrame] = []
        self._frame_rows = 0
        self._parts: list[Path] = []
        self._digest = LogDigest()
        self._stored = 0
        self.append = self._cells.extend

    def __len__(self) -> int:
        return self._stored + self._frame_rows + len(self._cells) // WIDTH

    @property
    def digest(self) -> str:
        """The digest (:class:`LogDigest`) of what has been stored; of the whole run once it is finished."""
        return self._digest.hexdigest()

    def drain(self) -> None:
        """Turn what has gathered into columns, and write a block when one is full. Cheap when little has gathered.

        Raises ``RunError`` when the disk is full or not to be written to.
        """
        if len(self._cells) >= SLICE_ROWS * WIDTH:
            with disk_errors(self._directory.parent):
                self._gather()

    def open(self) -> Connection:
        """A connection whose view ``events`` holds the records so far, for whoever watches a run. Close it when done.

        What will be stored in the end, and its digest, stay the same. To be called between steps, as :meth:`drain`,
        and raises as that does.
        """
        with disk_errors(self._directory.parent):
            self._gather()
        connection = connect()
        put_table(connection, "late", numbered(self._frames, first=self._stored))
        tables = [*(f"read_parquet({quoted(str(part.resolve()))})" for part in self._parts), "late"]
        connection.execute(f"create view events as {' union all '.join(f'from {table}' for table in tables)}")
        return connection

    def finish(self) -> Path:
        """Write what is left and join the blocks, in order, to one file; returns its path. Raises as :meth:`drain`."""
        with disk_errors(self._directory.parent):
            self._gather()
            if self._frames or not self._parts:
                self._store()
            return self._join()

    def _join(self) -> Path:
        path = self._directory / EVENTS_FILE
        if len(self._parts) == 1:
            return self._parts[0].rename(path)
        joined = pl.scan_parquet(self._parts, glob=False)
        joined.sink_parquet(path, compression_level=1, row_group_size=GROUP_ROWS)
        for part in self._parts:
            part.unlink()
        return path

    def _gather(self) -> None:
        # One step of the interpreter for each: an interrupt between them could only double the rows of a run
        # that is thrown away. `append` is bound to this very list, so it is emptied, not replaced.
        cells = self._cells.copy()
        self._cells.clear()
        for frame in frames_of(cells):
            self._frames.append(frame)
            self._frame_rows += frame.height
            if self._frame_rows >= self._block_rows:
                self._store()

    def _store(self) -> None:
        """Write the gathered frames as one more part."""
        block = numbered(self._frames, first=self._stored)
        self._digest.update(block)
        part = self._directory / f"part-{len(self._parts):06}.parquet"
        block.write_parquet(part, compression_level=1, row_group_size=GROUP_ROWS)
        self._parts.append(part)
        self._stored += block.height
        self._frames.clear()
        self._frame_rows = 0
