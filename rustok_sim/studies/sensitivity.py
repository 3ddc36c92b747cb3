"""Runs that tell which of many keys move the metrics most, within their ranges."""

from collections.abc import Iterator, Sequence

from rustok_sim.scenario import Scenario
from rustok_sim.studies.designs import INDICES, Index, Sample, draw, indices, typed
from rustok_sim.studies.format import Plan, Point, Sensitivity, Varied
from rustok_sim.studies.gather import Gatherer
from rustok_sim.studies.influences import Influence, Influences
from rustok_sim.studies.intervals import Estimate, bonferroni, estimate, paired_difference


def sensitivity(plan: Plan, gatherer: Gatherer, counts: Sequence[int]) -> Influences | None:
    """Run what the study's sensitivity asks for, in every variant at every point; nothing where it asks for none.

    *counts* are the replications made at each point: as many are made at the ends of ranges taken one at a time.
    """
    asked = plan.file.sensitivity
    if asked is None:
        return None
    alone = asked.method == "one_at_a_time"
    found = _alone(plan, asked, gatherer, counts) if alone else _drawn(plan, asked, gatherer)
    return Influences(asked.method, found)


def _places(plan: Plan) -> Iterator[tuple[int, Point, str]]:
    for number, point in enumerate(plan.points):
        yield from ((number, point, variant) for variant in plan.variants)


def _confidence(plan: Plan, intervals: int) -> float:
    """Of each interval: so many for every metric at every place."""
    many = intervals * len(plan.file.moved) * len(plan.points) * len(plan.variants)
    return bonferroni(plan.file.replications.confidence, many)


def _alone(plan: Plan, asked: Sensitivity, gatherer: Gatherer, counts: Sequence[int]) -> Iterator[Influence]:
    """Differences from the base, paired by replication."""
    ends: dict[tuple[int, str, str, str], Scenario] = {}
    for number, point, variant in _places(plan):
        for place, one in enumerate(asked.ranges):
            for end in ("low", "high"):
                varied = Varied(one.path, typed(one, getattr(one, end)), ("sensitivity", "ranges", place, end))
                ends[number, variant, one.path, end] = plan.scenario(variant, point.factors, varied)
    gatherer.make((scenario, counts[key[0]]) for key, scenario in ends.items())
    confidence = _confidence(plan, 3 * len(asked.ranges))
    for number, point, variant in _places(plan):
        for metric in plan.file.moved:
            for one in asked.ranges:
                trio = (point.scenarios[variant], *(ends[number, variant, one.path, end] for end in ("low", "high")))
                base, low, high = (
                    [run.value(metric) for run in gatherer.summaries(scenario, counts[number])] for scenario in trio
                )
                told: dict[Index, Estimate] = {
                    "low": _paired(low, base, confidence),
                    "high": _paired(high, base, confidence),
                    "swing": _paired(high, low, confidence),
                }
                for index, found in told.items():
                    yield Influence(variant, point.factors, metric, one.path, index, found)


def _paired(first: Sequence[float | None], second: Sequence[float | None], confidence: float) -> Estimate:
    both = [(a, b) for a, b in zip(first, second, strict=True) if a is not None and b is not None]
    return paired_difference([a for a, _ in both], [b for _, b in both], confidence=confidence)


def _drawn(plan: Plan, asked: Sensitivity, gatherer: Gatherer) -> Iterator[Influence]:
    """Indices over samples that are the same in every variant at every point."""
    seed = next(iter(plan.points[0].scenarios.values())).seed
    samples = draw(asked, asked.quick_samples if plan.quick else asked.samples, seed)
    scenarios: dict[tuple[int, str], list[Scenario]] = {
        (number, variant): [
            plan.scenario(
                variant,
                point.factors,
                *(
                    Varied(one.path, typed(one, value), ("sensitivity", "ranges", place))
                    for place, (one, value) in enumerate(zip(asked.ranges, sample.values, strict=True))
                ),
            )
            for sample in samples
        ]
        for number, point, variant in _places(plan)
    }
    gatherer.make_single(
        (scenario, sample.replication)
        for made in scenarios.values()
        for scenario, sample in zip(made, samples, strict=True)
    )
    confidence = _confidence(plan, len(asked.ranges) * (1 if asked.method == "morris" else 2))
    for number, point, variant in _places(plan):
        runs = [
            gatherer.summary(scenario, sample.replication)
            for scenario, sample in zip(scenarios[number, variant], samples, strict=True)
        ]
        for metric in plan.file.moved:
            values = [run.value(metric) for run in runs]
            for path, index, found in _told(asked, samples, values, confidence=confidence, seed=seed):
                yield Influence(variant, point.factors, metric, path, index, found)


def _told(
    asked: Sensitivity, samples: Sequence[Sample], values: Sequence[float | None], *, confidence: float, seed: int
) -> Iterator[tuple[str, Index, Estimate]]:
    """Indices where every run has a value, and none elsewhere: designs have no use for gaps."""
    known = [value for value in values if value is not None]
    if len(known) == len(values):
        yield from indices(asked, samples, known, confidence=confidence, seed=seed)
    else:
        yield from ((one.path, index, estimate([])) for one in asked.ranges for index in INDICES[asked.method])
