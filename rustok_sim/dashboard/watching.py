"""The dashboard in a notebook: its panels while a run goes on, and a slider that replays it when it is over."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from itertools import count
from pathlib import Path
from typing import Final

from ipywidgets import HTML, GridBox, HBox, IntSlider, Layout, Play, VBox, jslink

from rustok_sim.capture import Connection
from rustok_sim.dashboard import html
from rustok_sim.dashboard.board import Board, board_of, gather
from rustok_sim.scenario import Scenario
from rustok_sim.studies import DATA, Run, run, scenario_of

REFRESHES: Final = 20
"""How often a run is looked at unless told otherwise."""
REPLAY_MS: Final = 20_000
"""How long a replay takes."""
_NUMBERS: Final = count(1)
"""Of the boards of one kernel: each moves its own cursors."""


class Display:
    """One board as a widget; :meth:`show` brings it up to date."""

    def __init__(self) -> None:
        self._name = f"rd-board-{next(_NUMBERS)}"
        self._style, self._head, self._now, self._foot = HTML(), HTML(), HTML(), HTML()
        columns = "repeat(auto-fit, minmax(min(100%, 440px), 1fr))"
        self._grid = GridBox(layout=Layout(grid_template_columns=columns, grid_gap="8px 24px"))
        self._panels: dict[str, tuple[HTML, HTML]] = {}
        self._boxes: dict[str, VBox] = {}
        looks = HTML(f"<style>{html.panels_css()}</style>")
        self.widget = VBox([looks, self._style, self._head, self._now, self._grid, self._foot])
        self.widget.add_class("rd-root").add_class(self._name)

    def show(self, board: Board, said: str) -> None:
        """Draw what is known now, and stand at the end of it."""
        self._head.value = f'<p class="rd-facts"><b>{escape(board.title)}</b> {escape(said)}</p>{html.facts(board)}'
        for panel in board.panels:
            if panel.key not in self._panels:
                self._panels[panel.key] = HTML(), HTML()
                self._boxes[panel.key] = VBox(list(self._panels[panel.key]))
                self._boxes[panel.key].add_class("rd-panel")
            self._panels[panel.key][0].value = html.picture(panel, board) + html.legend(panel)
        boxes = tuple(self._boxes[panel.key] for panel in board.panels)
        if self._grid.children != boxes:
            self._grid.children = boxes
        shaded = '<p class="rd-note">Shaded: a fault at work.</p>' if board.faults else ""
        self._foot.value = shaded + html.left_out(board)
        self.move(board, max(0, board.clock.known - 1))

    def move(self, board: Board, place: int) -> None:
        """Stand at a bucket: the cursors, what is read off, and the faults at work."""
        self._style.value = f"<style>.{self._name} {{ --share: {html.share(board, place)}; }}</style>"
        for panel in board.panels:
            self._panels[panel.key][1].value = html.readings(panel, board, place)
        moment, faults = html.moment(board, place), html.states_at(board)[place]
        self._now.value = f'<p class="rd-now"><b>{moment}</b> {escape(faults)}</p>'

    def replay(self, board: Board) -> None:
        """Show a slider that goes back in time."""
        last = board.clock.buckets - 1
        slider = IntSlider(value=last, max=last, readout=False, description="Replay", layout=Layout(flex="1 1 auto"))
        play = Play(value=last, max=last, interval=REPLAY_MS // (last + 1))
        jslink((play, "value"), (slider, "value"))
        slider.observe(lambda change: self.move(board, change["new"]), "value")
        looks, *others = self.widget.children
        self.widget.children = (looks, HBox([play, slider]), *others)

    def say(self, text: str) -> None:
        """Write *text* below everything."""
        self._foot.value += f'<p class="rd-note">{escape(text)}</p>'


def live(
    scenario: str | Path | Scenario,
    *,
    every_s: float | None = None,
    set: Mapping[str, object] | Sequence[str] = (),  # noqa: A002 - the word of the command line
    overlays: Sequence[str | Path] = (),
    seed: int | None = None,
    replication: int = 0,
    data: str | Path = DATA,
    allow_code: bool = False,
) -> Run:
    """Run a scenario as ``rustok_sim.run`` does, and show its dashboard below the cell while it goes on.

    It is drawn anew whenever *every_s* more seconds were simulated (a twentieth of the run unless told otherwise). When
    the run is over a slider replays it, and the alerts that would have fired are there. The run is the same as if
    nobody had watched. Raises as ``run`` does, and ``ValueError`` for an *every_s* that is not above 0.
    """
    from IPython.display import display

    if every_s is not None and not every_s > 0.0:
        raise ValueError(f"every_s must be above 0, not {every_s}")
    scenario = scenario_of(scenario, set=set, overlays=overlays, seed=seed)
    shown = Display()
    display(shown.widget)  # type: ignore[no-untyped-call]  # IPython is untyped
    try:
        finished = run(
            scenario,
            replication=replication,
            data=data,
            allow_code=allow_code,
            observe=_watcher(shown, scenario, every_s or scenario.horizon_s / REFRESHES),
        )
    except BaseException:
        shown.say("The run was stopped: nothing of it was kept.")
        raise
    _finish(shown, finished)
    return finished


def replay(finished: Run) -> VBox:
    """The dashboard of a finished run as a widget, with the slider that replays it. Raises as ``board_of`` does."""
    shown = Display()
    _finish(shown, finished)
    return shown.widget


def _finish(shown: Display, finished: Run) -> None:
    board = board_of(finished)
    shown.show(board, "over")
    shown.replay(board)


def _watcher(shown: Display, scenario: Scenario, every_s: float) -> Callable[[float, Callable[[], Connection]], object]:
    """What looks at the records each time *every_s* more seconds were simulated."""
    settings, horizon_s, due_s = scenario.canonical(), scenario.horizon_s, every_s

    def observe(share: float, events: Callable[[], Connection]) -> None:
        nonlocal due_s
        now_s = share * horizon_s
        # The end is drawn from the finished run.
        if share >= 1.0 or now_s < due_s - 1e-9:
            return
        due_s = max(due_s + every_s, now_s)
        connection = events()
        try:
            board = gather(connection, name=scenario.name, settings=settings, known_s=now_s)
        finally:
            connection.close()
        shown.show(board, f"{now_s:g} of {horizon_s:g} s simulated")

    return observe
