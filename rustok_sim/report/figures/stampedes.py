"""Stampedes: how many loads of one key are under way at once."""

import polars as pl
from matplotlib.ticker import NullLocator

from rustok_sim.report import style
from rustok_sim.report.figures.canvas import Picture, extent, frame_of, name_panel, nothing, shade_faults, stacked
from rustok_sim.studies import AnyStudy


def stampede(
    study: AnyStudy,
    *,
    replication: int = 0,
    frame: str = "loads",
    title: str = "Loads of one key under way at once",
) -> Picture:
    """The loads under way of the busiest keys in one replication, over the window of ``rs.series.concurrent_loads``."""
    hint = f"{{{frame!r}: rs.series.concurrent_loads(...)}}"
    rows = frame_of(study, frame, hint).filter(pl.col("replication") == replication)
    if rows.is_empty():
        return nothing(title, "Nothing was loaded.")
    keys = ", ".join(rows["key"].unique().sort().to_list())
    start, end = extent(rows["at_s"])
    start -= (end - start) * 0.05
    with style.context():
        found = style.looks(study.variants)
        note = f"Replication {replication}. Key {keys}, all nodes together."
        picture, axes = stacked(len(study.variants), title=title, note=note, panel_in=0.95)
        for ax, variant in zip(axes, study.variants, strict=True):
            own = rows.filter(pl.col("variant") == variant)
            look = found[variant]
            for key in own["key"].unique(maintain_order=True):
                one = own.filter(pl.col("key") == key)
                moments, loads = [start, *one["at_s"], end], [0, *one["loads"], one["loads"][-1]]
                ax.plot(moments, loads, drawstyle="steps-post", color=look.colour, linewidth=1.6)
                ax.fill_between(moments, loads, step="post", color=look.colour, alpha=0.25, linewidth=0)
            name_panel(ax, variant, look.colour, more=_counts(own))
        picture.supylabel("Loads under way")
        most = int(extent(rows["loads"])[1])
        for ax in axes:
            # Two loads and two thousand are both to be seen.
            ax.set_yscale("symlog", linthresh=1.0)
            ax.set_yticks(
                ticks := [0, *(10**power for power in range(len(str(most))))], [f"{tick:,}" for tick in ticks]
            )
            ax.yaxis.set_minor_locator(NullLocator())
        axes[0].set_ylim(0, most * 1.5)
        axes[0].set_xlim(start, end)
        shade_faults(axes, study)
    return picture


def _counts(rows: pl.DataFrame) -> str:
    if rows.is_empty():
        return "no loads"
    begun = rows.group_by("key").agg(pl.col("begun").max())["begun"].sum()
    return f"{begun:,} in all,\n{extent(rows['loads'])[1]:,.0f} at once"
