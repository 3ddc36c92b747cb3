"""What a study is going to run: for each point of its sweep the scenarios of all variants."""

from collections.abc import Mapping
from dataclasses import dataclass

from rustok_sim.core.errors import ScenarioError
from rustok_sim.scenario import Scenario
from rustok_sim.studies.format.builder import Builder, Varied
from rustok_sim.studies.format.models import Check, StudyFile


@dataclass(frozen=True)
class Point:
    """One combination of the factors' values."""

    factors: Mapping[str, object]
    scenarios: Mapping[str, Scenario]
    """By variant."""

    @property
    def label(self) -> str:
        """The factors in a line; empty where nothing is swept."""
        return ", ".join(f"{path} = {value}" for path, value in self.factors.items())


@dataclass(frozen=True)
class Plan:
    """A study that can be conducted: a file that has been read and found right, or what :func:`what_if` asks."""

    name: str
    """That of the study's directory."""
    file: StudyFile
    points: tuple[Point, ...]
    builder: Builder | None = None
    """Makes the scenarios beyond those of the points; a study that has no file explores none."""
    quick: bool = False

    @property
    def variants(self) -> tuple[str, ...]:
        """The names of the variants."""
        return tuple(self.points[0].scenarios)

    def scenario(self, variant: str, factors: Mapping[str, object], *varied: Varied) -> Scenario:
        """A scenario beyond those of the points, as a search asks for. Raises ``ScenarioError``."""
        assert self.builder is not None  # noqa: S101 - only a file explores
        scenario, problems = self.builder.build(variant, factors, varied)
        if scenario is None:
            raise ScenarioError(problems)
        return scenario

    def points_of(self, check: Check) -> list[Point]:
        """The points at which *check* is asked."""
        return [point for point in self.points if check.where.items() <= point.factors.items()]
