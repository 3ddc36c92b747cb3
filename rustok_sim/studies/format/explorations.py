"""Tables of a study file that go beyond its sweep: values that nobody lists beforehand, but a range or a goal."""

from typing import Annotated, Any, Literal, TypeAlias

from annotated_types import Interval, Len
from pydantic import Field

from rustok_sim.scenario.models.base import Table
from rustok_sim.scenario.models.expectations import Expectation

Text: TypeAlias = Annotated[str, Field(min_length=1)]
"""A text that says something."""

Values: TypeAlias = Annotated[tuple[Any, ...], Len(1)]
"""Values that a key takes in turn, at least one."""

Count: TypeAlias = Annotated[int, Interval(ge=2, le=100_000)]
"""How many are tried."""


class Search(Table):
    """The largest or smallest value of a key at which all bounds hold with the study's confidence."""

    find: Literal["max", "min"]
    """Which end of the values that hold."""
    path: Text
    """The key, as in load.0.arrivals.rate_per_s."""
    low: float
    """The least value tried."""
    high: float
    """The largest value tried, above low."""
    whole: bool = False
    """Whether only whole numbers are tried."""
    relative_tolerance: Annotated[float, Interval(gt=0, lt=1)] = 0.05
    """The search ends when the gap between what holds and what does not is this share of the value, or smaller."""
    subject_to: Annotated[tuple[Expectation, ...], Len(1)]
    """What must hold of the metrics' means."""


class Range(Table):
    """A key of the scenario, and what it may be."""

    path: Text
    """The key, as in load.0.arrivals.rate_per_s."""
    low: float
    """The least value."""
    high: float
    """The largest value, above low."""
    whole: bool = False
    """Whether only whole numbers are taken."""


class Sensitivity(Table):
    """Which of many keys move the metrics most, within their ranges."""

    method: Literal["one_at_a_time", "morris", "sobol"]
    """Each key alone to the ends of its range (a tornado figure); Morris's screening; Sobol's shares of variance."""
    ranges: Annotated[tuple[Range, ...], Len(1)]
    """The keys and what they may be; every value within a range is as likely as any other."""
    samples: Count = 16
    """Trajectories of Morris (each a run for every range, and one), or base samples of Sobol (each a run for every
    range, and two; a power of two); each has luck of its own, which all its runs share."""
    quick_samples: Count = 4
    """In place of samples with --quick."""
    metrics: tuple[Text, ...] = ()
    """What they move; absent: everything that is reported."""


class Setting(Table):
    """A key of the scenario that may be chosen: within a range, or from values."""

    path: Text
    """The key, as in stations.desk.servers."""
    low: float | None = None
    """The least value."""
    high: float | None = None
    """The largest value, above low."""
    whole: bool = False
    """Whether only whole numbers are tried."""
    values: Values | None = None
    """What it may be, in place of a range."""


class Cost(Table):
    """A part of the cost: a setting or a metric, times its weight."""

    setting: Text | None = None
    """The path of a setting, whose value is a number."""
    metric: Text | None = None
    """The path of a metric of a run, in place of a setting."""
    weight: float = 1.0
    """What one unit of it costs."""


class Optimisation(Table):
    """The settings with the least cost at which all bounds hold with the study's confidence."""

    settings: Annotated[tuple[Setting, ...], Len(1)]
    """What may be chosen."""
    cost: Annotated[tuple[Cost, ...], Len(1)]
    """What is added up, and made as little as can be."""
    subject_to: Annotated[tuple[Expectation, ...], Len(1)]
    """What must hold of the metrics' means; the first one's metric is drawn against the cost."""
    trials: Count = 50
    """How many choices are tried; where there are no more than that, all of them."""
    quick_trials: Count = 20
    """In place of trials with --quick."""
