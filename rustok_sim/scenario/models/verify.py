"""What must hold of the run's history beyond what any run keeps, and when all faults end."""

from typing import Literal

from rustok_sim.scenario.models.base import NotNegative, Positive, Table
from rustok_sim.scenario.models.datafile import DataFileField


class Heal(Table):
    """Chaos ends, and the platform must recover."""

    at_s: NotNegative
    """When every fault ends; none strikes later."""
    within_s: Positive
    """How long recovery may take: with at_s it makes up the horizon."""
    load: Literal["stops", "goes_on"] = "stops"
    """stops: nothing new arrives after at_s; goes_on: requests go on arriving."""


class Verify(Table):
    """Promises that the run is held to; those that are broken count for its exit code."""

    invariants: tuple[str, ...] = ("*",)
    """Names of promises, or patterns over them; "*": all."""
    sql: DataFileField | None = None
    """A file of queries over the view events, each preceded by a line "-- name: NAME": what they return breaks them."""
    python: DataFileField | None = None
    """A Python file whose functions check_NAME(events) return what breaks them; runs with --allow-code only."""
    heal: Heal | None = None
    """When all faults end, and how long recovery may take; absent: never before the horizon."""
