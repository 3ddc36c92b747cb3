"""Caches inside one process: what is kept, for how long, who goes first, and who loads.

A cache is synchronous and takes the time as an argument; only :class:`SingleFlight` waits. Nothing here knows what is
cached or writes to the event log: its users do.
"""

from rustok_sim.core.cache.bounded import BoundedCache
from rustok_sim.core.cache.single_flight import SingleFlight

__all__ = ["BoundedCache", "SingleFlight"]
