"""The database in memory: tables of rows, transactions on them, and the sessions through which they are reached.

Knows the tables it is made of and the statements of ``core.data``; it knows no tenant scope, no wire and no engine: a
session waits by the runtime it was opened with, and for nothing but the end of other transactions and the disk.
"""

from rustok_sim.adapters.memory.server import MemoryServer
from rustok_sim.adapters.memory.session import MemorySession

__all__ = ["MemoryServer", "MemorySession"]
