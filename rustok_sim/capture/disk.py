"""Hidden directories that vanish unless they are finished, and disk errors in one sentence."""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree

import duckdb
from polars.exceptions import PolarsError

from rustok_sim.core.errors import RunError


@contextmanager
def disk_errors(place: Path) -> Iterator[None]:
    """Turn what the disk does into a ``RunError`` that names *place*; a Polars error only if it comes from the disk."""
    try:
        yield
    except OSError as error:
        raise RunError(f"{place}: {error.strerror or error}; nothing was kept") from error
    except PolarsError as error:
        told = re.search(r"\(os error (\d+)\)", str(error))
        if told is None:
            raise
        raise RunError(f"{place}: {os.strerror(int(told[1]))}; nothing was kept") from error
    except duckdb.IOException as error:
        raise RunError(f"{place}: {str(error).splitlines()[0]}") from error


@contextmanager
def hidden_directory(parent: Path) -> Iterator[Path]:
    """A new directory ``.tmp-PID-N`` in *parent* (made if need be), removed at the end if it still has that name.

    Its owner holds a lock on it, which the kernel drops when the process dies, however it dies. So the next call in
    *parent*, by any process, knows leftovers from work in progress and removes them.
    """
    with disk_errors(parent):
        parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(parent)
        path, lock = _make_hidden(parent)
    try:
        yield path
    finally:
        # Once ours has been renamed the name is free, and may by now be that of another thread's work.
        if _names(path, lock):
            rmtree(path, ignore_errors=True)
        os.close(lock)


def _names(path: Path, handle: int) -> bool:
    """Whether *path* is what *handle* has open, not something newer of the same name."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _make_hidden(parent: Path) -> tuple[Path, int]:
    number = 0
    while True:
        number += 1
        path = parent / f".tmp-{os.getpid()}-{number}"
        with suppress(FileExistsError):
            path.mkdir()
            # Between these two lines another process may take it for a leftover; then the next number is ours.
            lock = _lock(path)
            if lock is not None:
                return path, lock


def _remove_leftovers(parent: Path) -> None:
    for path in parent.glob(".tmp-*"):
        # What cannot even be looked at is somebody else's.
        with suppress(OSError):
            lock = _lock(path)
            if lock is not None:
                rmtree(path, ignore_errors=True)
                os.close(lock)


def _lock(path: Path) -> int | None:
    """A handle that holds the lock of directory *path*; ``None`` if another holds it or *path* is gone."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if _names(path, handle):
            return handle
    except BlockingIOError:
        pass
    os.close(handle)
    return None


def sync(path: Path) -> None:
    """Wait until *path*, a file or a directory, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
