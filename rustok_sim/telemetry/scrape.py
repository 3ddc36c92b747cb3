"""Scraping: what a Prometheus would have in store of a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from rustok_sim.studies import Run
from rustok_sim.telemetry.families import FAMILIES, Family

SCRAPE_INTERVAL_S: Final = 15.0
"""RusToK's ``scrape_interval``."""
EXPORTER: Final = "database"
"""The instance of metrics that are of no node."""

Floats: TypeAlias = NDArray[np.float64]
Lives: TypeAlias = Mapping[str, Sequence[tuple[float, float]]]
"""For each node, from when to when it was up; a node that never went down is not in it."""


@dataclass(frozen=True, slots=True)
class Series:
    """Samples of one series: its labels, ``__name__`` among them, the times and the values.

    A value of NaN is a mark that the series is stale: the scrape failed, or the series was gone.
    """

    labels: Mapping[str, str]
    times_s: Floats
    values: Floats


class Samples:
    """All series of a run by their name."""

    def __init__(self, series: Sequence[Series], *, horizon_s: float, interval_s: float) -> None:
        self.horizon_s = horizon_s
        self.interval_s = interval_s
        self._by_name: dict[str, list[Series]] = {}
        for one in series:
            self._by_name.setdefault(one.labels["__name__"], []).append(one)

    def __len__(self) -> int:
        return sum(map(len, self._by_name.values()))

    @property
    def names(self) -> list[str]:
        """The names of metrics that have a series."""
        return sorted(self._by_name)

    def named(self, name: str) -> Sequence[Series]:
        """The series of this name."""
        return self._by_name.get(name, ())

    def frame(self) -> pl.DataFrame:
        """A row for each sample: name, labels (sorted, as text), at_s, value; stale marks left out."""
        rows = [
            (name, labels_text(one.labels), float(at_s), float(value))
            for name in self.names
            for one in self.named(name)
            for at_s, value in zip(one.times_s, one.values, strict=True)
            if not np.isnan(value)
        ]
        schema = {"name": pl.String, "labels": pl.String, "at_s": pl.Float64, "value": pl.Float64}
        return pl.DataFrame(rows, schema=schema, orient="row")


def labels_text(labels: Mapping[str, str]) -> str:
    """The labels but for the name, as Prometheus writes them."""
    shown = (f'{name}="{_escaped(labels[name])}"' for name in sorted(labels) if name != "__name__")
    return f"{{{','.join(shown)}}}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def scrape(run: Run, *, interval_s: float = SCRAPE_INTERVAL_S, as_recorded: bool = True) -> Samples:
    """Scrape every node of *run* at 0, *interval_s*, and so on up to its end.

    What there is to scrape follows ``platform.telemetry``: as built RusToK records next to nothing, and its Prometheus
    asks under another path. *as_recorded* false: as if all were recorded and scraped. A series begins with its first
    observation; a node that crashes begins anew at zero, and its scrapes fail until it is up.
    """
    settings = run.record["settings"]
    telemetry, horizon_s = settings["platform"]["telemetry"], float(run.record["simulated_s"])
    times_s = np.arange(0.0, horizon_s + interval_s / 1e6, interval_s)
    lives = _lives(run, horizon_s)
    parameters = {
        "pool_connections": settings["deployment"]["database"]["pool_connections"],
        "interval_s": interval_s,
        "horizon_s": horizon_s,
    }
    series: list[Series] = []
    for family in FAMILIES:
        if not as_recorded or _scraped(family, telemetry):
            asked = {name: value for name, value in parameters.items() if f"${name}" in family.observed}
            series += series_of(family, run.sql(family.observed, asked), times_s, lives)
    return Samples(series, horizon_s=horizon_s, interval_s=interval_s)


def _scraped(family: Family, telemetry: Mapping[str, Any]) -> bool:
    if telemetry["scraped_path"] == "as_built":
        return False
    return family.served or telemetry["recording"] == "all"


def _lives(run: Run, horizon_s: float) -> Lives:
    lives: dict[str, list[tuple[float, float]]] = {}
    ups: dict[str, float | None] = {}
    asked = "select node, at_s, kind from events where kind in ('node.crashed', 'node.started') order by seq"
    for node, at_s, kind in run.sql(asked).iter_rows():
        spans = lives.setdefault(node, [])
        if kind == "node.started":
            ups[node] = at_s
        elif (up_s := ups.get(node, 0.0)) is not None:
            spans.append((up_s, at_s))
            ups[node] = None
    for node, spans in lives.items():
        if (up_s := ups.get(node, 0.0)) is not None:
            spans.append((up_s, horizon_s + 1.0))
    return lives


def series_of(family: Family, observed: pl.DataFrame, times_s: Floats, lives: Lives) -> list[Series]:
    """The series of one family, sampled at *times_s*, from its observations."""
    keys = ["instance", *family.labels]
    observed = observed.with_columns(
        pl.col("instance").cast(pl.String).fill_null(EXPORTER), pl.col("value").cast(pl.Float64)
    ).sort(*keys, "at_s", maintain_order=True)
    found: list[Series] = []
    for key, rows in observed.group_by(keys, maintain_order=True):
        labels = dict(zip(keys, map(str, key), strict=True)) | {"job": "rustok"}
        at_s, values = rows["at_s"].to_numpy(), rows["value"].to_numpy()
        spans = lives.get(labels["instance"], ((-np.inf, np.inf),))
        for name, more, sampled in _sampled(family, at_s, values, times_s, spans):
            known = ~np.isnan(sampled)
            if known.any():
                first = int(known.argmax())
                found.append(Series({"__name__": name, **labels, **more}, times_s[first:], sampled[first:]))
    return found


def _sampled(
    family: Family, at_s: Floats, values: Floats, times_s: Floats, spans: Sequence[tuple[float, float]]
) -> list[tuple[str, dict[str, str], Floats]]:
    """The name's suffix applied, labels of its own, and the values at the scrapes, for each series of one key."""
    name = family.name
    if family.kind != "histogram":
        return [(name, {}, _in_lives(at_s, values, times_s, spans, adding=family.kind != "gauge"))]
    ones = np.ones_like(values)
    parts = [(f"{name}_bucket", {"le": f"{bound:g}"}, (values <= bound).astype(np.float64)) for bound in family.buckets]
    parts += [(f"{name}_bucket", {"le": "+Inf"}, ones), (f"{name}_sum", {}, values), (f"{name}_count", {}, ones)]
    return [(suffixed, more, _in_lives(at_s, part, times_s, spans, adding=True)) for suffixed, more, part in parts]


def _in_lives(
    at_s: Floats, values: Floats, times_s: Floats, spans: Sequence[tuple[float, float]], *, adding: bool
) -> Floats:
    """The value at each scrape, NaN where there is none: before the first observation of a life, and between lives."""
    sampled = np.full_like(times_s, np.nan)
    for begin_s, end_s in spans:
        inside = (at_s >= begin_s) & (at_s <= end_s)
        told_s, told = at_s[inside], values[inside]
        if adding:
            told = np.cumsum(told)
        places = np.searchsorted(told_s, times_s, side="right") - 1
        alive = (places >= 0) & (times_s >= begin_s) & (times_s < end_s)
        sampled[alive] = told[places[alive]]
    return sampled
