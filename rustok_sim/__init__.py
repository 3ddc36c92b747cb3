"""rustok-sim: try an idea for RusToK before building it.

The package's face for notebooks and scripts. Each name is loaded when it is first used, so that importing the
package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rustok_sim import dashboard, search, telemetry, trace
    from rustok_sim.capture import rebuild as catalogue
    from rustok_sim.core.errors import RunError, RustokSimError, ScenarioError
    from rustok_sim.dashboard import live
    from rustok_sim.report import (
        borders,
        choices,
        figures,
        findings,
        measures,
        notebook,
        results,
        series,
        style,
        tables,
    )
    from rustok_sim.scenario import Scenario, load_scenario
    from rustok_sim.studies import (
        AnyStudy,
        Estimate,
        Plan,
        Replications,
        Run,
        Study,
        Variants,
        estimate,
        explain,
        load_study,
        paired_difference,
        run,
        study,
        what_if,
    )
    from rustok_sim.trace import diff

__all__ = [
    "AnyStudy",
    "Estimate",
    "Plan",
    "Replications",
    "Run",
    "RunError",
    "RustokSimError",
    "Scenario",
    "ScenarioError",
    "Study",
    "Variants",
    "borders",
    "catalogue",
    "choices",
    "dashboard",
    "diff",
    "estimate",
    "explain",
    "figures",
    "findings",
    "live",
    "load_scenario",
    "load_study",
    "measures",
    "notebook",
    "paired_difference",
    "results",
    "run",
    "search",
    "series",
    "study",
    "style",
    "tables",
    "telemetry",
    "trace",
    "what_if",
]


def __getattr__(name: str) -> Any:
    if name == "catalogue":
        return import_module("rustok_sim.capture").rebuild
    if name in {
        "borders",
        "choices",
        "figures",
        "findings",
        "measures",
        "notebook",
        "results",
        "series",
        "style",
        "tables",
    }:
        return import_module(f"rustok_sim.report.{name}")
    if name in {"dashboard", "search", "telemetry", "trace"}:
        return import_module(f"rustok_sim.{name}")
    if name == "live":
        return import_module("rustok_sim.dashboard").live
    if name == "diff":
        return import_module("rustok_sim.trace").diff
    if name in {"RunError", "RustokSimError", "ScenarioError"}:
        return getattr(import_module("rustok_sim.core.errors"), name)
    if name in {"Scenario", "load_scenario"}:
        return getattr(import_module("rustok_sim.scenario"), name)
    if name in __all__:
        return getattr(import_module("rustok_sim.studies"), name)
    raise AttributeError(f"module 'rustok_sim' has no attribute {name!r}")
