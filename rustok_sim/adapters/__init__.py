"""What the platform asks of the outside, made: the database in memory, Redis, and caches in a node's own memory.

An adapter turns a module's protocol into exchanges over wires, and the errors of wires into ``DatabaseError`` and
``CacheError``. The state of a server is an object that all nodes share; connections belong to one node and are lost
with it. Time and faults come with the wires: an adapter knows no engine and does no real I/O.
"""

from rustok_sim.adapters.connections import Connections
from rustok_sim.adapters.direct import DirectDatabase
from rustok_sim.adapters.local import LocalBackend
from rustok_sim.adapters.memory import MemoryServer
from rustok_sim.adapters.ports import DatabaseServer, NewsWire, Pool, ServerSession
from rustok_sim.adapters.settings import DatabaseSettings, RedisSettings

__all__ = [
    "Connections",
    "DatabaseServer",
    "DatabaseSettings",
    "DirectDatabase",
    "LocalBackend",
    "MemoryServer",
    "NewsWire",
    "Pool",
    "RedisSettings",
    "ServerSession",
]
