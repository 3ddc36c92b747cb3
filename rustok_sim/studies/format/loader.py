"""From a study file to a plan."""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from pydantic import ValidationError

from rustok_sim.core.errors import Problem, ScenarioError
from rustok_sim.scenario import Scenario
from rustok_sim.scenario.findings import Finding, KeyPath
from rustok_sim.scenario.layers import Layer, asks, read_layer
from rustok_sim.scenario.loader import AnyPath
from rustok_sim.scenario.messages import findings
from rustok_sim.scenario.rules.expectations import metric_problem
from rustok_sim.scenario.validation import PROBLEMS_MAX
from rustok_sim.studies.format.builder import Builder, Varied
from rustok_sim.studies.format.explorations import Range, Search, Setting
from rustok_sim.studies.format.models import StudyFile
from rustok_sim.studies.format.plan import Plan, Point
from rustok_sim.studies.format.rules import violations


def is_study(path: AnyPath) -> bool:
    """Whether a file is a study and no scenario: it asks a question, or has a base. Raises ``ScenarioError``."""
    return asks(read_layer(Path(path)).values)


def check_study(path: AnyPath) -> None:
    """Read a study file as it stands and as --quick takes it. Raises ``ScenarioError`` with every problem there is."""
    problems: list[Problem] = []
    for quick in (False, True):
        try:
            load_study(path, quick=quick)
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(dict.fromkeys(problems))


def load_study(path: AnyPath, *, quick: bool = False, seed: int | None = None) -> Plan:
    """The plan of a study file, with every scenario that it asks for made and checked.

    Raises ``ScenarioError`` with every problem there is.
    """
    layer = read_layer(Path(path))
    if not asks(layer.values) and "load" in layer.values:
        told = "this is a scenario, not a study, which has a question and a base: run it with `rustok-sim run`"
        raise ScenarioError([Problem(layer.name, 0, 0, "", told)])
    study, problems = _read(layer)
    if study is None:
        raise ScenarioError(_ordered(layer, problems))
    try:
        builder = Builder(layer, study, quick=quick, seed=seed)
    except ScenarioError as error:
        raise ScenarioError(_ordered(layer, [*problems, *error.problems])) from None
    points: list[Point] = []
    for factors in builder.points():
        scenarios: dict[str, Scenario] = {}
        for variant in study.names:
            scenario, found = builder.build(variant, factors)
            problems += found
            if scenario is not None:
                scenarios[variant] = scenario
        points.append(Point(factors, scenarios))
    made = [scenario for point in points[:1] for scenario in point.scenarios.values()]
    problems += [layer.problem(one) for one in (*unknown_metrics(study, made), *wrong_queries(study))]
    if not problems:
        problems += _impossible_ends(builder, study, points[0])
    if problems:
        raise ScenarioError(_ordered(layer, problems))
    name = f"{layer.path.stem}-quick" if quick else layer.path.stem
    return Plan(name, study, tuple(points), builder, quick)


def _read(layer: Layer) -> tuple[StudyFile | None, list[Problem]]:
    """The file's own tables, or what is wrong with them."""
    unread = list(layer.findings)
    study: StudyFile | None = None
    misshapen: list[Finding] = []
    try:
        study = StudyFile.model_validate_json(json.dumps(layer.values))
    except ValidationError as error:
        misshapen = list(islice(findings(error, layer.values, StudyFile), PROBLEMS_MAX))
    told = {one.path for one in (*unread, *misshapen)}
    others = [one for one in violations(layer.values) if one.path not in told]
    return study, [layer.problem(one) for one in (*unread, *misshapen, *others)]


def _impossible_ends(builder: Builder, study: StudyFile, point: Point) -> Iterator[Problem]:
    """Ends of ranges, and values to choose from, that make no scenario of some variant, each tried alone."""
    for varied in _ends(study):
        for variant in study.names:
            _, found = builder.build(variant, point.factors, [varied])
            yield from found


def _ends(study: StudyFile) -> Iterator[Varied]:
    """Every end of a range and every value to choose from, as a key takes it."""
    ranges: list[tuple[Search | Range | Setting, KeyPath]] = []
    if study.search:
        ranges.append((study.search, ("search",)))
    if study.sensitivity:
        ranges += [(one, ("sensitivity", "ranges", i)) for i, one in enumerate(study.sensitivity.ranges)]
    if study.optimisation:
        ranges += [(one, ("optimisation", "settings", i)) for i, one in enumerate(study.optimisation.settings)]
    for one, at in ranges:
        for key, end in (("low", one.low), ("high", one.high)):
            if end is not None:
                yield Varied(one.path, int(end) if one.whole else end, (*at, key))
        for place, value in enumerate((one.values if isinstance(one, Setting) else None) or ()):
            yield Varied(one.path, value, (*at, "values", place))


def wrong_queries(study: StudyFile) -> Iterator[Finding]:
    """Queries that no run could answer: better told now than after the runs are made."""
    asked = {(key, name): sql for key in ("queries", "frames") for name, sql in getattr(study, key).items()}
    if asked:
        from rustok_sim.capture import wrong_sql  # DuckDB takes longer to load than all study files together

        yield from (Finding(path, f"is no SQL over events: {why}") for path, why in wrong_sql(asked).items())


def unknown_metrics(study: StudyFile, scenarios: Sequence[Scenario]) -> Iterator[Finding]:
    """Metrics that the runs of some of these scenarios do not have."""
    for path, metric in _metrics(study):
        if metric.partition(".")[0] in study.queries:
            continue
        for scenario in scenarios:
            message = metric_problem(metric, scenario.model_dump(mode="json", exclude_none=True))
            if message is not None:
                yield Finding(path, message)
                break


def _metrics(study: StudyFile) -> Iterator[tuple[KeyPath, str]]:
    """Every metric that the file names, and where."""
    for index, check in enumerate(study.checks):
        yield ("checks", index, "metric"), check.metric
    for index, metric in enumerate(study.metrics):
        yield ("metrics", index), metric
    for index, metric in enumerate(study.replications.metrics):
        yield ("replications", "metrics", index), metric
    for index, bound in enumerate(study.search.subject_to if study.search else ()):
        yield ("search", "subject_to", index, "metric"), bound.metric
    for index, metric in enumerate(study.sensitivity.metrics if study.sensitivity else ()):
        yield ("sensitivity", "metrics", index), metric
    if study.optimisation:
        for index, bound in enumerate(study.optimisation.subject_to):
            yield ("optimisation", "subject_to", index, "metric"), bound.metric
        for index, part in enumerate(study.optimisation.cost):
            if part.metric is not None:
                yield ("optimisation", "cost", index, "metric"), part.metric


def _ordered(layer: Layer, problems: list[Problem]) -> list[Problem]:
    """Each problem once: those of the study file first, in its order, then those of the files it builds on."""
    distinct = dict.fromkeys(problems)
    return sorted(distinct, key=lambda one: (one.file != layer.name, one.file, one.line, one.column))[:PROBLEMS_MAX]
