"""Faults: what goes wrong, where and when.

``at_s`` strikes once, for ``duration_s`` or until the horizon. ``mtbf_s`` and ``mttr_s`` strike again and again:
exponential times up to each fault, counted from the end of the last one, and exponential repairs.
"""

from typing import Annotated, Literal, TypeAlias

from annotated_types import Ge
from pydantic import Field

from rustok_sim.scenario.models.base import NotNegative, Positive, Ratio, Table

MeanTime: TypeAlias = Annotated[float, Ge(0.001)]
"""A mean time between strikes or repairs: below a millisecond a run would be nothing but faults."""


class _Struck(Table):
    target: str
    """Where it strikes."""
    at_s: NotNegative | None = None
    """When it strikes, once; this or mtbf_s."""
    mtbf_s: MeanTime | None = None
    """The mean time up to each strike; this or at_s."""


class _Lasting(_Struck):
    duration_s: Positive | None = None
    """How long it lasts, with at_s; absent: to the horizon."""
    mttr_s: MeanTime | None = None
    """How long it lasts in the mean, with mtbf_s."""


class Outage(_Lasting):
    """The target refuses: connections break, new ones are turned away."""

    kind: Literal["outage"]


class Hang(_Lasting):
    """The target accepts and never answers."""

    kind: Literal["hang"]


class Slow(_Lasting):
    """The target takes longer: factor times the usual, and add_s on top."""

    kind: Literal["slow"]
    factor: Annotated[float, Ge(1)] = 1.0
    """How many times the usual."""
    add_s: NotNegative = 0.0
    """How much on top."""


class Errors(_Lasting):
    """The target answers some calls with an error."""

    kind: Literal["errors"]
    ratio: Ratio
    """The share of calls that fail."""


class Crash(_Struck):
    """A node loses its memory and all work in flight, and starts again empty."""

    kind: Literal["crash"]
    restart_s: NotNegative
    """Until it is ready for traffic again."""


class Flush(_Struck):
    """The target forgets what it has cached."""

    kind: Literal["flush"]


class Cancel(_Lasting):
    """Some clients of a load class walk away before the answer."""

    kind: Literal["cancel"]
    ratio: Ratio
    """The share of requests that are given up."""
    after_s: Positive = 0.05
    """The mean time until such a client walks away; exponential."""


Fault: TypeAlias = Annotated[
    Outage | Hang | Slow | Errors | Crash | Flush | Cancel,
    Field(discriminator="kind"),
]
"""A fault, told by ``kind``."""

NOT_YET = ("partition", "loss", "duplicate", "reorder", "pause", "clock_skew", "poison", "exhaust")
"""Kinds that the format knows and this version does not."""
