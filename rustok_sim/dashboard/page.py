"""One run as one HTML page that asks nobody for anything."""

import json
from html import escape
from pathlib import Path
from typing import Final

from rustok_sim.core.errors import RunError
from rustok_sim.dashboard import html
from rustok_sim.dashboard.board import Board, board_of
from rustok_sim.dashboard.panels import Panel
from rustok_sim.studies import Run

DASHBOARDS: Final = Path("data/dashboards")
"""Where pages are kept unless told otherwise."""
_POLICY: Final = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
"""What a browser may load for the page: what stands in it, and nothing else."""


def write_page(run: Run, path: Path) -> Path:
    """Write the dashboard of *run* to *path*, over what is there; returns it. Raises ``RunError`` where that fails."""
    text = page_of(board_of(run))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise RunError(f"{path}: {error.strerror or error}") from error
    return path


def page_of(board: Board) -> str:
    """The page, whole."""
    css = f"{html.file_text('page.css')}\n{html.panels_css()}"
    panels = "".join(_panel(panel, board) for panel in board.panels)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<link rel="icon" href="data:,">
<title>{escape(board.name)}</title>
<style>
{css}
</style>
</head>
<body class="rd-root">
<header>
<h1>{escape(board.title)}</h1>
{html.facts(board)}
</header>
{_controls(board)}
<main class="rd-panels">
{panels}
</main>
<footer>
{_faults(board)}
{html.left_out(board)}
</footer>
<script type="application/json" id="rd-data">{_data(board)}</script>
<script>
{html.file_text("page.js")}
</script>
</body>
</html>
"""


def _panel(panel: Panel, board: Board) -> str:
    told = html.readings(panel, board, board.start)
    return (
        f'<section class="rd-panel" data-panel="{panel.key}">{html.picture(panel, board)}{html.legend(panel)}'
        f"{told}</section>\n"
    )


def _controls(board: Board) -> str:
    """The slider, with what it says: the interval and the faults at work in it."""
    return f"""<div class="rd-controls" role="group" aria-label="Replay">
<button type="button" id="rd-play" aria-pressed="false">Play</button>
<input type="range" id="rd-time" min="0" max="{board.clock.buckets - 1}" step="1" value="{board.start}"
 aria-label="Simulated time" aria-valuetext="{html.moment(board, board.start)}">
<output id="rd-moment" for="rd-time">{html.moment(board, board.start)}</output>
<span id="rd-faults" class="rd-now">{escape(html.states_at(board)[board.start])}</span>
</div>"""


def _faults(board: Board) -> str:
    if not board.faults:
        return '<p class="rd-note">No fault struck.</p>'
    rows = "".join(
        f"<tr><th>{escape(fault.state)}</th><td>{fault.begin_s:.6g}</td><td>{fault.end_s:.6g}</td></tr>"
        for fault in board.faults
    )
    head = "<thead><tr><th>fault</th><th>begin, s</th><th>end, s</th></tr></thead>"
    return (
        '<details><summary><span class="rd-key rd-fault"></span> Shaded: a fault at work '
        f"({len(board.faults)})</summary><table>{head}<tbody>{rows}</tbody></table></details>"
    )


def _data(board: Board) -> str:
    """What the script reads off: texts by bucket, for each row of each panel."""
    clock = board.clock
    data = {
        "moments": [html.moment(board, place) for place in range(clock.buckets)],
        "shares": [html.share(board, place) for place in range(clock.buckets)],
        "faults": html.states_at(board),
        "panels": {panel.key: [row.readings(clock) for row in panel.rows] for panel in board.panels},
    }
    # Nothing in it may end the element it stands in.
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "").replace("\u2029", "")
