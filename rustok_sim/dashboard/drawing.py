"""One panel as a picture whose axes always have the same place, so that a cursor can be laid over it."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from rustok_sim.dashboard.board import Board
from rustok_sim.dashboard.panels import Line, Panel, Strip
from rustok_sim.report import style
from rustok_sim.report.figures.breakers import THINNEST
from rustok_sim.report.figures.over_time import LOG_FROM

WIDTH_IN: Final = 5.4
LINES_IN: Final = 2.05
STRIP_IN: Final = 0.38
FOOT_IN: Final = 0.47
HEAD_IN: Final = 0.12
THICK_UP_TO: Final = 3
"""So many lines may be thick without hiding each other."""
LEFT: Final = 0.13
RIGHT: Final = 0.975
"""Where the axes begin and end, as shares of the picture's width: the page lays its cursor between them."""


def draw(panel: Panel, board: Board) -> Figure:
    """The panel with everything that is known, faults shaded, on the time axis of the whole run."""
    with style.context():
        height = LINES_IN if panel.lines else max(1.1, HEAD_IN + FOOT_IN + STRIP_IN * len(panel.strips))
        figure = Figure(figsize=(WIDTH_IN, height))
        ax = figure.add_axes((LEFT, FOOT_IN / height, RIGHT - LEFT, 1.0 - (FOOT_IN + HEAD_IN) / height))
        _faults(ax, board)
        if panel.lines:
            _lines(ax, panel, board)
        else:
            _strips(ax, panel, least_s=board.horizon_s * THINNEST)
        ax.set_xlim(0.0, board.horizon_s)
        ax.set_xlabel("Simulated time, s", fontsize=9.5, labelpad=2)
        ax.tick_params(labelsize=9)
    return figure


def as_image(panel: Panel, board: Board) -> str:
    """The panel as an ``img`` with all of its picture inside, described for those who cannot see it."""
    from html import escape

    buffer = BytesIO()
    with style.context():
        draw(panel, board).savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    source = b64encode(buffer.getvalue()).decode("ascii")
    text = f"{panel.title} over time. {panel.note}"
    return f'<img src="data:image/svg+xml;base64,{source}" alt="{escape(text)}">'


def _faults(ax: Axes, board: Board) -> None:
    least = board.horizon_s / 400.0
    for fault in board.faults:
        ax.axvspan(fault.begin_s, fault.end_s, color=style.FAULT, alpha=0.28, linewidth=0, zorder=0)
        if fault.end_s - fault.begin_s < least:
            # What struck in a moment is a line.
            ax.axvline(fault.begin_s, color=style.FAULT, linewidth=1.6, zorder=0)


def _lines(ax: Axes, panel: Panel, board: Board) -> None:
    width_s, thick = board.clock.width_s, 1.6 if len(panel.lines) <= THICK_UP_TO else 1.1
    for line in panel.lines:
        edges = np.arange(len(line.values) + 1) * width_s
        values = np.append(line.values, line.values[-1:])
        ax.plot(
            np.minimum(edges[: len(values)], board.horizon_s),
            values,
            drawstyle="steps-post",
            color=line.look.colour,
            linestyle=line.look.dash,
            linewidth=thick,
        )
    ax.set_ylabel(panel.axis, fontsize=9.5)
    if panel.log and _spreads(panel.lines):
        ax.set_yscale("log")
        ax.yaxis.set_major_locator(LogLocator(numticks=5))
        ax.yaxis.set_minor_locator(NullLocator())
        ax.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    else:
        ax.set_ylim(bottom=0.0)
        ax.locator_params(axis="y", nbins=4)


def _spreads(lines: Sequence[Line]) -> bool:
    """Whether a linear axis would not show the small values: of what is never zero, such as times."""
    values = np.concatenate([line.values for line in lines])
    values = values[~np.isnan(values)]
    return bool(values.size and values.min() > 0.0 and values.max() / values.min() >= LOG_FROM)


def _strips(ax: Axes, panel: Panel, *, least_s: float) -> None:
    colours = panel.colours or {}
    for place, strip in enumerate(panel.strips):
        _strip(ax, place, strip, colours, least_s=least_s)
    ax.set_ylim(len(panel.strips) - 0.4, -0.75)
    ax.set_yticks([])
    ax.grid(visible=False, axis="y")
    ax.spines["left"].set_visible(False)


def _strip(ax: Axes, place: int, strip: Strip, colours: Mapping[str, tuple[str, str]], *, least_s: float) -> None:
    for span in strip.spans:
        colour, hatch = colours.get(span.state, (style.QUIET, ""))
        length_s = span.end_s - span.begin_s
        ax.barh(
            place,
            max(length_s, least_s),
            left=span.begin_s,
            height=0.42,
            color=colour,
            hatch=hatch,
            edgecolor="white" if hatch else colour,
            linewidth=0.4,
            zorder=2 if length_s >= least_s else 3,
        )
    ax.annotate(strip.name, (0.0, place - 0.3), xycoords=("axes fraction", "data"), fontsize=9, va="bottom")
