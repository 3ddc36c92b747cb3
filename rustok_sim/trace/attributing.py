"""Where the time went: for each request, and for bands of them by how long they took."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import polars as pl

from rustok_sim.core.errors import RunError
from rustok_sim.report.style import label
from rustok_sim.report.tables import Table
from rustok_sim.studies import Run
from rustok_sim.trace.builder import answers
from rustok_sim.trace.parts import NOTE, PARTS, TITLES, parts_of
from rustok_sim.trace.spans import Trace

if TYPE_CHECKING:
    from rustok_sim.report.figures import Picture

BANDS: Final = (0.0, 0.5, 0.9, 0.99, 1.0)
_SCHEMA: Final[dict[str, pl.DataType]] = {
    "correlation": pl.Int64(),
    "load": pl.String(),
    "operation": pl.String(),
    "outcome": pl.String(),
    "begin_s": pl.Float64(),
    "latency_s": pl.Float64(),
    **{part: pl.Float64() for part in PARTS},
}


class Attribution:
    """The finished requests of a run since its warm-up, and what the time of each went to."""

    def __init__(self, name: str, frame: pl.DataFrame) -> None:
        self.name = name
        self.frame = frame
        """A row for each request: correlation, load, operation, outcome, begin_s, latency_s, and seconds by part."""

    def requests(self, load: str | None = None) -> pl.DataFrame:
        """The rows of one load class, or of all. Raises ``RunError`` if there are none."""
        found = self.frame if load is None else self.frame.filter(pl.col("load") == load)
        if found.is_empty():
            known = ", ".join(sorted(self.frame["load"].unique()))
            raise RunError(f"{self.name}: no request of load class {load!r} was finished; there are: {known or 'none'}")
        return found

    def bands(self, load: str | None = None, *, edges: Sequence[float] = BANDS) -> pl.DataFrame:
        """A row for each band of *load* between two shares of its requests, the quickest first.

        Columns: band, requests, latency_s (the mean), and mean seconds by part, which add up to it.
        """
        found = self.requests(load).sort("latency_s", "correlation")
        if sorted(edges) != list(edges) or len(edges) < 2 or not all(0.0 <= edge <= 1.0 for edge in edges):
            raise ValueError(f"edges must be shares from 0 to 1 that rise, not {edges}")
        rows = []
        for low, high in pairwise(edges):
            first, last = round(low * found.height), round(high * found.height)
            if first < last:
                means = found.slice(first, last - first).select(pl.col("latency_s", *PARTS).mean())
                rows.append(
                    means.select(
                        pl.lit(_band(low, high)).alias("band"), pl.lit(last - first).alias("requests"), pl.all()
                    )
                )
        return pl.concat(rows)

    def table(self, load: str | None = None, *, edges: Sequence[float] = BANDS) -> Table:
        """The bands as a table, in milliseconds; parts that took no time anywhere are left out."""
        bands = self.bands(load, edges=edges)
        shown = [part for part in TITLES if bands[part].max() != 0.0]
        rows = [
            (
                str(row["band"]),
                str(row["requests"]),
                *(f"{row[name] * 1000:.2f}" for name in ("latency_s", *shown)),
                "0",
            )
            for row in bands.iter_rows(named=True)
        ]
        columns = ("band", "requests", "latency, ms", *(f"{TITLES[part]}, ms" for part in shown), "own code, ms")
        return Table(f"Where the time went: {self._of(load)}", columns, tuple(rows), f"Means over each band. {NOTE}")

    def figure(self, load: str | None = None, *, edges: Sequence[float] = BANDS, title: str | None = None) -> "Picture":
        """The bands as stacked bars: milliseconds, and shares."""
        from rustok_sim.trace.figures import stacked_bands

        bands = self.bands(load, edges=edges)
        return stacked_bands(bands, title=title or f"Where the time went: {self._of(load)}")

    def _of(self, load: str | None) -> str:
        return f"{'all requests' if load is None else label(load)} of {self.name}"

    def __repr__(self) -> str:
        return f"<Attribution of {self.frame.height:,} requests of {self.name}>"

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def _band(low: float, high: float) -> str:
    if low <= 0.0:
        return "all" if high >= 1.0 else f"to p{high * 100:g}"
    return f"above p{low * 100:g}" if high >= 1.0 else f"p{low * 100:g} to p{high * 100:g}"


def attribution(run: Run) -> Attribution:
    """What the time of each request of *run* went to. Raises ``RunError`` if none was recorded."""
    warmup_s = float(run.record["settings"]["warmup_s"])
    rows = [_row(trace) for trace in answers(run) if _counts(trace, warmup_s)]
    return Attribution(run.name, pl.DataFrame(rows, schema=_SCHEMA, orient="row"))


def _counts(trace: Trace, warmup_s: float) -> bool:
    return trace.root.begin_s >= warmup_s and "rustok.in_flight" not in trace.root.attributes


def _row(trace: Trace) -> tuple[object, ...]:
    root, parts = trace.root, parts_of(trace.root)
    told = root.attributes
    return (
        trace.correlation,
        told["rustok.load"],
        root.name,
        told["rustok.outcome"],
        root.begin_s,
        root.duration_s,
        *(parts[part] for part in PARTS),
    )
