"""The study file: its tables, its loader, its JSON Schema, and the scenarios that it asks for; and studies without one.

A study file is data, as a scenario file is. This package knows both formats and no run. Whatever is wrong with a file,
or with any scenario that it makes of its base, ends in one ``ScenarioError`` with file, line and column.
"""

from rustok_sim.studies.format.builder import Varied
from rustok_sim.studies.format.explorations import Cost, Optimisation, Range, Search, Sensitivity, Setting
from rustok_sim.studies.format.loader import check_study, is_study, load_study
from rustok_sim.studies.format.models import Check, Factor, Quick, Replicated, StudyFile
from rustok_sim.studies.format.plan import Plan, Point
from rustok_sim.studies.format.schema import study_schema
from rustok_sim.studies.format.what_ifs import Variants, what_if

__all__ = [
    "Check",
    "Cost",
    "Factor",
    "Optimisation",
    "Plan",
    "Point",
    "Quick",
    "Range",
    "Replicated",
    "Search",
    "Sensitivity",
    "Setting",
    "StudyFile",
    "Variants",
    "Varied",
    "check_study",
    "is_study",
    "load_study",
    "study_schema",
    "what_if",
]
