"""The digest of an event log: one number that two runs share when the same happened in both."""

from hashlib import sha256
from pathlib import Path
from typing import Final

import polars as pl

from rustok_sim.capture.columns import TYPES

EVENTS_FILE: Final = "events.parquet"
MISSING_LENGTH: Final = 2**32 - 1
MISSING_WHOLE_NUMBER: Final = -(2**63)
BATCH_ROWS: Final = 2**18


class LogDigest:
    """SHA-256 over the content of an event log, whatever the blocks it came in and the file it lies in.

    Each column of :data:`~rustok_sim.core.journal.COLUMNS` is hashed on its own, over its values in the order of the
    run, in little-endian bytes (the only ones Polars has): a number as IEEE 754 double (a missing one as the quiet
    NaN 7ff8000000000000; no record holds a NaN), a whole number as 64-bit integer (missing: -2**63), and a text
    twice: its length in bytes of UTF-8 as unsigned 32-bit integer (missing: 2**32 - 1) in one hash, the bytes
    themselves in another. The digest is the SHA-256 of the lines ``<column> <hex>`` of all columns in order, a text
    column having two lines, the lengths first; each line ends with a line feed. ``seq`` is the place in the run and
    ``run`` a name: neither is hashed.
    """

    def __init__(self) -> None:
        self._hashes = [(name, sha256(), sha256() if kind == pl.String else None) for name, kind in TYPES.items()]

    def update(self, frame: pl.DataFrame) -> None:
        """Take the next records of the run; *frame* has their columns under their names."""
        for name, hashed, texts in self._hashes:
            column = frame.get_column(name)
            if texts is not None:
                texts.update(column.str.join().item().encode())
                column = column.str.len_bytes().fill_null(MISSING_LENGTH)
            elif column.dtype == pl.Float64:
                column = column.fill_null(float("nan"))
            else:
                column = column.fill_null(MISSING_WHOLE_NUMBER)
            hashed.update(column.to_numpy().data)

    def hexdigest(self) -> str:
        """The digest of what was taken so far, as 64 hexadecimal digits."""
        lines = [
            f"{name} {one.hexdigest()}\n"
            for name, hashed, texts in self._hashes
            for one in (hashed, texts)
            if one is not None
        ]
        return sha256("".join(lines).encode()).hexdigest()


def digest_of(run: Path) -> str:
    """The digest of the run kept in the directory *run*, computed anew from its events."""
    digest = LogDigest()
    events = pl.scan_parquet(run / EVENTS_FILE, glob=False)
    for start in range(0, events.select(pl.len()).collect().item(), BATCH_ROWS):
        digest.update(events.slice(start, BATCH_ROWS).collect())
    return digest.hexdigest()
