"""The columns of the stored event log, and the way from rows to columns."""

from collections.abc import Sequence
from itertools import chain
from typing import Final

import polars as pl

from rustok_sim.core.journal import COLUMNS, Row

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

SLICE_ROWS: Final = 4096
"""Rows turned into columns at a time: few enough to stay in the processor's cache, which halves the cost."""


def frames_of(rows: Sequence[Row]) -> list[pl.DataFrame]:
    """The same records by columns, in frames of some thousand rows each."""
    return [_frame(rows[start : start + SLICE_ROWS]) for start in range(0, len(rows), SLICE_ROWS)]


def _frame(rows: Sequence[Row]) -> pl.DataFrame:
    # One flat list, of which each column is a stride, is half the work of zip(*rows).
    cells = list(chain.from_iterable(rows))
    width = len(TYPES)
    if len(cells) != width * len(rows):
        raise ValueError(f"a record has {width} columns: {', '.join(TYPES)}")
    return pl.DataFrame([pl.Series(name, cells[i::width], dtype=kind) for i, (name, kind) in enumerate(TYPES.items())])


def without_nan(frame: pl.DataFrame) -> pl.DataFrame:
    """*frame* with every NaN gone missing: a number that is none says nothing, and poisons each sum it enters."""
    return frame.with_columns(pl.col(*NUMBERS).fill_nan(None))
