"""The tables of a scenario file, as frozen values.

Here stand the shape of each table and the bounds of each single value. How values of different keys must
agree is told in :mod:`rustok_sim.scenario.rules`. Nothing here reads a file.
"""

from rustok_sim.scenario.models.arrivals import (
    Arrivals,
    BurstArrivals,
    ConstantArrivals,
    MmppArrivals,
    MmppState,
    PoissonArrivals,
    ProfileArrivals,
    TraceArrivals,
)
from rustok_sim.scenario.models.capture import Capture
from rustok_sim.scenario.models.datafile import DataFile
from rustok_sim.scenario.models.deployment import Database, Deployment, Redis
from rustok_sim.scenario.models.distributions import (
    Constant,
    Distribution,
    Empirical,
    Erlang,
    Exponential,
    Hyperexponential,
    Lognormal,
    Pareto,
    Uniform,
)
from rustok_sim.scenario.models.expectations import Expectation
from rustok_sim.scenario.models.faults import (
    Cancel,
    ClockSkew,
    Crash,
    Deploy,
    Duplicate,
    Errors,
    Exhaust,
    Fault,
    Flush,
    Hang,
    Loss,
    Outage,
    Partition,
    Pause,
    Poison,
    Reorder,
    Slow,
)
from rustok_sim.scenario.models.load import LoadClass, Tenants, Users
from rustok_sim.scenario.models.platform import Platform
from rustok_sim.scenario.models.scenario import Scenario
from rustok_sim.scenario.models.stations import Station

__all__ = [
    "Arrivals",
    "BurstArrivals",
    "Cancel",
    "Capture",
    "ClockSkew",
    "Constant",
    "ConstantArrivals",
    "Crash",
    "DataFile",
    "Database",
    "Deploy",
    "Deployment",
    "Distribution",
    "Duplicate",
    "Empirical",
    "Erlang",
    "Errors",
    "Exhaust",
    "Expectation",
    "Exponential",
    "Fault",
    "Flush",
    "Hang",
    "Hyperexponential",
    "LoadClass",
    "Lognormal",
    "Loss",
    "MmppArrivals",
    "MmppState",
    "Outage",
    "Pareto",
    "Partition",
    "Pause",
    "Platform",
    "Poison",
    "PoissonArrivals",
    "ProfileArrivals",
    "Redis",
    "Reorder",
    "Scenario",
    "Slow",
    "Station",
    "Tenants",
    "TraceArrivals",
    "Uniform",
    "Users",
]
