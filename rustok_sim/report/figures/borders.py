"""What a change to a part of the code touches: as a matrix of parts, and as bars."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch

from rustok_sim.report import style
from rustok_sim.report.figures.canvas import Picture, dress, sheet

DIRECTLY: Final = "#832db6"
BY_WAY: Final = "#d9c3e8"
ITSELF: Final = "#717581"
KINDS: Final = ("#ffffff", BY_WAY, DIRECTLY, ITSELF)
MEANINGS: Final = {ITSELF: "the part itself", DIRECTLY: "imports it", BY_WAY: "is reached by way of others"}
CELL_IN: Final = 0.205


def touched_matrix(
    touched: pl.DataFrame, groups: Mapping[str, Sequence[str]], *, title: str = "What a change touches"
) -> Picture:
    """A row for each changed part, a column for each that it may touch; *groups* are parts in order, by heading.

    *touched* as ``rs.borders.touched`` gives it; parts that are in no group are left out.
    """
    names = [name for members in groups.values() for name in members]
    with style.context():
        picture = sheet(2.6 + CELL_IN * len(names))
        ax = picture.subplots()
        cells = _cells(touched, names)
        ax.imshow(cells, cmap=ListedColormap(KINDS), vmin=0, vmax=3, aspect="auto", interpolation="none")
        _name(ax, names)
        _separate(ax, groups)
        for row, count in enumerate((cells % 3 > 0).sum(axis=1).tolist()):
            ax.annotate(
                str(count),
                xy=(len(names) - 0.2, row),
                va="center",
                fontsize=10,
                color=style.QUIET,
                annotation_clip=False,
            )
        keys = [Patch(facecolor=colour, label=meaning) for colour, meaning in MEANINGS.items()]
        ax.legend(
            handles=keys, loc="upper left", bbox_to_anchor=(0.0, -0.01), ncols=3, frameon=False, borderaxespad=0.0
        )
        note = "Row: the part that changes. Column: a part that may be touched. At the right: how many those are."
        dress(picture, title=title, note=note)
    return picture


def _cells(touched: pl.DataFrame, names: Sequence[str]) -> "np.ndarray[tuple[int, int], np.dtype[np.int64]]":
    place = {name: number for number, name in enumerate(names)}
    cells = np.zeros((len(names), len(names)), dtype=np.int64)
    for changed, other, directly in touched.select("changed", "touched", "directly").iter_rows():
        if changed in place and other in place:
            cells[place[changed], place[other]] = 2 if directly else 1
    np.fill_diagonal(cells, 3)
    return cells


def _short(names: Iterable[str]) -> list[str]:
    """The parts' names without their layer."""
    return [name.partition(".")[2] or name for name in names]


def _name(ax: Axes, names: Sequence[str]) -> None:
    ax.set_yticks(range(len(names)), _short(names), fontsize=10)
    ax.set_xticks(range(len(names)), _short(names), fontsize=10, rotation=90)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.grid(visible=False)
    for side in ("left", "bottom", "top", "right"):
        ax.spines[side].set_visible(False)
    edges = np.arange(len(names) + 1) - 0.5
    ax.hlines(edges, -0.5, len(names) - 0.5, color="#eeeeee", linewidth=0.6)
    ax.vlines(edges, -0.5, len(names) - 0.5, color="#eeeeee", linewidth=0.6)


def _separate(ax: Axes, groups: Mapping[str, Sequence[str]]) -> None:
    """Draw the border between two groups, and write the heading of each at the right."""
    size = sum(map(len, groups.values()))
    begin = -0.5
    for heading, members in groups.items():
        end = begin + len(members)
        _beside(ax, heading, size + 0.9, (begin + end) / 2, rotation=270, weight="bold")
        if end < size - 0.5:
            ax.plot([-0.5, size - 0.5], [end, end], color=style.INK, linewidth=1.2)
            ax.plot([end, end], [-0.5, size - 0.5], color=style.INK, linewidth=1.2)
        begin = end


def _beside(ax: Axes, text: str, x: float, y: float, **font: Any) -> None:
    ax.annotate(text, xy=(x, y), va="center", color=style.QUIET, annotation_clip=False, **font)


def reach(
    reached: Mapping[str, Mapping[str, Sequence[str]]], *, title: str = "Modules that a change touches"
) -> Picture:
    """How many modules a change to each part may touch; a panel for each code base.

    *reached*: by code base and part, the modules touched, as ``rs.borders.modules_touched`` gives them. Their names
    stand beside the bar.
    """
    most = max(len(modules) for panel in reached.values() for modules in panel.values())
    with style.context():
        rows = [len(panel) for panel in reached.values()]
        picture = sheet(1.4 + 0.27 * sum(rows) + 0.5 * len(rows))
        axes = picture.subplots(len(rows), 1, sharex=True, squeeze=False, height_ratios=rows)[:, 0].tolist()
        for ax, (name, panel), look in zip(axes, reached.items(), style.looks(reached).values(), strict=True):
            _bars(ax, panel, look.colour, most)
            ax.set_title(style.label(name), loc="left", color=style.readable(look.colour), weight="bold")
        axes[-1].set_xlabel("Modules touched")
        dress(picture, title=title, note="A module is touched if it imports the changed part, or imports what does.")
    return picture


def _bars(ax: Axes, panel: Mapping[str, Sequence[str]], colour: str, most: int) -> None:
    for y, modules in enumerate(panel.values()):
        ax.barh(y, len(modules), height=0.7, color=colour)
        text = ", ".join(modules) or "none"
        ax.annotate(text, xy=(len(modules), y), xytext=(5, 0), textcoords="offset points", va="center", fontsize=10)
    ax.set_yticks(range(len(panel)), list(panel))
    ax.set_ylim(len(panel) - 0.4, -0.6)
    ax.set_xlim(0, most * 2.1)
    ax.set_xticks(range(most + 1))
    ax.grid(visible=False, axis="y")
    ax.tick_params(axis="y", length=0)
