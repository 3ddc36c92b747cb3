"""Promises: invariants of the domain, asked for by name, by a search, or by ``[verify]`` in a scenario.

Lives here: one function for each promise, whose docstring is its exact definition over the event log. Unlike the
invariants of ``verify.invariants``, which any run must keep lest the workbench itself be wrong, a promise may be
broken by a design: that is how a defect is found. A promise that a design does not make at all (order where nobody
orders, say) is not asked; one that the platform as built breaks is asked all the same.
"""

from rustok_sim.verify.promises.registry import PROMISE_QUERIES

__all__ = ["PROMISE_QUERIES"]
