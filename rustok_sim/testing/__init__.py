"""What tests import, users' own included: runs kept in memory, and what every database server must do.

``DatabaseContract`` and the schedules of isolation say it once; a server passes them all by saying how it is made.
May import everything; nothing imports it.
"""

from rustok_sim.core.journal import Record
from rustok_sim.testing.anomalies import ANOMALIES
from rustok_sim.testing.contract import DatabaseContract
from rustok_sim.testing.interleaving import play
from rustok_sim.testing.locks import LOCKS, TABLES
from rustok_sim.testing.matrix import LEVELS, IsolationMatrix, isolation_matrix
from rustok_sim.testing.scenarios import ListJournal, always, scenario_of, simulate
from rustok_sim.testing.schedules import TEST, History, Played, Schedule, Step

__all__ = [
    "ANOMALIES",
    "LEVELS",
    "LOCKS",
    "TABLES",
    "TEST",
    "DatabaseContract",
    "History",
    "IsolationMatrix",
    "ListJournal",
    "Played",
    "Record",
    "Schedule",
    "Step",
    "always",
    "isolation_matrix",
    "play",
    "scenario_of",
    "simulate",
]
