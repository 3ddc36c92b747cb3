"""Numbers and frames of variants, replication by replication, whoever made them.

Replication *i* of every variant meets the same arrivals and the same draws, so that differences are the variants' own.
"""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from rustok_sim.core.errors import RunError
from rustok_sim.scenario.suggestions import hint
from rustok_sim.studies.intervals import Estimate, estimate, paired_difference


class Replications:
    """What was measured: ``metrics`` (variant, replication, metric, value) and ``frames`` by name.

    Each frame has the columns ``variant`` and ``replication``, and after them those of its query.
    """

    def __init__(self, variants: Sequence[str], metrics: pl.DataFrame, frames: Mapping[str, pl.DataFrame]) -> None:
        self.variants = tuple(variants)
        self.metrics = metrics
        self.frames = frames

    def values(self, variant: str, metric: str) -> list[float]:
        """The values of one metric in one variant, by replication. Raises ``RunError`` for what was not measured.

        A replication in which the metric has no value (nothing was answered, say) is left out.
        """
        return list(self._by_replication(variant, metric).values())

    def _by_replication(self, variant: str, metric: str) -> dict[int, float]:
        rows = self.metrics.filter(pl.col("variant") == variant, pl.col("metric") == metric).sort("replication")
        if rows.is_empty():
            raise no_value(variant, metric, self.variants, self.metrics["metric"].unique(maintain_order=True))
        return dict(zip(rows["replication"], rows["value"], strict=True))

    def estimate(self, variant: str, metric: str, *, confidence: float = 0.95) -> Estimate:
        """The mean of a metric with its interval."""
        return estimate(self.values(variant, metric), confidence=confidence)

    def difference(self, first: str, second: str, metric: str, *, confidence: float = 0.95) -> Estimate:
        """The paired difference first minus second of a metric, with its interval, where both have a value."""
        a, b = self._by_replication(first, metric), self._by_replication(second, metric)
        both = [i for i in a if i in b]
        return paired_difference([a[i] for i in both], [b[i] for i in both], confidence=confidence)

    def summary(self, *metrics: str, confidence: float = 0.95) -> pl.DataFrame:
        """A row for each variant and metric: mean, low, high, replications."""
        rows = []
        for variant in self.variants:
            for metric in metrics:
                e = self.estimate(variant, metric, confidence=confidence)
                rows.append((variant, metric, e.mean, e.low, e.high, e.replications))
        return pl.DataFrame(rows, schema=["variant", "metric", "mean", "low", "high", "replications"], orient="row")


def no_value(variant: str, metric: str, variants: Iterable[str], metrics: Iterable[str]) -> RunError:
    """The error for a metric of a variant that was not measured: which of the two is not known, and what is."""
    known = list(variants)
    told = f"no value of {metric!r} in variant {variant!r}"
    if variant not in known:
        return RunError(f"{told}; the variants are {', '.join(known)}")
    return RunError(f"{told}; of its metrics, {hint(metric, metrics)}")
