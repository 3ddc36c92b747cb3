"""The sections of a run's metrics, one file each.

Lives here: the definition of every number of a run, as a query over its event log. It may know the kinds of records
and the facts of the scenario. It never counts anything the log does not hold.
"""

from rustok_sim.verify.sections.breaker import breaker
from rustok_sim.verify.sections.cache import cache
from rustok_sim.verify.sections.database import database
from rustok_sim.verify.sections.index import index
from rustok_sim.verify.sections.inventory import inventory
from rustok_sim.verify.sections.outbox import outbox
from rustok_sim.verify.sections.requests import requests
from rustok_sim.verify.sections.stations import stations

__all__ = ["breaker", "cache", "database", "index", "inventory", "outbox", "requests", "stations"]
