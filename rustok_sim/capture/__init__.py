"""The event log of a run and where it is kept: columns, Parquet, run directories, the catalogue.

Lives here: whatever writes or opens records. It may know the columns and kinds of a record and the disk; it is the
only package that imports DuckDB. It never knows what a record means: what the numbers are is a question for ``verify``.
"""

from rustok_sim.capture.catalogue import Catalogue, Skipped, rebuild
from rustok_sim.capture.checkout import code_commit
from rustok_sim.capture.database import (
    Connection,
    connect,
    fetch,
    narrowed,
    open_run,
    query,
    query_numbers,
    query_row,
    query_rows,
    sealed,
)
from rustok_sim.capture.digest import LogDigest, digest_of
from rustok_sim.capture.log import EventLog, NullJournal, kinds_in
from rustok_sim.capture.memory import MemoryLog, wrong_sql
from rustok_sim.capture.runs import Recording, RunRecord, read_record, recording

__all__ = [
    "Catalogue",
    "Connection",
    "EventLog",
    "LogDigest",
    "MemoryLog",
    "NullJournal",
    "Recording",
    "RunRecord",
    "Skipped",
    "code_commit",
    "connect",
    "digest_of",
    "fetch",
    "kinds_in",
    "narrowed",
    "open_run",
    "query",
    "query_numbers",
    "query_row",
    "query_rows",
    "read_record",
    "rebuild",
    "recording",
    "sealed",
    "wrong_sql",
]
