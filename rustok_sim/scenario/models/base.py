"""What all tables of a scenario file have in common: closed, frozen, strict, finite."""

from typing import Annotated, TypeAlias

from annotated_types import Ge, Gt, Interval
from pydantic import BaseModel, ConfigDict

Positive: TypeAlias = Annotated[float, Gt(0)]
"""A number above 0: a mean, a rate, a length of time."""

Rate: TypeAlias = Annotated[float, Interval(gt=0, le=1e6)]
"""Arrivals per second: a run with more than a million would never end."""

NotNegative: TypeAlias = Annotated[float, Ge(0)]
"""A number of 0 or more: a moment, a delay."""

Ratio: TypeAlias = Annotated[float, Interval(gt=0, le=1)]
"""A share of calls, above 0 and at most 1."""

TAGS = ("dist", "process", "kind")
"""Keys that tell which of several shapes a table has."""


class Table(BaseModel):
    """One table of a scenario file. It refuses keys it does not know and values it would have to convert."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, use_attribute_docstrings=True, defer_build=True
    )
