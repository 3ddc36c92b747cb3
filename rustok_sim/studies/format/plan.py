"""What a study is going to run: for each point of its sweep the scenarios of all variants."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

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
    """A study file that has been read and found right."""

    path: Path
    file: StudyFile
    points: tuple[Point, ...]
    builder: Builder
    quick: bool = False

    @property
    def name(self) -> str:
        """The name of the file, which is that of the study's directory."""
        return f"{self.path.stem}-quick" if self.quick else self.path.stem

    @property
    def variants(self) -> tuple[str, ...]:
        """The names of the variants."""
        return self.file.names

    def scenario(self, variant: str, factors: Mapping[str, object], *varied: Varied) -> Scenario:
        """A scenario beyond those of the points, as a search asks for. Raises ``ScenarioError``."""
        scenario, problems = self.builder.build(variant, factors, varied)
        if scenario is None:
            raise ScenarioError(problems)
        return scenario

    def points_of(self, check: Check) -> list[Point]:
        """The points at which *check* is asked."""
        return [point for point in self.points if check.where.items() <= point.factors.items()]
