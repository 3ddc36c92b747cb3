"""What changes over time: a panel for each variant and load class, a line for the median run, a band for the others."""

from collections.abc import Sequence
from math import floor, log10
from typing import Any, Final, NamedTuple

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from rustok_sim.report import style
from rustok_sim.report.figures.canvas import (
    Picture,
    extent,
    frame_of,
    name_panel,
    nothing,
    of_runs,
    shade_faults,
    stacked,
)
from rustok_sim.report.measures import plain
from rustok_sim.studies import AnyStudy

HINT: Final = "rs.series.over_time(bucket_s)"
LOG_FROM: Final = 30.0
"""Latencies whose largest is so many times the smallest are drawn on a logarithmic axis."""


def availability(study: AnyStudy, *, load: str | None = None, title: str = "Availability over time") -> Picture:
    """The share of finished requests that ended well, by when they arrived; all load classes, or one."""
    frame = _of_load(frame_of(study, "requests", HINT), load)
    if frame.is_empty():
        return nothing(title, "No request finished.")
    frame = frame.with_columns(pl.col("availability") * 100.0)
    with style.context():
        panels = _panels(study, frame)
        width = _bucket_width(frame)
        picture, axes = stacked(len(panels), title=title, note=f"{of_runs(study)}.", panel_in=0.95)
        for ax, panel in zip(axes, panels, strict=True):
            _band(ax, panel, "availability", width)
            name_panel(ax, panel.name, panel.look.colour, more=panel.more)
        axes[0].set_ylim(-6, 106)
        axes[0].set_yticks([0, 50, 100])
        picture.supylabel("Availability, %")
        _finish(axes, study, frame)
    return picture


def latency(
    study: AnyStudy,
    *,
    load: str | None = None,
    quantiles: Sequence[str] = ("p99", "p50"),
    title: str = "Latency over time",
) -> Picture:
    """How long clients waited for a good answer, or until they gave up, by when they arrived.

    The first of *quantiles* has a band, the others are dashed.
    """
    frame = _of_load(frame_of(study, "latency", HINT), load)
    if frame.is_empty():
        return nothing(title, "No request was answered well, and nobody gave up.")
    columns = [f"{quantile}_s" for quantile in quantiles]
    frame = frame.with_columns(pl.col(*columns) * 1000.0)
    log = _floor_of_log(frame, columns)
    with style.context():
        panels = _panels(study, frame)
        width = _bucket_width(frame)
        note = (
            f"{of_runs(study)}. {_quantile_note(quantiles)}. Time to a good answer or to giving up; a gap: all failed."
        )
        picture, axes = stacked(len(panels), title=title, note=note, panel_in=1.1)
        for ax, panel in zip(axes, panels, strict=True):
            for place, column in enumerate(columns):
                _band(ax, panel, column, width, dashed=place > 0, least=log)
            name_panel(ax, panel.name, panel.look.colour, more=panel.more)
        picture.supylabel("Latency, ms")
        if log is None:
            axes[0].set_ylim(bottom=0)
        else:
            _logarithmic(axes, log)
        _finish(axes, study, frame)
    return picture


def statements(study: AnyStudy, *, title: str = "Statements on the database over time") -> Picture:
    """How many statements a second the database got."""
    frame = frame_of(study, "statements", HINT)
    if frame.is_empty() or frame["statements_per_s"].max() == 0:
        return nothing(title, "No run asked the database.")
    with style.context():
        panels = _panels(study, frame)
        width = _bucket_width(frame)
        picture, axes = stacked(len(panels), title=title, note=f"{of_runs(study)}.", panel_in=0.95)
        for ax, panel in zip(axes, panels, strict=True):
            _band(ax, panel, "statements_per_s", width)
            name_panel(ax, panel.name, panel.look.colour, more=_mean(panel.rows))
        axes[0].set_ylim(bottom=0)
        axes[0].margins(y=0.1)
        picture.supylabel("Statements, 1/s")
        _finish(axes, study, frame)
    return picture


def _mean(rows: pl.DataFrame) -> str:
    mean = rows["statements_per_s"].mean()
    return f"mean {plain(round(mean, 2))}/s" if isinstance(mean, float) else ""


def _of_load(frame: pl.DataFrame, load: str | None) -> pl.DataFrame:
    return frame if load is None else frame.filter(pl.col("load") == load)


class _Panel(NamedTuple):
    name: str
    more: str
    look: style.Look
    rows: pl.DataFrame


def _panels(study: AnyStudy, frame: pl.DataFrame) -> list[_Panel]:
    """A panel for each variant, or for each load class of it."""
    looks = style.looks(study.variants)
    if "load" not in frame.columns or frame["load"].n_unique() == 1:
        parts = frame.partition_by("variant", as_dict=True)
        return [_Panel(name, "", looks[name], parts.get((name,), frame.clear())) for name in study.variants]
    parts = frame.partition_by("variant", "load", as_dict=True)
    loads = frame["load"].unique(maintain_order=True).to_list()
    return [
        _Panel(name, style.label(load), looks[name], parts.get((name, load), frame.clear()))
        for name in study.variants
        for load in loads
    ]


def _band(
    ax: Axes, panel: _Panel, column: str, width: float, *, dashed: bool = False, least: float | None = None
) -> None:
    """The median over replications as a line, 5 to 95 % as a band (not if *dashed*); buckets without value are gaps."""
    spread = panel.rows.group_by("at_s").agg(
        pl.col(column).median().alias("middle"),
        pl.col(column).quantile(0.05, "linear").alias("low"),
        pl.col(column).quantile(0.95, "linear").alias("high"),
    )
    if spread.is_empty():
        return
    first, last = extent(spread["at_s"])
    grid = pl.DataFrame({"at_s": np.arange(round((last - first) / width) + 1) * width + first})
    spread = grid.join_asof(spread.sort("at_s"), on="at_s", strategy="nearest", tolerance=width / 4)
    edges = np.append(spread["at_s"].to_numpy(), last + width)
    low, middle, high = (_drawn(spread[name].to_numpy(), least) for name in ("low", "middle", "high"))
    if not dashed:
        ax.fill_between(edges, low, high, step="post", color=panel.look.colour, alpha=0.3, linewidth=0)
    line, weight = ((0, (3, 2)), 1.4) if dashed else ("-", 2.0)
    ax.plot(edges, middle, drawstyle="steps-post", color=panel.look.colour, linestyle=line, linewidth=weight)


def _drawn(values: Any, least: float | None) -> Any:
    """The values as steps need them: the last one twice, and none below what a logarithmic axis shows."""
    values = np.append(values, values[-1])
    return values if least is None else np.maximum(values, least)


def _bucket_width(rows: pl.DataFrame) -> float:
    gaps = rows["at_s"].unique().sort().diff().drop_nulls()
    return 1.0 if gaps.is_empty() else extent(gaps)[0]


def _floor_of_log(frame: pl.DataFrame, columns: Sequence[str]) -> float | None:
    """The lower edge of a logarithmic axis; ``None`` where a linear one serves."""
    values = frame.select(pl.concat_list(*columns).explode().alias("value"))["value"].drop_nulls()
    positive = values.filter(values > 0.0)
    if positive.is_empty():
        return None
    low, high = extent(positive)
    return 10.0 ** floor(log10(low)) if high / low >= LOG_FROM else None


def _quantile_note(quantiles: Sequence[str]) -> str:
    first, *others = quantiles
    return f"Solid: {first}" + "".join(f"; dashed: {name}" for name in others)


def _logarithmic(axes: Sequence[Axes], least: float) -> None:
    """Decades written as plain numbers; what is smaller than the lowest stands on it."""
    for ax in axes:
        ax.set_yscale("log")
        ax.yaxis.set_major_locator(LogLocator(numticks=6))
        ax.yaxis.set_major_formatter(
            FuncFormatter(lambda value, _: f"≤ {plain(value)}" if value <= least * 1.01 else plain(value))
        )
        ax.yaxis.set_minor_locator(NullLocator())
    axes[0].set_ylim(least * 0.7, axes[0].get_ylim()[1] * 1.3)


def _finish(axes: Sequence[Axes], study: AnyStudy, frame: pl.DataFrame) -> None:
    first, last = extent(frame["at_s"])
    axes[0].set_xlim(first, last + _bucket_width(frame))
    shade_faults(axes, study)
