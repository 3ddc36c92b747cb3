"""The columns of the stored event log, and the way from rows to columns."""

from collections.abc import Sequence
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

SLICE_ROWS: Final = 2048
"""Rows turned into columns at a time: few enough to stay in the processor's cache, which halves the cost."""


def frames_of(rows: Sequence[Row]) -> list[pl.DataFrame]:
    """The same records by columns, in frames of some two thousand rows each."""
    return [_frame(rows[start : start + SLICE_ROWS]) for start in range(0, len(rows), SLICE_ROWS)]


def _frame(rows: Sequence[Row]) -> pl.DataFrame:
    values = zip(*rows, strict=True)
    return pl.DataFrame(
        [pl.Series(name, column, dtype=kind) for (name, kind), column in zip(TYPES.items(), values, strict=True)]
    )


def without_nan(frame: pl.DataFrame) -> pl.DataFrame:
    """*frame* with every NaN gone missing: a number that is none says nothing, and poisons each sum it enters."""
    return frame.with_columns(pl.col(*NUMBERS).fill_nan(None))
