"""A search for faults, load and settings that break a promise: drawn by swarm, shrunk by Hypothesis, told as a story.

Lives here: the drawing of plans from a seed, the trial of a plan in memory, the search over many of them, the smallest
scenario that still breaks what was found, and its timeline. It may know how scenarios run and are judged; it takes the
kinds of faults and the promises from where they are defined, and knows none by name. It never changes a design.
"""

from rustok_sim.search.files import search_file, write_found
from rustok_sim.search.find import Finding, Outcome, Search, coverage, find, smaller
from rustok_sim.search.plan import Plan, realise
from rustok_sim.search.replay import Timeline, replay
from rustok_sim.search.shrink import shrink
from rustok_sim.search.space import draw
from rustok_sim.search.trial import Violation, attempt

__all__ = [
    "Finding",
    "Outcome",
    "Plan",
    "Search",
    "Timeline",
    "Violation",
    "attempt",
    "coverage",
    "draw",
    "find",
    "realise",
    "replay",
    "search_file",
    "shrink",
    "smaller",
    "write_found",
]
