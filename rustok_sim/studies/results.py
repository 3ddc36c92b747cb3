"""What a study found: rows with intervals, paired comparisons, checks, and how long its warm-ups should be."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from pathlib import Path
from typing import Any, TypeAlias

import polars as pl

from rustok_sim.core.errors import RunError
from rustok_sim.studies.checks import Checked, judged
from rustok_sim.studies.comparisons import Comparison, Comparisons, html_table, numbers_of, where
from rustok_sim.studies.format import Plan, Point
from rustok_sim.studies.frames import read_frame
from rustok_sim.studies.gather import TASKS, precision_of
from rustok_sim.studies.influences import Influences
from rustok_sim.studies.intervals import Estimate, bonferroni, estimate, paired_difference, quantile
from rustok_sim.studies.optimum import Optimum, plain
from rustok_sim.studies.replications import Replications, no_value
from rustok_sim.studies.search import Found
from rustok_sim.studies.tasks import Summary
from rustok_sim.studies.warmup import warmups


@dataclass(frozen=True, slots=True)
class Row:
    """A metric's mean in one variant at one point."""

    variant: str
    factors: Mapping[str, object]
    metric: str
    estimate: Estimate
    precise: bool
    """Whether the interval is as narrow as the study asks."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A point with the summaries of its runs, by variant, as many in each."""

    point: Point
    runs: Mapping[str, Sequence[Summary]]


@dataclass(frozen=True, slots=True)
class Explored:
    """What was found beyond the points of the sweep."""

    found: Sequence[Found] = ()
    influences: Influences | None = None
    optima: Sequence[Optimum] = ()


class Study:
    """The answer to a study's question.

    One that sweeps nothing can be asked as :class:`Replications` are, and stands in their place.
    """

    def __init__(
        self,
        plan: Plan,
        measured: Sequence[Measured],
        explored: Explored,
        *,
        directory: Path,
        ran: int,
        reused: int,
    ) -> None:
        self.plan = plan
        self.measured = tuple(measured)
        self.found = tuple(explored.found)
        """What the search found, by variant and point."""
        self.influences = explored.influences
        """Which keys move the metrics, where the study asks for that."""
        self.optima = tuple(explored.optima)
        """What the optimisation found, by variant and point."""
        self.directory = directory
        self.ran = ran
        self.reused = reused

    @property
    def name(self) -> str:
        """The name of its file."""
        return self.plan.name

    @property
    def question(self) -> str:
        """What was asked."""
        return self.plan.file.question

    @property
    def confidence(self) -> float:
        """Of every interval of a mean."""
        return self.plan.file.replications.confidence

    def values(self, variant: str, metric: str, *, where: Mapping[str, object] | None = None) -> list[float]:
        """The values of a metric by replication, at the one point that *where* picks. Raises ``RunError``."""
        return self._values(self._one(where or {}), variant, metric)

    def estimate(self, variant: str, metric: str, *, where: Mapping[str, object] | None = None) -> Estimate:
        """The mean of a metric with its interval, at the one point that *where* picks."""
        return self._estimate(self._values(self._one(where or {}), variant, metric))

    def quantile(
        self, variant: str, metric: str, share: float, *, where: Mapping[str, object] | None = None
    ) -> Estimate:
        """A quantile of a metric over replications, with an interval that assumes no law."""
        values = self._values(self._one(where or {}), variant, metric)
        return quantile(values, share, confidence=self.confidence)

    def compare(self, first: str, second: str, *metrics: str) -> Comparisons:
        """First minus second at every point, for these metrics, or for all that the study reports.

        The intervals hold together, as many as are asked for here.
        """
        asked = [(first, second, metric) for metric in metrics or self.plan.file.reported]
        return Comparisons(self._compared([(one, m) for m in self.measured for one in asked]))

    def difference(
        self, first: str, second: str, metric: str, *, where: Mapping[str, object] | None = None
    ) -> Estimate:
        """First minus second of a metric, paired by replication: the interval of this one difference alone.

        Several that shall hold together are asked of :meth:`compare`. Raises ``RunError``.
        """
        measured = self._one(where or {})
        for variant in (first, second):
            self._values(measured, variant, metric)
        return self._paired(measured, first, second, metric, self.confidence)

    @cached_property
    def rows(self) -> list[Row]:
        """Every reported metric in every variant at every point."""
        precision = precision_of(self.plan)
        rows = []
        for measured in self.measured:
            for variant in self.plan.variants:
                for metric in self.plan.file.reported:
                    found = self._estimate(self._present(measured, variant, metric))
                    precise = metric not in self.plan.file.wanted or precision.met(found.mean, found.half_width)
                    rows.append(Row(variant, measured.point.factors, metric, found, precise))
        return rows

    @cached_property
    def comparisons(self) -> Comparisons:
        """What the checks compare; where none does, all other variants with the first, in every reported metric."""
        return Comparisons(self._compared(list(self._asked())))

    @cached_property
    def checks(self) -> list[Checked]:
        """Every check of the file at every point it is about, and whether it holds."""
        return list(judged(self))

    @property
    def held(self) -> bool:
        """Whether every check holds, and searches and optimisations have found something that does."""
        found = [one.value is not None for one in self.found] + [one.best is not None for one in self.optima]
        return all(check.held for check in self.checks) and all(found)

    @cached_property
    def warnings(self) -> list[str]:
        """What makes the numbers less sure than they look: short warm-ups, precision not reached."""
        return list(dict.fromkeys([*self._short(), *self._imprecise(), *self._without_influence()]))

    @cached_property
    def frame(self) -> pl.DataFrame:
        """A row for each run and metric: variant, a column for each factor, replication, metric, value."""
        paths = list(self.plan.points[0].factors)
        rows = [
            (variant, *(plain(measured.point.factors[path]) for path in paths), one.replication, metric, value)
            for measured in self.measured
            for variant, runs in measured.runs.items()
            for one in runs
            for metric, value in one.metrics.items()
        ]
        columns = ["variant", *paths, "replication", "metric", "value"]
        return pl.DataFrame(rows, schema=columns, orient="row", infer_schema_length=None)

    def table(self) -> pl.DataFrame:
        """A row for each :attr:`rows`: variant, a column for each factor, metric, mean, low, high, replications."""
        paths = list(self.plan.points[0].factors)
        rows = [
            (
                row.variant,
                *(plain(row.factors[path]) for path in paths),
                row.metric,
                row.estimate.mean,
                row.estimate.low,
                row.estimate.high,
                row.estimate.replications,
            )
            for row in self.rows
        ]
        columns = ["variant", *paths, "metric", "mean", "low", "high", "replications"]
        return pl.DataFrame(rows, schema=columns, orient="row", infer_schema_length=None)

    def at(self, where: Mapping[str, object] | None = None) -> Replications:
        """The one point that *where* picks, as replications of its variants, with the frames that were asked for.

        Figures and tables of replications take a study of one point as it is. Raises ``RunError``.
        """
        measured = self._one(where or {})
        # As the runs were asked for: replication by replication, in each of them variant by variant.
        same = zip(*measured.runs.values(), strict=True)
        runs = [(variant, one) for by_variant in same for variant, one in zip(measured.runs, by_variant, strict=True)]
        rows = [(variant, one.replication, metric, x) for variant, one in runs for metric, x in one.metrics.items()]
        schema = {"variant": pl.String, "replication": pl.Int64, "metric": pl.String, "value": pl.Float64}
        tasks = [(variant, one.replication, self.directory / TASKS / one.key) for variant, one in runs]
        frames = {name: read_frame(name, tasks) for name in self.plan.file.frames}
        return Replications(self.plan.variants, pl.DataFrame(rows, schema=schema, orient="row"), frames)

    @property
    def variants(self) -> tuple[str, ...]:
        """Their names, in their order."""
        return self.plan.variants

    @property
    def metrics(self) -> pl.DataFrame:
        """Of a study of one point, as :meth:`at` has it: variant, replication, metric, value. Raises ``RunError``."""
        return self._only.metrics

    @property
    def frames(self) -> Mapping[str, pl.DataFrame]:
        """Of a study of one point, as :meth:`at` has them. Raises ``RunError``."""
        return self._only.frames

    def present(self, point: Point, variant: str, metric: str) -> tuple[Estimate, int]:
        """A metric's mean, and in how many replications it has no value."""
        measured = next(one for one in self.measured if one.point is point)
        found = self._present(measured, variant, metric)
        return self._estimate(found), len(measured.runs[variant]) - len(found)

    def to_json(self) -> dict[str, Any]:
        """What ``rustok-sim study --json`` prints."""
        compared = self.comparisons
        return {
            "study": self.name,
            "question": self.question,
            "rows": [
                {"variant": row.variant, "factors": dict(row.factors), "metric": row.metric}
                | numbers_of(row.estimate, "mean")
                | {"replications": row.estimate.replications, "precise": row.precise}
                for row in self.rows
            ],
            "comparisons": compared.to_json(),
            "checks": [check.to_json() for check in self.checks],
            "search": [found.to_json() for found in self.found],
            "sensitivity": [row.to_json() for row in self.influences.rows] if self.influences else [],
            "optimisation": [one.to_json() for one in self.optima],
            "warnings": self.warnings,
            "confidence": self.confidence,
            "correction": {
                "method": "bonferroni",
                "comparisons": len(compared.rows),
                "confidence_each": bonferroni(self.confidence, len(compared.rows)),
            },
            "runs": {"ran": self.ran, "reused": self.reused},
            "directory": str(self.directory),
            "held": self.held,
        }

    def __repr__(self) -> str:
        held = sum(check.held for check in self.checks)
        return f"<Study {self.name}: {len(self.rows)} rows, {held} of {len(self.checks)} checks hold>"

    def _repr_html_(self) -> str:
        checks = [check.texts() for check in self.checks]
        return html_table(("check", "where", "found", "verdict"), checks, caption=self.question)

    def _asked(self) -> Iterator[tuple[tuple[str, str, str], Measured]]:
        file = self.plan.file
        pairs = [(*check.compare, check.metric, check) for check in file.checks if check.compare is not None]
        if pairs:
            asked = [
                ((first, second, metric), measured)
                for measured in self.measured
                for first, second, metric, check in pairs
                if any(point is measured.point for point in self.plan.points_of(check))
            ]
            yield from {(one, id(measured)): (one, measured) for one, measured in asked}.values()
            return
        first, *others = self.plan.variants
        for measured in self.measured:
            yield from (((other, first, metric), measured) for other in others for metric in file.reported)

    def _compared(self, asked: Sequence[Any]) -> Iterator[Comparison]:
        each = bonferroni(self.confidence, len(asked))
        for (first, second, metric), measured in asked:
            found = self._paired(measured, first, second, metric, each)
            yield Comparison((first, second), measured.point.factors, metric, found)

    def _paired(self, measured: Measured, first: str, second: str, metric: str, confidence: float) -> Estimate:
        method = self.plan.file.replications.interval
        a, b = (self._by_replication(measured, name, metric) for name in (first, second))
        both = [i for i in a if i in b]
        return paired_difference([a[i] for i in both], [b[i] for i in both], confidence=confidence, method=method)

    @cached_property
    def _only(self) -> Replications:
        """The one point of a study that sweeps nothing."""
        return self.at()

    def _one(self, where: Mapping[str, object]) -> Measured:
        picked = [one for one in self.measured if where.items() <= one.point.factors.items()]
        if len(picked) != 1:
            points = "; ".join(one.point.label for one in self.measured) or "one without factors"
            raise RunError(f"{dict(where)} picks {len(picked)} points of study {self.name}; its points are {points}")
        return picked[0]

    def _values(self, measured: Measured, variant: str, metric: str) -> list[float]:
        found = self._present(measured, variant, metric)
        if not found:
            metrics = dict.fromkeys(name for run in measured.runs.get(variant, ()) for name in run.metrics)
            raise no_value(variant, metric, self.plan.variants, metrics)
        return found

    def _present(self, measured: Measured, variant: str, metric: str) -> list[float]:
        return list(self._by_replication(measured, variant, metric).values())

    def _by_replication(self, measured: Measured, variant: str, metric: str) -> dict[int, float]:
        runs = measured.runs.get(variant, ())
        return {one.replication: value for one in runs if (value := one.value(metric)) is not None}

    def _estimate(self, values: Sequence[float]) -> Estimate:
        return estimate(values, confidence=self.confidence, method=self.plan.file.replications.interval)

    def _short(self) -> Iterator[str]:
        for measured in self.measured:
            for variant, runs in measured.runs.items():
                for one in warmups(measured.point.scenarios[variant], [run.series for run in runs]):
                    if one.warning is not None:
                        where = f" at {measured.point.label}" if measured.point.factors else ""
                        yield f"warm-up of {variant}{where}: {one.warning}"

    def _imprecise(self) -> Iterator[str]:
        for row in self.rows:
            if not row.precise:
                place = f" at {where(row.factors)}" if row.factors else ""
                told = f"{row.estimate} after {row.estimate.replications} replications"
                yield f"precision of {row.metric} in {row.variant}{place} was not reached: {told}"

    def _without_influence(self) -> Iterator[str]:
        for row in self.influences.rows if self.influences else ():
            if not isfinite(row.estimate.mean):
                place = f" at {where(row.factors)}" if row.factors else ""
                reason = "some runs have no value of it, or all have the same"
                yield f"sensitivity of {row.metric} in {row.variant}{place}: cannot be told, {reason}"


AnyStudy: TypeAlias = Study | Replications
"""What figures and tables of one point take: a study that sweeps nothing, or replications by themselves."""
