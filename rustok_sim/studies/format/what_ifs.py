"""A study without a file: what a notebook or a script asks with parameters of its own."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from pydantic import ValidationError

from rustok_sim.core.errors import Problem, ScenarioError
from rustok_sim.scenario import Scenario, load_scenario
from rustok_sim.scenario.findings import Finding, dotted, shown
from rustok_sim.scenario.loader import AnyPath
from rustok_sim.scenario.messages import findings
from rustok_sim.scenario.models.names import SCENARIO, WORDS
from rustok_sim.scenario.validation import PROBLEMS_MAX
from rustok_sim.studies.format.loader import unknown_metrics, wrong_queries
from rustok_sim.studies.format.models import StudyFile
from rustok_sim.studies.format.plan import Plan, Point
from rustok_sim.studies.format.rules import query_names

Variants: TypeAlias = Mapping[str, Mapping[str, object]]
"""By name, which keys of a scenario are set to what: overrides by path, as ``rs.run(set=...)`` takes them."""

_NAME: Final = re.compile(SCENARIO)


def what_if(
    name: str,
    scenario: AnyPath,
    variants: Variants,
    *,
    replications: int = 10,
    set: Mapping[str, object] | None = None,  # noqa: A002 - the word of the command line
    queries: Mapping[str, str] | None = None,
    frames: Mapping[str, str] | None = None,
    metrics: Sequence[str] = (),
    question: str = "",
) -> Plan:
    """A study of one scenario file: every variant, upon what is *set* for all, so many times on the same luck.

    *queries* are SQL over a run's ``events`` that gives one row: column c of query q is metric ``q.c``. *frames* are
    SQL that gives any number of rows: they are frames of the answer, with the columns ``variant`` and ``replication``
    before their own. *metrics* are what the study reports and compares, variant by variant with the first; any other
    can be asked of it too. *question* is the scenario's title unless given; *name* is that of the directory in which
    the study is kept. Raises ``ScenarioError`` with every problem there is.
    """
    loaded, problems = _loaded(scenario, variants, set or {})
    titles = [one.title or one.name for one in loaded.values()]
    given = {
        "question": next(filter(None, [question, *titles[:1], name]), "-"),
        "base": str(scenario),
        "replications": {"min": replications},
        "metrics": list(metrics),
        "queries": dict(queries or {}),
        "frames": dict(frames or {}),
    }
    file, wrong = _read(given, list(loaded.values()))
    told = [Problem(f"what_if {shown(name)}", 0, 0, dotted(one.path), one.message) for one in [*_named(name), *wrong]]
    if not variants:
        told.append(Problem(f"what_if {shown(name)}", 0, 0, "variants", "has none, give at least one"))
    if told or problems or file is None:
        raise ScenarioError(list(dict.fromkeys([*told, *problems]))[:PROBLEMS_MAX])
    return Plan(name, file, (Point({}, loaded),))


def _loaded(
    scenario: AnyPath, variants: Variants, common: Mapping[str, object]
) -> tuple[dict[str, Scenario], list[Problem]]:
    """The scenarios that are right, and what is wrong with the others."""
    loaded: dict[str, Scenario] = {}
    problems: list[Problem] = []
    for variant, own in variants.items():
        try:
            loaded[variant] = load_scenario(scenario, overrides={**common, **own})
        except ScenarioError as error:
            problems += error.problems
    return loaded, problems


def _read(given: Mapping[str, object], scenarios: Iterable[Scenario]) -> tuple[StudyFile | None, list[Finding]]:
    """What is asked as a study file has it, or what is wrong with that."""
    try:
        file = StudyFile.model_validate_json(json.dumps(given))
    except ValidationError as error:
        return None, list(findings(error, given, StudyFile))
    return file, [*query_names(file.queries), *unknown_metrics(file, list(scenarios)), *wrong_queries(file)]


def _named(name: str) -> Iterator[Finding]:
    if not _NAME.search(name):
        yield Finding(("name",), f"must be {WORDS[SCENARIO]}, not {shown(name)}")
