"""What becomes of each anomaly at each level: the database in memory as PostgreSQL, row by row.

The words are those that PostgreSQL's documentation (section 13.2, Transaction Isolation) leads one to, and those that
Kleppmann's hermitage project found for PostgreSQL with schedules like these.
"""

import pytest

from rustok_sim.adapters import MemoryServer
from rustok_sim.adapters.sql import SqlServer
from rustok_sim.testing import ANOMALIES, LEVELS, LOCKS, isolation_matrix

EXPECTED = {
    "G0": ("blocked", "aborted", "aborted"),
    "G1a": ("prevented", "prevented", "prevented"),
    "G1b": ("prevented", "prevented", "prevented"),
    "G1c": ("prevented", "prevented", "aborted"),
    "OTV": ("blocked", "aborted", "aborted"),
    "PMP": ("allowed", "prevented", "prevented"),
    "PMP write": ("allowed", "aborted", "aborted"),
    "P4": ("allowed", "aborted", "aborted"),
    "G-single": ("allowed", "prevented", "prevented"),
    "G-single predicate": ("allowed", "prevented", "prevented"),
    "G-single write": ("allowed", "aborted", "aborted"),
    "G2-item": ("allowed", "allowed", "aborted"),
    "G2": ("allowed", "allowed", "aborted"),
    "G2 two edges": ("allowed", "allowed", "aborted"),
}


@pytest.fixture(scope="module")
def memory():
    """The matrix of the database in memory, locks included."""
    return isolation_matrix(MemoryServer, schedules=(*ANOMALIES, *LOCKS))


def outcomes(matrix, server):
    """The words by schedule, in the order of the levels."""
    by_level = [matrix.outcomes(server, level) for level in LEVELS]
    return {name: tuple(column[name] for column in by_level) for name in by_level[0]}


@pytest.mark.parametrize("anomaly", EXPECTED)
def test_each_anomaly_ends_in_memory_as_postgresql_says(memory, anomaly):
    """PostgreSQL's documentation and hermitage, by hand."""
    assert outcomes(memory, "memory")[anomaly] == EXPECTED[anomaly]


def test_every_anomaly_has_an_expectation():
    """A new schedule without a word of its own would go unnoticed."""
    assert {schedule.name for schedule in ANOMALIES} == set(EXPECTED)


def test_a_real_postgresql_gives_the_same_words(memory, postgresql):
    """Real threads, real locks, every schedule at every level."""
    real = isolation_matrix(
        lambda tables: SqlServer.postgresql(tables, postgresql, waiting="native"),
        name="PostgreSQL",
        schedules=(*ANOMALIES, *LOCKS),
    )
    assert outcomes(real, "PostgreSQL") == outcomes(memory, "memory")
