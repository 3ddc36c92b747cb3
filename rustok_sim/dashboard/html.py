"""Panels as HTML, the same on the page and in a notebook: pictures with a cursor over them, and what to read off."""

from collections.abc import Mapping
from html import escape
from importlib.resources import files
from typing import Final

from rustok_sim.dashboard.board import Board
from rustok_sim.dashboard.drawing import LEFT, RIGHT, as_image
from rustok_sim.dashboard.panels import Line, Panel
from rustok_sim.report import style
from rustok_sim.report.style import Look
from rustok_sim.telemetry.figure import PENDING

CALM: Final = "no fault at work"
_DASHES: Final = 1.6
"""Width of a line in pixels: dashes are given in multiples of it."""


def file_text(name: str) -> str:
    """A file of this package."""
    return (files("rustok_sim.dashboard") / "files" / name).read_text(encoding="utf-8")


def panels_css() -> str:
    """How panels look within an element of class ``rd-root``; cursors stand at ``--share`` of the time axis."""
    left, width = f"{LEFT * 100:g}%", f"{(RIGHT - LEFT) * 100:g}%"
    return (
        f"{file_text('panels.css')}.rd-cursor {{ left: calc({left} + var(--share, 0) * {width}); }}\n"
        f".rd-fault {{ background: {style.FAULT}55; }}"
    )


def facts(board: Board) -> str:
    """What else is said of the run."""
    told = "".join(f"<span>{escape(name)} <b>{escape(text)}</b></span> " for name, text in board.facts.items())
    return f'<p class="rd-facts">{told}</p>'


def picture(panel: Panel, board: Board) -> str:
    """The panel's title, its picture with a cursor, and its note."""
    return (
        f"<h2>{escape(panel.title)}</h2>"
        f'<div class="rd-plot">{as_image(panel, board)}<div class="rd-cursor"></div></div>'
        f'<p class="rd-note">{escape(panel.note)}</p>'
    )


def readings(panel: Panel, board: Board, place: int) -> str:
    """What to read off the panel in bucket *place*: it is its legend, too."""
    rows = "".join(
        f'<li>{_swatch(row.look) if isinstance(row, Line) else ""}<span class="rd-name">{escape(row.name)}</span> '
        f"<b>{escape(row.readings(board.clock)[place])}</b></li>"
        for row in panel.rows
    )
    return f'<ul class="rd-readings">{rows}</ul>'


def moment(board: Board, place: int) -> str:
    """The interval that bucket *place* is, in words."""
    begin_s = place * board.clock.width_s
    return f"{begin_s:g} to {min(begin_s + board.clock.width_s, board.horizon_s):g} s"


def share(board: Board, place: int) -> float:
    """Where on the time axis the middle of a bucket lies."""
    return round(min(1.0, (place + 0.5) * board.clock.width_s / board.horizon_s), 5)


def states_at(board: Board) -> list[str]:
    """By bucket, the faults at work."""
    return [CALM if state == "–" else state for state in board.faults_at]


def legend(panel: Panel) -> str:
    """What the colours of strips mean."""
    colours: Mapping[str, tuple[str, str]] = panel.colours or {}
    used = {span.state for strip in panel.strips for span in strip.spans}
    keys = "".join(
        f'<li><span class="rd-key" style="background:{_background(*colours[state])}"></span>{escape(state)}</li>'
        for state in colours
        if state in used
    )
    return f'<ul class="rd-legend">{keys}</ul>' if keys else ""


def left_out(board: Board) -> str:
    """Which panels have nothing to show, and why."""
    reasons = "; ".join(f"{panel.title.lower()}: {panel.empty}" for panel in board.empty)
    return f'<p class="rd-note">Not shown: {escape(reasons)}.</p>' if reasons else ""


def _background(colour: str, hatch: str) -> str:
    if not hatch:
        return colour
    return f"repeating-linear-gradient(135deg, {colour} 0 4px, {'white' if colour != PENDING else colour} 4px 5.5px)"


def _swatch(look: Look) -> str:
    """A piece of the line, as it is drawn."""
    dash = "" if look.dash == "-" else " ".join(f"{length * _DASHES:g}" for length in look.dash[1])
    return (
        f'<svg class="rd-swatch" viewBox="0 0 28 8" aria-hidden="true"><line x1="0" y1="4" x2="28" y2="4" '
        f'stroke="{look.colour}" stroke-width="2.4" stroke-dasharray="{dash}"/></svg>'
    )
