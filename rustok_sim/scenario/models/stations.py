"""Neighbour systems that a scenario declares for itself."""

from typing import Annotated, Literal

from annotated_types import Ge, Interval

from rustok_sim.scenario.models.base import Table
from rustok_sim.scenario.models.distributions import Distribution


class Station(Table):
    """Equal servers behind one queue."""

    servers: Annotated[int, Interval(ge=1, le=1_000_000)]
    """How many visits can be in service at once."""
    service: Distribution
    """How long a visit is in service."""
    queue_limit: Annotated[int, Ge(0)] | None = None
    """How many may wait, those in service not counted; a full queue rejects; absent: no limit."""
    discipline: Literal["fifo", "lifo", "priority", "processor_sharing"] = "fifo"
    """Who is served next; priority: the class with the lowest number, then the first come."""
