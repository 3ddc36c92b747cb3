"""Samples as others read them: OpenMetrics text, and a Parquet file."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric
from prometheus_client.openmetrics.exposition import generate_latest

from rustok_sim.telemetry.families import FAMILIES, Family
from rustok_sim.telemetry.scrape import Samples

SUFFIXES: Final = {"histogram": ("_bucket", "_sum", "_count"), "counter": ("",), "gauge": ("",)}


class _Told:
    """What ``prometheus_client`` asks for: every family, each sample with its time."""

    def __init__(self, samples: Samples) -> None:
        self._samples = samples

    def collect(self) -> Iterator[Metric]:
        for family in FAMILIES:
            metric = Metric(family.name.removesuffix("_total"), family.help, family.exposed_as)
            for name, labels, value, at_s in _rows(self._samples, family):
                metric.add_sample(name, dict(labels), value, timestamp=at_s)
            if metric.samples:
                yield metric


def _rows(samples: Samples, family: Family) -> Iterator[tuple[str, Mapping[str, str], float, float]]:
    """In the order that the format wants: series after series, but all of one histogram moment by moment."""
    groups: dict[tuple[tuple[str, str], ...], list[Any]] = {}
    for suffix in SUFFIXES[family.exposed_as]:
        for one in samples.named(family.name + suffix):
            key = tuple(sorted((name, value) for name, value in one.labels.items() if name not in {"__name__", "le"}))
            groups.setdefault(key, []).append(one)
    for _, series in sorted(groups.items()):
        for place in range(len(series[0].times_s)):
            for one in series:
                if one.values[place] == one.values[place]:  # no stale mark
                    shown = {name: value for name, value in one.labels.items() if name != "__name__"}
                    name = _exposed(family, one.labels["__name__"])
                    yield name, shown, float(one.values[place]), float(one.times_s[place])


def _exposed(family: Family, name: str) -> str:
    """OpenMetrics wants every counter to end in ``_total``; RusToK's own of the tenant cache do not."""
    return f"{name.removesuffix('_total')}_total" if family.exposed_as == "counter" else name


def open_metrics(samples: Samples) -> str:
    """Every sample in OpenMetrics' text format, with simulated seconds as its time."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Told(samples))
    text: bytes = generate_latest(registry)  # type: ignore[no-untyped-call]  # it ships no types for this
    return text.decode()


def parquet_of(samples: Samples, path: Path) -> None:
    """Write :meth:`Samples.frame` to *path*."""
    samples.frame().write_parquet(path)
