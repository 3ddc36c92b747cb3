"""Parts of a study file as layers and overrides of a scenario, so that what is wrong with them is told of the file."""

from dataclasses import dataclass
from pathlib import Path

from rustok_sim.core.errors import Problem, ScenarioError
from rustok_sim.scenario.datafiles import mark
from rustok_sim.scenario.findings import Finding, KeyPath, dotted
from rustok_sim.scenario.layers import Layer
from rustok_sim.scenario.overrides import Override


@dataclass(frozen=True)
class Part(Layer):
    """A table of the study file, laid over a scenario."""

    prefix: KeyPath = ()
    """Where in the file it stands."""

    def problem(self, finding: Finding) -> Problem:
        """The finding, with its path and place in the whole file."""
        return super().problem(Finding((*self.prefix, *finding.path), finding.message, finding.at))


@dataclass(frozen=True)
class Placed(Override):
    """A single value of the study file, set in a scenario."""

    layer: Layer
    at: KeyPath
    """Where in the file the value stands."""

    def problem(self, path: KeyPath, message: str) -> Problem:
        """What is wrong with the scenario because of it."""
        return self.layer.problem(Finding(self.at, f"gives {dotted(path)}, which {message}"))


def placed(layer: Layer, at: KeyPath, path: str, value: object) -> Placed:
    """The override of *path* by a value that stands at *at* in the study file. Raises ``ScenarioError``."""
    parts = tuple(path.split("."))
    if not all(parts) or parts == ("extends",):
        message = f"{path!r} is no path, allowed: keys and numbers with dots between, as faults.0.duration_s"
        raise ScenarioError([layer.problem(Finding(at, message))])
    return Placed(parts, mark(parts[-1], value, Path(layer.path).parent), "", layer, at)
