"""Distributions of a length of time, by mean and shape."""

from typing import Annotated, Literal, TypeAlias

from annotated_types import Gt, Interval
from pydantic import Field

from rustok_sim.scenario.models.base import NotNegative, Positive, Table
from rustok_sim.scenario.models.datafile import DataFileField


class Constant(Table):
    """Always the same."""

    dist: Literal["constant"]
    value_s: NotNegative
    """The one value."""


class Exponential(Table):
    """Memoryless: cv 1."""

    dist: Literal["exponential"]
    mean_s: Positive
    """Its mean."""


class Uniform(Table):
    """Equally likely from low (included) to high."""

    dist: Literal["uniform"]
    low_s: NotNegative
    """The least value."""
    high_s: Positive
    """The greatest value, above low_s."""


class Erlang(Table):
    """The sum of k exponential stages: steadier than exponential, cv 1/sqrt(k)."""

    dist: Literal["erlang"]
    k: Annotated[int, Interval(ge=1, le=1000)]
    """How many stages."""
    mean_s: Positive
    """The mean of the sum."""


class Lognormal(Table):
    """The usual shape of latencies: a body and a right tail."""

    dist: Literal["lognormal"]
    mean_s: Positive
    """The mean of the values themselves, not of their logarithms."""
    cv: Positive
    """Standard deviation divided by the mean."""


class Hyperexponential(Table):
    """Two exponentials with balanced means: mostly short, now and then long."""

    dist: Literal["hyperexponential"]
    mean_s: Positive
    """The mean of the mixture."""
    cv: Annotated[float, Gt(1)]
    """Standard deviation divided by the mean, above 1."""


class Pareto(Table):
    """A heavy tail: P(X > x) falls as x to the power of -alpha."""

    dist: Literal["pareto"]
    mean_s: Positive
    """Its mean; the least value is mean_s * (alpha - 1) / alpha."""
    alpha: Annotated[float, Gt(1)]
    """The tail's exponent, above 1; at 2 or less the variance is infinite."""


class Empirical(Table):
    """Drawn with replacement from the values of a column."""

    dist: Literal["empirical"]
    file: DataFileField
    """A CSV or Parquet file, relative to the file that names it and inside the project."""
    column: Annotated[str, Field(min_length=1)]
    """The column that holds the values, in seconds."""


Distribution: TypeAlias = Annotated[
    Constant | Exponential | Uniform | Erlang | Lognormal | Hyperexponential | Pareto | Empirical,
    Field(discriminator="dist"),
]
"""A distribution of a length of time, told by ``dist``."""
