"""The columns of the stored event log, and the way from rows to columns."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import polars as pl

from rustok_sim.core.journal import COLUMNS

NUMBERS: Final = frozenset({"at_s", "begin_s", "wait_s", "value"})
WHOLE_NUMBERS: Final = frozenset({"correlation", "causation", "status"})


def _type_of(column: str) -> pl.DataType:
    if column in NUMBERS:
        return pl.Float64()
    return pl.Int64() if column in WHOLE_NUMBERS else pl.String()


TYPES: Final = {column: _type_of(column) for column in COLUMNS}
"""The type of each column of a record."""

SCHEMA: Final = {"seq": pl.Int64(), **TYPES}
"""The columns of ``events.parquet``: the place in the run (from 0), then those of the record."""

WIDTH: Final = len(TYPES)
"""The cells of one record."""

SLICE_ROWS: Final = 4096
"""Rows turned into columns at a time: few enough to stay in the processor's cache, which halves the cost."""


def frames_of(cells: Sequence[Any]) -> list[pl.DataFrame]:
    """Records that lie one behind the other, by columns: frames of some thousand rows each."""
    if len(cells) % WIDTH:
        raise ValueError(f"a record has {WIDTH} columns: {', '.join(TYPES)}")
    size = SLICE_ROWS * WIDTH
    return [_frame(cells[start : start + size]) for start in range(0, len(cells), size)]


def _frame(cells: Sequence[Any]) -> pl.DataFrame:
    return pl.DataFrame([pl.Series(name, cells[i::WIDTH], dtype=kind) for i, (name, kind) in enumerate(TYPES.items())])


def numbered(frames: Iterable[pl.DataFrame], *, first: int = 0) -> pl.DataFrame:
    """*frames* of records as one, as a log keeps them: with the place in the run, from *first* on, and without NaN.

    A number that is none says nothing, and poisons each sum it enters: it goes missing.
    """
    frame = pl.concat([pl.DataFrame(schema=SCHEMA).drop("seq"), *frames], rechunk=True)
    frame = frame.with_columns(pl.col(*NUMBERS).fill_nan(None))
    seq = pl.int_range(first, first + frame.height, dtype=pl.Int64).alias("seq")
    return frame.select(seq, *frame.columns)
