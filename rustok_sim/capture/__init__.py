"""The event log of a run and where it is kept: columns, Parquet, run directories, the catalogue.

Lives here: whatever writes or opens records. It may know the columns and kinds of a record and the disk; it is the
only package that imports DuckDB. It never knows what a record means: what the numbers are is a question for ``verify``.
"""

from rustok_sim.capture.digest import LogDigest, digest_of
from rustok_sim.capture.log import EventLog, NullJournal, kinds_in

__all__ = ["EventLog", "LogDigest", "NullJournal", "digest_of", "kinds_in"]
