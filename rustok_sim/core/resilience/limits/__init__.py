"""How often a client may ask: RusToK's two rate limiters as built, and what they were meant to be.

A limiter is a rule without a clock; where it counts, and under which key, are questions of their own: RusToK counts in
each process, under a name that the client chooses. Knows no header but those of the key, and no pipeline.
"""

from rustok_sim.core.resilience.limits.bucket import TokenBucket
from rustok_sim.core.resilience.limits.counting import (
    Counting,
    LocalCounting,
    MemoryCounters,
    SharedCounters,
    SharedCounting,
    cleaning,
)
from rustok_sim.core.resilience.limits.decision import Decision, Limiter, headers
from rustok_sim.core.resilience.limits.designs import counting_for, limiter_for
from rustok_sim.core.resilience.limits.fixed import FixedWindow
from rustok_sim.core.resilience.limits.keys import client_key
from rustok_sim.core.resilience.limits.settings import LimiterSettings
from rustok_sim.core.resilience.limits.sliding import SlidingWindow

__all__ = [
    "Counting",
    "Decision",
    "FixedWindow",
    "Limiter",
    "LimiterSettings",
    "LocalCounting",
    "MemoryCounters",
    "SharedCounters",
    "SharedCounting",
    "SlidingWindow",
    "TokenBucket",
    "cleaning",
    "client_key",
    "counting_for",
    "headers",
    "limiter_for",
]
