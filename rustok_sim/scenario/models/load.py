"""The classes of requests that come to the platform, or travel through stations."""

from typing import Annotated

from annotated_types import Interval, Len
from pydantic import Field

from rustok_sim.core.operations import OPERATIONS
from rustok_sim.scenario.models.arrivals import Arrivals
from rustok_sim.scenario.models.base import NotNegative, Positive, Table
from rustok_sim.scenario.models.distributions import Distribution
from rustok_sim.scenario.models.names import PartName


def _known_count(values: dict[str, object]) -> int:
    return 0 if values.get("unknown") else 1


class Tenants(Table):
    """Which tenants a class asks for."""

    unknown: Annotated[int, Interval(ge=0, le=1_000_000)] = 0
    """How many names nobody knows; they share the class with the known ones."""
    count: Annotated[int, Interval(ge=0, le=1_000_000)] = Field(default_factory=_known_count)
    """How many known tenants; absent: one, or none if unknown is given."""
    zipf: NotNegative = 0.0
    """How unevenly they share: the weight of the i-th is i to the power of -zipf; 0: evenly."""


class Users(Table):
    """A closed class: so many clients, each of which thinks, asks, waits for the answer, and thinks again."""

    count: Annotated[int, Interval(ge=1, le=10_000_000)]
    """How many clients."""
    think: Distribution
    """The pause of a client before each request, the first one included."""


class LoadClass(Table):
    """One class of requests: an operation of the platform or a route through stations, open or closed."""

    name: PartName
    """Its name in metrics."""
    operation: Annotated[str, Field(json_schema_extra={"enum": sorted(OPERATIONS)})] | None = None
    """What it asks of the platform; this or route."""
    route: Annotated[tuple[str, ...], Len(1)] | None = None
    """The stations it visits, in order; this or operation."""
    arrivals: Arrivals | None = None
    """An open class: when its requests arrive; this or users."""
    users: Users | None = None
    """A closed class: its clients; this or arrivals."""
    tenants: Tenants = Field(default_factory=Tenants)
    """Which tenants it asks for."""
    timeout_s: Positive | None = None
    """The client's patience: then the work at the server is cancelled where it stands; absent: endless."""
    priority: int = 0
    """At stations with discipline priority: the lower goes first."""
