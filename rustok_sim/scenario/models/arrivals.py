"""When the requests of an open class arrive."""

from typing import Annotated, Literal, TypeAlias

from annotated_types import Interval, Len
from pydantic import Field

from rustok_sim.scenario.models.base import NotNegative, Positive, Rate, Table
from rustok_sim.scenario.models.datafile import DataFileField


class PoissonArrivals(Table):
    """Independent of each other, at a steady rate."""

    process: Literal["poisson"]
    rate_per_s: Rate
    """Mean arrivals per second."""
    start_s: NotNegative = 0.0
    """When they begin."""
    stop_s: Positive | None = None
    """When they end, above start_s; absent: at the horizon."""


class ConstantArrivals(Table):
    """At equal distances, the first one distance after the start."""

    process: Literal["constant"]
    rate_per_s: Rate
    """Arrivals per second."""
    start_s: NotNegative = 0.0
    """When they begin."""
    stop_s: Positive | None = None
    """When they end, above start_s; absent: at the horizon."""


class BurstArrivals(Table):
    """All in one moment."""

    process: Literal["burst"]
    at_s: NotNegative
    """The moment."""
    count: Annotated[int, Interval(ge=1, le=10_000_000)]
    """How many."""


class ProfileArrivals(Table):
    """Poisson at a rate that runs straight from point to point; before the first and after the last there are none."""

    process: Literal["profile"]
    points: Annotated[tuple[tuple[NotNegative, NotNegative], ...], Len(2)]
    """Pairs of a moment and the rate then (per second), at least two, in order of time."""


class MmppState(Table):
    """One state of a modulated process."""

    rate_per_s: Annotated[float, Interval(ge=0, le=1e6)]
    """Mean arrivals per second while it lasts."""
    mean_s: Positive
    """How long it lasts, in the mean; exponential."""


class MmppArrivals(Table):
    """Markov-modulated Poisson: the states are visited in turn, the first one first, round and round."""

    process: Literal["mmpp"]
    states: Annotated[tuple[MmppState, ...], Len(2)]
    """At least two."""


class TraceArrivals(Table):
    """At the moments that a column lists."""

    process: Literal["trace"]
    file: DataFileField
    """A CSV or Parquet file, relative to the file that names it and inside the project."""
    column: Annotated[str, Field(min_length=1)]
    """The column that holds the moments, in seconds from the start of the run, in order."""


Arrivals: TypeAlias = Annotated[
    PoissonArrivals | ConstantArrivals | BurstArrivals | ProfileArrivals | MmppArrivals | TraceArrivals,
    Field(discriminator="process"),
]
"""An arrival process, told by ``process``."""
