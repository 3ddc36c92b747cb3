"""Lifecycles: states as types, one frozen class per state, whose only methods are the legal steps.

What a module needs to write one (the seal on its states, the error for a step that is not there) and what can be
read off it: the table of transitions, from the annotations alone, and its picture. Knows no module, no store and no
drawing library.
"""

from rustok_sim.core.lifecycle.diagram import Diagram, diagram
from rustok_sim.core.lifecycle.errors import InvalidTransition, UnknownStatus
from rustok_sim.core.lifecycle.seal import Seal
from rustok_sim.core.lifecycle.table import Lifecycle, Transition, lifecycle_of, status_word

__all__ = [
    "Diagram",
    "InvalidTransition",
    "Lifecycle",
    "Seal",
    "Transition",
    "UnknownStatus",
    "diagram",
    "lifecycle_of",
    "status_word",
]
