"""Rows to capture."""

import pytest

from rustok_sim.core.journal import COLUMNS


def made_row(at_s, kind, **columns):
    """One record by the names of its columns."""
    return tuple({"at_s": at_s, "kind": kind, **columns}.get(name) for name in COLUMNS)


def some_rows(count):
    """Records of three kinds, with every column missing somewhere and texts beyond ASCII."""
    made = []
    for i in range(count):
        at_s, call = (
            i / 8,
            {"node": f"node-{i % 2 + 1}", "tenant": f"tenant-{i % 7:04d}", "correlation": 1_000_000_000 + i},
        )
        match i % 3:
            case 0:
                row = made_row(
                    at_s, "cache.hit", **call, site="tenant", value=float(i % 5), detail=f"tenant:v1:slug:čaj-{i % 7}"
                )
            case 1:
                row = made_row(
                    at_s,
                    "request.finished",
                    **call,
                    causation=i,
                    site="storefront",
                    outcome="ok",
                    status=200,
                    begin_s=at_s - 1,
                )
            case _:
                row = made_row(at_s, "station.served", site="search", begin_s=at_s - 0.5, wait_s=0.25, value=0.25)
        made.append(row)
    return made


@pytest.fixture
def row():
    """Makes one record: ``row(1.0, "cache.hit", site="tenant")``."""
    return made_row


@pytest.fixture
def rows():
    """Makes many records: ``rows(1000)``."""
    return some_rows


@pytest.fixture
def root_of_runs(tmp_path):
    """Where runs are kept; not made yet."""
    return tmp_path / "data" / "runs"
