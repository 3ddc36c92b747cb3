"""The tables of a study file."""

from typing import Annotated, Any, Final, Literal

from annotated_types import Interval
from pydantic import Field

from rustok_sim.scenario.models.base import Positive, Table
from rustok_sim.scenario.models.names import PartName
from rustok_sim.studies.format.explorations import Optimisation, Search, Sensitivity, Text, Values

BASE: Final = "base"
"""The one variant of a study that names none."""


class Factor(Table):
    """One key of the scenario that takes several values in turn; several factors are crossed."""

    path: Text
    """The key, as in faults.0.duration_s."""
    values: Values
    """What it takes in turn."""
    quick_values: Values | None = None
    """What it takes in turn with --quick; absent: the same."""


class Replicated(Table):
    """How often every scenario is run, each time with other luck."""

    min: Annotated[int, Interval(ge=1, le=100_000)] = 5
    """At least so often; without a precision exactly so often."""
    max: Annotated[int, Interval(ge=1, le=100_000)] = 100
    """At most so often, precise or not."""
    confidence: Annotated[float, Interval(ge=0.5, lt=1)] = 0.95
    """Of every interval."""
    relative_half_width: Positive | None = None
    """The precision wanted: half an interval's width over the mean."""
    half_width: Positive | None = None
    """The precision wanted, in the metric's own unit; with both, either is enough."""
    metrics: tuple[Text, ...] = ()
    """Which metrics must be so precise, in every variant; absent: those of the checks."""
    look_ahead: Annotated[int, Interval(ge=0, le=1000)] = 5
    """For how many more replications the precision must last (Hoad, Robinson and Davies, 2010)."""
    interval: Literal["student", "bootstrap"] = "student"
    """How intervals of means are made: Student's t, or the BCa bootstrap over replications, for skewed numbers."""


class Check(Table):
    """A claim, held against the far end of an interval: of one metric's mean, or of a paired difference."""

    claim: str = ""
    """The claim in words."""
    metric: Text
    """Its path in the metrics of a run."""
    variant: str | None = None
    """In which variant; absent, and without compare: in every one."""
    compare: tuple[str, str] | None = None
    """The two variants of a difference, first minus second, paired by replication."""
    where: dict[str, Any] = Field(default_factory=dict)
    """At which values of factors; absent: at all."""
    at_least: float | None = None
    """The low end of the mean's interval must not be below."""
    at_most: float | None = None
    """The high end of the mean's interval must not be above."""
    difference_at_least: float | None = None
    """The low end of the difference's interval must not be below."""
    difference_at_most: float | None = None
    """The high end of the difference's interval must not be above."""


class Quick(Table):
    """What --quick does differently, so that the study takes seconds: fewer replications, a shorter horizon."""

    replications: Annotated[int, Interval(ge=2, le=1000)] = 3
    """How often every scenario is run; no precision is waited for."""
    horizon_s: Positive | None = None
    """In place of the scenario's horizon."""
    set: dict[str, Any] = Field(default_factory=dict)
    """Other keys of the scenario with their values, by paths."""


class StudyFile(Table):
    """A question, the scenarios that are to answer it, and the claims that decide."""

    schema_version: Literal[1] = 1
    """The version of the format; this is 1."""
    question: Text
    """What is asked, in a sentence."""
    base: Text
    """The scenario file that everything changes, relative to this file."""
    seed: Annotated[int, Interval(ge=0, lt=2**63)] | None = None
    """The root of all draws, in place of the scenario's."""
    set: dict[str, Any] = Field(default_factory=dict)
    """Keys of the scenario with their values, by paths, in every variant."""
    variants: dict[PartName, dict[str, Any]] = Field(default_factory=dict)
    """Tables of a scenario to lay over the base, by name; extends lays a preset below them, set sets keys by path."""
    sweep: tuple[Factor, ...] = ()
    """Factors, crossed with each other and with the variants."""
    replications: Replicated = Field(default_factory=Replicated)
    """How often."""
    metrics: tuple[Text, ...] = ()
    """Metrics to report besides those of the checks and of the precision."""
    queries: dict[PartName, Text] = Field(default_factory=dict)
    """SQL over the events of a run that gives one row, by name; column c of query q is metric q.c."""
    frames: dict[PartName, Text] = Field(default_factory=dict)
    """SQL over the events of a run that gives any number of rows, by name; they are kept beside the run's numbers."""
    checks: tuple[Check, ...] = ()
    """What is claimed."""
    search: Search | None = None
    """A search for a limit, in every variant and at every point of the sweep."""
    sensitivity: Sensitivity | None = None
    """Which of many keys matter, in every variant and at every point of the sweep."""
    optimisation: Optimisation | None = None
    """The settings that cost least, in every variant and at every point of the sweep."""
    keep: Literal["summaries", "events"] = "summaries"
    """Whether event logs are kept beside the numbers."""
    quick: Quick = Field(default_factory=Quick)
    """What --quick does differently."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all variants; without any, the base stands for itself."""
        return tuple(self.variants) or (BASE,)

    @property
    def wanted(self) -> tuple[str, ...]:
        """The metrics whose precision decides when to stop."""
        return self.replications.metrics or tuple(dict.fromkeys(check.metric for check in self.checks))

    @property
    def reported(self) -> tuple[str, ...]:
        """The metrics that are reported, each once."""
        moved = self.sensitivity.metrics if self.sensitivity else ()
        asked = (*self.replications.metrics, *(check.metric for check in self.checks), *self.metrics, *moved)
        return tuple(dict.fromkeys(asked))

    @property
    def moved(self) -> tuple[str, ...]:
        """The metrics that a sensitivity is asked of."""
        return (self.sensitivity.metrics if self.sensitivity else ()) or self.reported
