"""Plain tables to a scenario, or all that is wrong with them."""

import json
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path

from pydantic import ValidationError

from rustok_sim.scenario.datafiles import resolve_files
from rustok_sim.scenario.findings import Finding
from rustok_sim.scenario.messages import MISSING, findings
from rustok_sim.scenario.models import Scenario
from rustok_sim.scenario.rules import violations

PROBLEMS_MAX = 200
"""No more are listed for one scenario."""


def validated(values: Mapping[str, object], root: Path) -> tuple[Scenario | None, list[Finding]]:
    """The scenario, or none and what is wrong; data files are looked up below *root*."""
    resolved, unreadable = resolve_files(values, root)
    scenario, misshapen = _shaped(resolved, root)
    shapes = {one.path for one in misshapen}  # what has no right shape is not judged further
    others = [one for one in (*unreadable, *_first(violations(resolved))) if one.path not in shapes]
    return scenario, [*misshapen, *others]


def overlay_findings(values: Mapping[str, object], root: Path) -> list[Finding]:
    """What is wrong with tables that are no whole scenario: what they lack may come from elsewhere."""
    resolved, unreadable = resolve_files(values, root)
    _, misshapen = _shaped(resolved, root)
    return [*(one for one in misshapen if one.message != MISSING), *unreadable]


def _shaped(values: Mapping[str, object], root: Path) -> tuple[Scenario | None, list[Finding]]:
    try:
        return Scenario.model_validate_json(json.dumps(values), context={"root": root}), []
    except ValidationError as error:
        return None, list(_first(findings(error, values)))


def _first(found: Iterable[Finding]) -> Iterable[Finding]:
    """Enough of them; to look up places and suggestions for a hundred thousand would take minutes."""
    return islice(found, PROBLEMS_MAX + 1)
