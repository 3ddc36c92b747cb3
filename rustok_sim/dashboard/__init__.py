"""A run on one page: what goes in and out, what is broken, what waits, with a slider that replays it.

Lives here: the panels and what they ask the event log, the self-contained page, and the widget that shows the same
panels while a run goes on. It may know runs, series, alerts and the figures' style. It decides nothing about a run: who
watches one only reads, and the run's digest is the same as without.
"""

from typing import TYPE_CHECKING

from rustok_sim.core.lazy import lazy

if TYPE_CHECKING:
    from rustok_sim.dashboard.board import Board, board_of
    from rustok_sim.dashboard.page import write_page
    from rustok_sim.dashboard.panels import Line, Panel, Span, Strip
    from rustok_sim.dashboard.watching import live, replay

__all__ = ["Board", "Line", "Panel", "Span", "Strip", "board_of", "live", "replay", "write_page"]
__getattr__ = lazy(
    __name__,
    {
        "board": ("Board", "board_of"),
        "page": ("write_page",),
        "panels": ("Line", "Panel", "Span", "Strip"),
        "watching": ("live", "replay"),
    },
)
