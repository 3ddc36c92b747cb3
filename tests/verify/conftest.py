"""Hand-made logs: a few rows, opened as the log of a run."""

from itertools import count

import pytest

from rustok_sim.capture import EventLog, open_run
from rustok_sim.core.journal import COLUMNS


class Log:
    """A log as one writes it by hand: a line for each record."""

    def __init__(self):
        self.rows = []

    def __call__(self, at_s, kind, **columns):
        """Add a record."""
        self.rows.append(tuple({"at_s": at_s, "kind": kind, **columns}.get(name) for name in COLUMNS))

    def request(self, number, begin_s, at_s, outcome="ok", status=200, *, site="web", **columns):
        """Add a finished request."""
        self(
            at_s,
            "request.finished",
            correlation=number,
            site=site,
            outcome=outcome,
            status=status,
            begin_s=begin_s,
            **columns,
        )

    def visit(self, number, begin_s, start_s, at_s, how="served", *, site="till", **columns):
        """Add a visit of a station: came, got a server, left."""
        waits = {"begin_s": begin_s, "wait_s": start_s - begin_s, "value": at_s - start_s}
        self(at_s, f"station.{how}", correlation=number, site=site, **waits | columns)


@pytest.fixture
def log():
    """An empty log to write to."""
    return Log()


@pytest.fixture
def opened(tmp_path, log):
    """Opens a log with what has been written so far."""
    numbers = count()

    def open_it():
        directory = tmp_path / f"log-{next(numbers)}"
        directory.mkdir()
        stored = EventLog(directory)
        for row in log.rows:
            stored.append(row)
        stored.finish()
        return open_run(directory)

    return open_it
