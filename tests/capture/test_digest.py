"""The digest: equal for equal content, different for any other, whatever wrote it."""

import json
import os
import struct
import subprocess
import sys
from hashlib import sha256
from itertools import chain

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rustok_sim.capture import EventLog, LogDigest, digest_of
from rustok_sim.capture.columns import frames_of
from rustok_sim.core.journal import COLUMNS


def digest_in(directory, rows, *, block_rows):
    """The digest of *rows* written to *directory*, which its file must give again."""
    directory.mkdir()
    log = EventLog(directory, block_rows=block_rows)
    for row in rows:
        log.append(row)
        log.drain()
    log.finish()
    assert log.digest == digest_of(directory)
    return log.digest


def test_does_not_depend_on_blocks(tmp_path, rows):
    """10,000 rows in one block, in blocks of some 4,000 and of 8,000 are the same log."""
    made = rows(10_000)
    digests = {digest_in(tmp_path / str(size), made, block_rows=size) for size in (1, 6_000, 100_000)}
    assert len(digests) == 1


def test_does_not_depend_on_how_the_file_is_written(tmp_path, rows):
    """The same content under another compression and in other row groups has the same digest."""
    digest = digest_in(tmp_path / "a", rows(1_000), block_rows=10_000)
    (tmp_path / "b").mkdir()
    frame = pl.read_parquet(tmp_path / "a" / "events.parquet")
    frame.write_parquet(tmp_path / "b" / "events.parquet", compression="lz4", row_group_size=77)
    assert digest_of(tmp_path / "b") == digest


def test_is_what_its_docstring_says(row):
    """Two records hashed by hand with struct and hashlib, by the docstring alone."""
    rows = [
        row(0.5, "cache.hit", site="é", value=2.0, correlation=7),
        row(1.5, "cache.miss", status=200, detail="key"),
    ]

    def numbers(*values):
        return sha256(b"".join(struct.pack("<d", float("nan") if v is None else v) for v in values))

    def whole(*values):
        return sha256(b"".join(struct.pack("<q", -(2**63) if v is None else v) for v in values))

    def texts(*values):
        lengths = (2**32 - 1 if v is None else len(v.encode()) for v in values)
        yield sha256(b"".join(struct.pack("<I", length) for length in lengths))
        yield sha256("".join(v or "" for v in values).encode())

    by_hand = [
        ("at_s", [numbers(0.5, 1.5)]),
        ("kind", texts("cache.hit", "cache.miss")),
        ("node", texts(None, None)),
        ("tenant", texts(None, None)),
        ("correlation", [whole(7, None)]),
        ("causation", [whole(None, None)]),
        ("site", texts("é", None)),
        ("outcome", texts(None, None)),
        ("status", [whole(None, 200)]),
        ("begin_s", [numbers(None, None)]),
        ("wait_s", [numbers(None, None)]),
        ("value", [numbers(2.0, None)]),
        ("detail", texts(None, "key")),
    ]
    lines = "".join(f"{name} {one.hexdigest()}\n" for name, hashes in by_hand for one in hashes)
    digest = LogDigest()
    for frame in frames_of([*chain.from_iterable(rows)]):
        digest.update(frame)
    assert digest.hexdigest() == sha256(lines.encode()).hexdigest()


CELLS = {
    **dict.fromkeys(("at_s", "begin_s", "wait_s", "value"), st.sampled_from([None, 0.0, -0.0, 1.0])),
    **dict.fromkeys(("correlation", "causation", "status"), st.sampled_from([None, 0, 1])),
}
ROW = st.tuples(*(CELLS.get(name, st.sampled_from([None, "", "a", "ab", "b"])) for name in COLUMNS))


@given(st.lists(ROW, max_size=3), st.lists(ROW, max_size=3))
def test_tells_any_two_logs_apart(one, other):
    """Missing is not empty, "ab" is not "a" and "b", -0.0 is not 0.0, and order counts: as their texts say."""

    def digest(rows):
        hashed = LogDigest()
        for frame in frames_of([*chain.from_iterable(rows)]):
            hashed.update(frame)
        return hashed.hexdigest()

    assert (digest(one) == digest(other)) == (repr(one) == repr(other))


WRITE = """
import sys
from pathlib import Path
from rustok_sim.capture import EventLog
import json
log = EventLog(Path(sys.argv[1]))
for row in json.loads(sys.stdin.read()):
    log.append(tuple(row))
log.finish()
print(log.digest)
"""


@pytest.mark.parametrize("hash_seed", ["0", "4711"])
def test_does_not_depend_on_the_process(tmp_path, rows, hash_seed):
    """Another process with another hash seed gives the same digest for the same records."""
    made = rows(500)
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    told = subprocess.run(
        [sys.executable, "-c", WRITE, str(tmp_path)],
        input=json.dumps(made),
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == digest_in(tmp_path / "here", made, block_rows=100)
