"""What every database server must do, as tests that a server's own test class inherits.

A subclass of :class:`DatabaseContract` says how an empty server is made, by ``make(tables)``, and nothing else. What
is expected is the SQL standard's where the databases agree and PostgreSQL's where they do not; waiting, where it is
tested, is that of one thread.
"""

from rustok_sim.testing.contract.reading import ReadingContract
from rustok_sim.testing.contract.rig import BOOKS, BOXES, LIBRARY, LOANS, PEOPLE, SHELVES, Rig
from rustok_sim.testing.contract.rules import RulesContract
from rustok_sim.testing.contract.transactions import TransactionsContract
from rustok_sim.testing.contract.upserting import UpsertingContract
from rustok_sim.testing.contract.whole import DatabaseContract
from rustok_sim.testing.contract.writing import WritingContract

__all__ = [
    "BOOKS",
    "BOXES",
    "LIBRARY",
    "LOANS",
    "PEOPLE",
    "SHELVES",
    "DatabaseContract",
    "ReadingContract",
    "Rig",
    "RulesContract",
    "TransactionsContract",
    "UpsertingContract",
    "WritingContract",
]
