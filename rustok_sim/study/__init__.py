"""Runs and sets of runs: one run kept in its directory, replications of variants on the same luck, intervals.

Lives here: what turns a scenario into answers. It composes the engine, the event log and the verdicts, and spreads
replications over processes. It draws no figures and prints nothing but a progress bar.
"""

from rustok_sim.study.facts import facts_of
from rustok_sim.study.guard import Difference, first_difference, run_again
from rustok_sim.study.intervals import Estimate, estimate, paired_difference
from rustok_sim.study.replicate import Replications, replicate
from rustok_sim.study.run import DATA, Run, run

__all__ = [
    "DATA",
    "Difference",
    "Estimate",
    "Replications",
    "Run",
    "estimate",
    "facts_of",
    "first_difference",
    "paired_difference",
    "replicate",
    "run",
    "run_again",
]
