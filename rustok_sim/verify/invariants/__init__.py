"""Invariants over a run's history: named queries that return the records which break them.

Lives here: the registry and one function for each invariant, whose docstring is its exact definition over the event
log. It may know the kinds of records and the facts of the scenario. It never repairs, weighs or guesses: what was not
captured is not checked, and an invariant whose query returns no row held.
"""

from rustok_sim.verify.invariants.registry import INVARIANTS, PROMISED, Invariant, Verdict, check

__all__ = ["INVARIANTS", "PROMISED", "Invariant", "Verdict", "check"]
