"""All parts together."""

from rustok_sim.testing.contract.reading import ReadingContract
from rustok_sim.testing.contract.rules import RulesContract
from rustok_sim.testing.contract.transactions import TransactionsContract
from rustok_sim.testing.contract.upserting import UpsertingContract
from rustok_sim.testing.contract.writing import WritingContract


class DatabaseContract(ReadingContract, WritingContract, UpsertingContract, RulesContract, TransactionsContract):
    """Tests that every ``DatabaseServer`` passes. Subclasses give ``make()`` and nothing else."""
