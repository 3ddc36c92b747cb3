"""The whole of a scenario file."""

from typing import Annotated, Literal

from annotated_types import Interval
from pydantic import Field

from rustok_sim.scenario.models.base import NotNegative, Positive, Table
from rustok_sim.scenario.models.capture import Capture
from rustok_sim.scenario.models.deployment import Deployment
from rustok_sim.scenario.models.expectations import Expectation
from rustok_sim.scenario.models.faults import Fault
from rustok_sim.scenario.models.load import LoadClass
from rustok_sim.scenario.models.names import PartName, ScenarioName
from rustok_sim.scenario.models.platform import Platform
from rustok_sim.scenario.models.stations import Station


class Scenario(Table):
    """A what-if, complete and checked: the same scenario and seed give the same run everywhere."""

    schema_version: Literal[1] = 1
    """The version of the format; this is 1."""
    name: ScenarioName
    """Its name in results and directories."""
    title: str = ""
    """One line for people."""
    seed: Annotated[int, Interval(ge=0, lt=2**63)] = 0
    """The root of all draws."""
    horizon_s: Positive
    """How much time is simulated."""
    warmup_s: NotNegative = 0.0
    """Left out of metrics, kept in the event log; below horizon_s."""
    platform: Platform = Field(default_factory=Platform)
    """RusToK's own settings."""
    deployment: Deployment = Field(default_factory=Deployment)
    """Where it runs."""
    load: tuple[LoadClass, ...]
    """The classes of requests, at least one."""
    stations: dict[PartName, Station] = Field(default_factory=dict)
    """Neighbour systems, by name."""
    faults: tuple[Fault, ...] = ()
    """What goes wrong."""
    expect: tuple[Expectation, ...] = ()
    """What must hold of the metrics."""
    capture: Capture = Field(default_factory=Capture)
    """How much is written to the event log."""
