"""Circuit breakers over time: their states as bands, what they refused below."""

from typing import Final

import polars as pl
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from rustok_sim.report import style
from rustok_sim.report.figures.canvas import (
    Picture,
    dress,
    extent,
    frame_of,
    legend_below,
    nothing,
    shade_faults,
    sheet,
)
from rustok_sim.report.measures import plain
from rustok_sim.studies import AnyStudy

HINT: Final = "rs.series.over_time(bucket_s)"
STATES: Final = {
    "closed": ("#cfe3f5", "", "closed: calls pass"),
    "half_open": ("#ffa90e", "///", "half-open: probes pass"),
    "open": ("#832db6", "", "open: calls are refused"),
}
"""Colour, hatch and meaning."""
THINNEST: Final = 0.004
"""The share of the time axis that a short state is widened to, so that it can be seen."""


def breaker_states(study: AnyStudy, *, replication: int = 0, title: str = "States of the circuit breakers") -> Picture:
    """The breakers of each variant and node in one replication, those apart that never left closed in any variant."""
    states = frame_of(study, "breakers", HINT).filter(pl.col("replication") == replication)
    eventful = states.filter(pl.col("state") != "closed")["breaker"].unique().to_list()
    shown = states.filter(pl.col("breaker").is_in(eventful)) if eventful else states
    rows = [
        key
        for variant in study.variants
        for key in shown.filter(pl.col("variant") == variant)
        .select("variant", "node", "breaker")
        .unique()
        .sort(pl.all())
        .rows()
    ]
    if not rows:
        return nothing(title, "No breaker was ever called.")
    refused = frame_of(study, "rejections", HINT).filter(pl.col("replication") == replication)
    with style.context():
        picture = sheet(1.9 + 0.55 * len(rows))
        ax = picture.subplots()
        for y, key in enumerate(rows):
            _bands(ax, y, _of(shown, key))
            _refusals(ax, y, _of(refused, key), refused)
        _dress(picture, ax, rows, title=title, replication=replication)
        shade_faults([ax], study)
    return picture


def _of(frame: pl.DataFrame, key: tuple[str, ...]) -> pl.DataFrame:
    variant, node, breaker = key
    return frame.filter(pl.col("variant") == variant, pl.col("node") == node, pl.col("breaker") == breaker)


def _bands(ax: Axes, y: int, rows: pl.DataFrame) -> None:
    least = extent(rows["end_s"])[1] * THINNEST
    for begin_s, end_s, state in rows.select("begin_s", "end_s", "state").iter_rows():
        colour, hatch, _ = STATES[state]
        width = max(end_s - begin_s, least if state == "half_open" else 0.0)
        order = 3 if state == "half_open" else 2
        ax.barh(
            y - 0.12,
            width,
            left=begin_s,
            height=0.42,
            color=colour,
            hatch=hatch,
            edgecolor=style.INK,
            linewidth=0,
            zorder=order,
        )


def _refusals(ax: Axes, y: int, rows: pl.DataFrame, everyone: pl.DataFrame) -> None:
    """Refused calls per second, as a skyline under the band; all rows have one scale."""
    if rows.is_empty():
        return
    most = extent(everyone["rejected_per_s"])[1]
    heights = rows["rejected_per_s"] / most * 0.3
    gaps = everyone["at_s"].unique().sort().diff().drop_nulls().min()
    width = gaps if isinstance(gaps, float) else 1.0
    ax.bar(rows["at_s"], -heights, bottom=y + 0.42, width=width, align="edge", color=style.QUIET, linewidth=0, zorder=2)
    ax.annotate(
        f"{plain(round(extent(rows['rejected_per_s'])[1]))}/s",
        xy=(1.0, y + 0.28),
        xycoords=("axes fraction", "data"),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        fontsize=10,
        color=style.QUIET,
        annotation_clip=False,
    )


def _dress(picture: Picture, ax: Axes, rows: list[tuple[str, ...]], *, title: str, replication: int) -> None:
    one_name = len({breaker for _, _, breaker in rows}) == 1
    one_variant = len({variant for variant, _, _ in rows}) == 1
    names = [
        ", ".join(
            [*([] if one_variant else [style.label(variant)]), node, *([] if one_name else [style.label(breaker)])]
        )
        for variant, node, breaker in rows
    ]
    ax.set_yticks(range(len(rows)), names)
    ax.set_ylim(len(rows) - 0.45, -0.5)
    ax.grid(visible=False, axis="y")
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel("Simulated time, s")
    ax.margins(x=0)
    keys = [Patch(facecolor=colour, hatch=hatch, label=text) for colour, hatch, text in STATES.values()]
    keys.append(Patch(facecolor=style.QUIET, label="refused calls per second"))
    legend_below(picture, ax, keys)
    breakers = f" Breaker {style.label(rows[0][2])}." if one_name else ""
    dress(
        picture, title=title, note=f"Replication {replication}.{breakers} At the right: the highest rate of refusals."
    )
