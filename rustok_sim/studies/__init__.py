"""Runs and studies: one run kept in its directory, variants replicated on the same luck, answers with intervals.

Lives here: what turns scenarios into answers. It composes the engine, the event log and the verdicts, reads study
files, and spreads runs over processes. It draws no figures and prints nothing but a progress bar.
"""

from rustok_sim.studies.conduct import STUDIES, study
from rustok_sim.studies.explain import Explanation, explain
from rustok_sim.studies.facts import facts_of
from rustok_sim.studies.format import Plan, Variants, check_study, is_study, load_study, study_schema, what_if
from rustok_sim.studies.guard import Difference, first_difference, run_again
from rustok_sim.studies.influences import Influence, Influences, base_value
from rustok_sim.studies.intervals import Estimate, estimate, paired_difference, quantile
from rustok_sim.studies.optimum import Optimum, Trial
from rustok_sim.studies.replications import Replications
from rustok_sim.studies.results import AnyStudy, Study
from rustok_sim.studies.run import DATA, Observer, Run, run, scenario_of

__all__ = [
    "DATA",
    "STUDIES",
    "AnyStudy",
    "Difference",
    "Estimate",
    "Explanation",
    "Influence",
    "Influences",
    "Observer",
    "Optimum",
    "Plan",
    "Replications",
    "Run",
    "Study",
    "Trial",
    "Variants",
    "base_value",
    "check_study",
    "estimate",
    "explain",
    "facts_of",
    "first_difference",
    "is_study",
    "load_study",
    "paired_difference",
    "quantile",
    "run",
    "run_again",
    "scenario_of",
    "study",
    "study_schema",
    "what_if",
]
