"""What a run's event log says: metrics, invariants, expectations.

Lives here: every number and every verdict, as a query over the log. It may know the kinds of records, what the
scenario says (as :class:`Facts`), and DuckDB through ``capture`` alone. It never runs a simulation, keeps a counter
or changes a log.
"""

from rustok_sim.verify.expectations import Judgement, judge
from rustok_sim.verify.facts import Facts, StationFacts
from rustok_sim.verify.invariants import INVARIANTS, Invariant, Verdict, check
from rustok_sim.verify.metrics import Metrics, UnknownMetric, measure

__all__ = [
    "INVARIANTS",
    "Facts",
    "Invariant",
    "Judgement",
    "Metrics",
    "StationFacts",
    "UnknownMetric",
    "Verdict",
    "check",
    "judge",
    "measure",
]
