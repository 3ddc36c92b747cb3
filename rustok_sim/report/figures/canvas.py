"""The sheet that all figures are drawn on."""

from base64 import b64encode
from collections.abc import Sequence
from io import BytesIO
from textwrap import fill
from typing import Any, Final

import polars as pl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.transforms import ScaledTranslation, blended_transform_factory

from rustok_sim.core.errors import RunError
from rustok_sim.report import style
from rustok_sim.studies import AnyStudy, Estimate

LABEL_CHARACTERS: Final = 18
DPI: Final = 160
LEAST_IN: Final = 1.7
"""The least height of all panels together: below it the label of their axis does not fit."""


class Picture(Figure):
    """A matplotlib figure that shows itself in a notebook, once, with a text for those who cannot see it.

    It is no figure of pyplot: nothing keeps it, and nothing shows it a second time.
    """

    alt: str = ""
    """What it shows, in a sentence."""

    def _repr_mimebundle_(self, **_options: Any) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
        buffer = BytesIO()
        self.savefig(buffer, format="png", dpi=DPI)
        width, height = (int(inches * 100) for inches in self.get_size_inches())
        notes = {"alt": self.alt, "width": width, "height": height}
        return {"image/png": b64encode(buffer.getvalue()).decode("ascii")}, {"image/png": notes}


def stacked(panels: int, *, title: str, note: str, panel_in: float, share_y: bool = True) -> tuple[Picture, list[Axes]]:
    """An empty picture of so many panels, one above the other, on one time axis; *note* stands below."""
    picture = sheet(1.5 + max(LEAST_IN, panel_in * panels))
    axes = picture.subplots(panels, 1, sharex=True, sharey=share_y, squeeze=False)[:, 0].tolist()
    dress(picture, title=title, note=note)
    axes[-1].set_xlabel("Simulated time, s")
    return picture, axes


def sheet(height_in: float) -> Picture:
    """An empty picture with a margin, so that what stands beside the axes does not touch the edge."""
    return Picture(figsize=(style.WIDTH_IN, height_in), layout=ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.06))


def extent(values: pl.Series) -> tuple[float, float]:
    """The least and the largest of *values*, of which there is at least one."""
    array = values.to_numpy()
    return float(array.min()), float(array.max())


def dress(picture: Picture, *, title: str, note: str) -> None:
    """Put the title above and the note below."""
    picture.suptitle(title, x=0.01, ha="left")
    picture.supxlabel(fill(note, 120), x=0.01, ha="left", fontsize=10, color=style.QUIET)
    picture.alt = f"{title}. {note}"


def legend_below(picture: Picture, ax: Axes, keys: Sequence[Artist]) -> None:
    """Explain *keys* below the label of the time axis, from the picture's left edge on."""
    below = blended_transform_factory(
        picture.transFigure, ax.transAxes + ScaledTranslation(0.0, -0.55, picture.dpi_scale_trans)
    )
    ax.legend(
        handles=list(keys),
        loc="upper left",
        bbox_to_anchor=(0.01, 0.0),
        bbox_transform=below,
        borderaxespad=0.0,
        ncols=4,
        frameon=False,
        fontsize=10.5,
        handlelength=1.4,
        columnspacing=1.5,
    )


def name_panel(ax: Axes, name: str, colour: str, *, more: str = "") -> None:
    """Write the name of what is drawn beside it, and *more* below in plain letters."""
    text = fill(style.label(name), LABEL_CHARACTERS)
    _beside(ax, text, "bottom" if more else "center", color=style.readable(colour), weight="bold")
    if more:
        _beside(ax, more, "top", color=style.QUIET, fontsize=10)


def _beside(ax: Axes, text: str, align: str, **font: Any) -> None:
    """Write *text* at the right of the axes, with this edge of it at half their height."""
    ax.annotate(
        text,
        xy=(1.0, 0.5),
        xycoords="axes fraction",
        xytext=(8, 2 if align == "bottom" else 0),
        textcoords="offset points",
        va=align,
        annotation_clip=False,
        **font,
    )


def shade_faults(axes: Sequence[Axes], study: AnyStudy) -> None:
    """Shade when faults were at work, and name them above the first of *axes*; a moment is a line.

    Windows that every replication has are shaded once; those drawn by lot are the first replication's.
    """
    frame = study.frames.get("faults")
    if frame is None or frame.is_empty():
        return
    first = frame.filter(pl.col("replication") == frame["replication"].min())
    windows = first.group_by("begin_s", "end_s", maintain_order=True).agg(
        pl.format("{} {}", "target", "fault").unique(maintain_order=True).str.join(", ").alias("name")
    )
    for begin_s, end_s, name in windows.iter_rows():
        for ax in axes:
            if end_s > begin_s:
                ax.axvspan(begin_s, end_s, color=style.FAULT, alpha=0.25, linewidth=0, zorder=0)
                for edge_s in (begin_s, end_s):
                    ax.axvline(edge_s, color=style.FAULT, linewidth=0.8, zorder=0)
            else:
                ax.axvline(begin_s, color=style.FAULT, linewidth=2, zorder=0)
        _name_above(axes[0], name, (begin_s + end_s) / 2)


def _name_above(ax: Axes, name: str, at_s: float) -> None:
    """Write *name* above the axes; near an edge it grows inwards. What happened outside has no name."""
    first, last = ax.get_xlim()
    place = (at_s - first) / (last - first)
    if 0.0 <= place <= 1.0:
        side = "left" if place < 0.1 else "right" if place > 0.9 else "center"
        ax.annotate(
            name,
            xy=(at_s, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(0, 3),
            textcoords="offset points",
            ha=side,
            va="bottom",
            fontsize=11,
            color=style.QUIET,
            annotation_clip=False,
        )


def frame_of(study: AnyStudy, name: str, hint: str) -> pl.DataFrame:
    """The frame of a query. Raises ``RunError`` that says which query is missing."""
    if name not in study.frames:
        raise RunError(f"this figure draws the query {name!r}, which was not asked; give frames={hint}")
    return study.frames[name]


def nothing(title: str, reason: str) -> Picture:
    """A small picture that says why there is nothing to see."""
    with style.context():
        picture = sheet(0.9)
        dress(picture, title=title, note=reason)
    return picture


def of_runs(study: AnyStudy) -> str:
    """Whose numbers a line and its band are."""
    n = study.metrics["replication"].n_unique()
    return "One run each" if n == 1 else f"Line: median of {n} replications; band: 5 to 95 %"


def of_means(study: AnyStudy) -> str:
    """Whose means the marks are, and what their whiskers say."""
    n = study.metrics["replication"].n_unique()
    return "One run each: no interval." if n == 1 else f"Mean and 95 % interval (Student) over {n} replications."


def bar_of(ax: Axes, y: float, found: Estimate, look: style.Look) -> None:
    """A mean in its row, with its interval."""
    if found.half_width > 0.0:
        ax.plot([found.low, found.high], [y, y], color=look.colour, linewidth=2.5, zorder=3)
    ax.plot([found.mean], [y], marker=look.marker, color=look.colour, linestyle="none", zorder=4)
