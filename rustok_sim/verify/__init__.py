"""What a run's event log says: metrics, invariants, expectations.

Lives here: every number and every verdict, as a query over the log. It may know the kinds of records, what the
scenario says (as :class:`Facts`), and DuckDB through ``capture`` alone. It never runs a simulation, keeps a counter
or changes a log.
"""

from rustok_sim.verify.expectations import Judgement, judge
from rustok_sim.verify.facts import Facts, LimitFacts, RelayFacts, StationFacts
from rustok_sim.verify.invariants import INVARIANTS, PROMISED, Invariant, Verdict, check
from rustok_sim.verify.metrics import Metrics, UnknownMetric, measure
from rustok_sim.verify.own import check_python, check_sql

__all__ = [
    "INVARIANTS",
    "PROMISED",
    "Facts",
    "Invariant",
    "Judgement",
    "LimitFacts",
    "Metrics",
    "RelayFacts",
    "StationFacts",
    "UnknownMetric",
    "Verdict",
    "check",
    "check_python",
    "check_sql",
    "judge",
    "measure",
]
