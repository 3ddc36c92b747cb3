"""rustok-sim: try an idea for RusToK before building it.

The package's face for notebooks and scripts. Each name is loaded when it is first used, so that importing the
package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rustok_sim.capture import rebuild as catalogue
    from rustok_sim.core.errors import RunError, RustokSimError, ScenarioError
    from rustok_sim.report import figures, style, tables
    from rustok_sim.scenario import Scenario, load_scenario
    from rustok_sim.study import Estimate, Replications, Run, estimate, paired_difference, replicate, run

__all__ = [
    "Estimate",
    "Replications",
    "Run",
    "RunError",
    "RustokSimError",
    "Scenario",
    "ScenarioError",
    "catalogue",
    "estimate",
    "figures",
    "load_scenario",
    "paired_difference",
    "replicate",
    "run",
    "style",
    "tables",
]

_HOMES = {
    "Estimate": "study",
    "Replications": "study",
    "Run": "study",
    "RunError": "core.errors",
    "RustokSimError": "core.errors",
    "Scenario": "scenario",
    "ScenarioError": "core.errors",
    "estimate": "study",
    "load_scenario": "scenario",
    "paired_difference": "study",
    "replicate": "study",
    "run": "study",
}


def __getattr__(name: str) -> Any:
    if name == "catalogue":
        return import_module("rustok_sim.capture").rebuild
    if name in {"figures", "style", "tables"}:
        return import_module(f"rustok_sim.report.{name}")
    if name in _HOMES:
        return getattr(import_module(f"rustok_sim.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'rustok_sim' has no attribute {name!r}")
