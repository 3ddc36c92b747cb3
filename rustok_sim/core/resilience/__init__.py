"""How calls to a dependency are kept from doing harm: breakers, retry, bulkhead.

Policies are synchronous and take the time as an argument; :func:`guarded` and :func:`retried` put them around a
service. They compose by nesting, and the order matters: ``Runtime.within`` inside a breaker call makes a timeout a
failure, outside it makes it a drop, of which the breaker learns nothing.

No statistics are kept beside what a rule itself needs: how often a breaker opened is a query over the event log.
"""

from rustok_sim.core.resilience.breaker import Breaker, BreakerState, OnChange, Permit
from rustok_sim.core.resilience.bulkhead import Bulkhead
from rustok_sim.core.resilience.designs import breaker_for
from rustok_sim.core.resilience.guard import guarded
from rustok_sim.core.resilience.retry import delay_s, is_retryable, retried
from rustok_sim.core.resilience.settings import BreakerSettings, RetrySettings

__all__ = [
    "Breaker",
    "BreakerSettings",
    "BreakerState",
    "Bulkhead",
    "OnChange",
    "Permit",
    "RetrySettings",
    "breaker_for",
    "delay_s",
    "guarded",
    "is_retryable",
    "retried",
]
