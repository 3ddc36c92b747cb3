"""What becomes of each anomaly at each level: the database in memory as PostgreSQL, row by row.

The words are those that PostgreSQL's documentation (section 13.2, Transaction Isolation) leads one to, and those that
Kleppmann's hermitage project found for PostgreSQL with schedules like these.
"""

import pytest

from rustok_sim.adapters import MemoryServer
from rustok_sim.adapters.memory.session import MemorySession
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


LOCKED = {
    "P4 locked": ("blocked", "aborted", "aborted"),
    "share": ("blocked", "blocked", "blocked"),
    "skip locked": ("prevented", "prevented", "prevented"),
    "same key": ("aborted", "aborted", "aborted"),
    "same key undone": ("blocked", "blocked", "blocked"),
    "same key or none": ("blocked", "aborted", "aborted"),
    "upsert same key": ("blocked", "aborted", "aborted"),
    "upsert undone": ("blocked", "blocked", "blocked"),
    "upsert changed": ("blocked", "aborted", "aborted"),
    # Whose key is free when the wait is over writes a new row, whatever its snapshot shows.
    "upsert gone": ("blocked", "blocked", "aborted"),
    "gone meanwhile": ("blocked", "aborted", "aborted"),
    "parent goes": ("aborted", "aborted", "aborted"),
    "child comes": ("blocked", "aborted", "aborted"),
    "child and change": ("prevented", "prevented", "prevented"),
    "deadlock": ("aborted", "aborted", "aborted"),
}


def test_locks_end_in_memory_as_postgresql_says(memory):
    """PostgreSQL's documentation (13.3, Explicit Locking; INSERT, ON CONFLICT), and the real server below."""
    assert {name: words for name, words in outcomes(memory, "memory").items() if name not in EXPECTED} == LOCKED


@pytest.fixture(scope="module")
def real(postgresql):
    """The matrix of a real PostgreSQL: real threads, real locks."""
    return isolation_matrix(
        lambda tables: SqlServer.postgresql(tables, postgresql, waiting="native"),
        name="PostgreSQL",
        schedules=(*ANOMALIES, *LOCKS),
    )


def test_a_real_postgresql_gives_the_same_words(memory, real):
    """Every schedule at every level."""
    assert outcomes(real, "PostgreSQL") == outcomes(memory, "memory") == EXPECTED | LOCKED


def test_a_real_postgresql_gives_the_same_traces(memory, real):
    """Not the word alone: every step answers, waits, goes on and is refused alike, row by row and in that order."""
    pairs = zip(memory.played["memory"], real.played["PostgreSQL"], strict=True)
    assert [(str(ours), str(theirs)) for ours, theirs in pairs if str(ours) != str(theirs)] == []


class CarelessSession(MemorySession):
    """Begins every transaction at READ COMMITTED, whatever is asked for."""

    def begin(self, isolation):
        """As far as it can."""
        super().begin("read_committed")


class Careless(MemoryServer):
    """A database of one level."""

    def open(self, runtime):
        """A session that knows no better."""
        return CarelessSession(self, runtime)


def test_a_careless_database_is_found_out():
    """The suite can fail: a server without the level it was asked for shows READ COMMITTED's column in every level."""
    matrix = isolation_matrix(Careless, name="careless")
    weak = {name: (words[0],) * 3 for name, words in EXPECTED.items()}
    assert outcomes(matrix, "careless") == weak


def test_a_matrix_shows_servers_side_by_side(memory):
    """One row for each schedule, one column for each level and server, in text and in a notebook."""
    both = isolation_matrix(MemoryServer, name="a", schedules=ANOMALIES[:2]).beside(
        isolation_matrix(MemoryServer, name="b", schedules=ANOMALIES[:1], levels=LEVELS[:1])
    )
    first, second, third = str(both).splitlines()
    assert first.split("  ")[-1].strip() == "serializable, b"
    assert second.split() == ["G0:", "dirty", "write", "blocked", "blocked", "aborted", "–", "aborted", "–"]
    assert third.startswith("G1a: aborted read")
    assert both._repr_html_().count("<td>") == 12
    assert "<th>read committed, a</th>" in both._repr_html_()
    assert "3 T1  rollback: done" in memory.traces("memory")
