"""From a file to a scenario."""

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import TypeAlias

from rustok_sim.core.errors import Problem, ScenarioError
from rustok_sim.scenario.datafiles import project_root, resolve_files
from rustok_sim.scenario.findings import Finding
from rustok_sim.scenario.layers import asks, read_chain
from rustok_sim.scenario.models import Scenario
from rustok_sim.scenario.overrides import Overrides, read_overrides
from rustok_sim.scenario.stack import Stack
from rustok_sim.scenario.validation import PROBLEMS_MAX, overlay_findings, validated

AnyPath: TypeAlias = str | PathLike[str]


def load_scenario(
    path: AnyPath,
    *,
    overlays: Sequence[AnyPath] = (),
    overrides: Overrides = (),
    seed: int | None = None,
) -> Scenario:
    """The scenario of a file: what it extends, the file itself, then *overlays*, *overrides* and *seed* on top.

    An override of ``None`` takes its key away. A table that overrides one of the platform or the deployment is laid
    upon it, as in files; elsewhere, as of a class's mix, it takes its place. Raises ``ScenarioError`` with every
    problem there is.
    """
    stack = Stack([layer for file in (path, *overlays) for layer in read_chain(Path(file))])
    if asks(stack.values) and "load" not in stack.values:
        told = "this is a study, not a scenario, which has a load: conduct it with `rustok-sim study`"
        raise ScenarioError([Problem(stack.layers[-1].name, 0, 0, "", told)])
    wanted, problems = read_overrides(overrides, Path(path).parent, seed=seed)
    problems += [problem for override in wanted if (problem := stack.set(override)) is not None]
    scenario, findings = validated(stack.values, project_root(Path(path)))
    problems += located(stack, findings)
    if scenario is None or problems:
        raise ScenarioError(listed(stack, problems))
    return scenario


def load_preset_overlay(path: AnyPath) -> dict[str, object]:
    """The values of a preset and of what it extends, as tables to lay over a scenario.

    A preset need not be a whole scenario; each value in it must be right. Raises ``ScenarioError``.
    """
    stack = Stack(read_chain(Path(path)))
    root = project_root(Path(path))
    problems = located(stack, overlay_findings(stack.values, root))
    if problems:
        raise ScenarioError(listed(stack, problems))
    return resolve_files(stack.values, root)[0]


def located(stack: Stack, findings: Sequence[Finding]) -> list[Problem]:
    """Problems of single files first: a value that could not be read is not wrong a second time."""
    unread = [layer.problem(one) for layer in stack.layers for one in layer.findings]
    known = {problem.path for problem in unread}
    located = (stack.problem(one) for one in findings)
    return unread + [problem for problem in located if problem.path not in known]


def listed(stack: Stack, problems: list[Problem]) -> list[Problem]:
    """Each problem once, those of the topmost file first, and not too many."""
    ordered = sorted(dict.fromkeys(problems), key=stack.order)
    if len(ordered) > PROBLEMS_MAX:
        name = ordered[PROBLEMS_MAX].file
        ordered[PROBLEMS_MAX:] = [Problem(name, 0, 0, "", f"has more problems than the {PROBLEMS_MAX} listed here")]
    return ordered
