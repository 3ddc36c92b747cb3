"""Figures of traces, in the style of all figures: a waterfall, bands as stacked bars, two runs against each other."""

from collections.abc import Iterable, Iterator, Sequence
from math import ceil
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, NullLocator
from matplotlib.transforms import ScaledTranslation

from rustok_sim.report import style
from rustok_sim.report.figures.canvas import Picture, dress, sheet
from rustok_sim.report.measures import plain
from rustok_sim.studies import Run
from rustok_sim.trace.builder import trace_of
from rustok_sim.trace.clock import Clock
from rustok_sim.trace.critical import CriticalPath
from rustok_sim.trace.parts import DUST_S, NOTE, PARTS, TITLES, WAITS, pieces
from rustok_sim.trace.spans import Part, Span, Trace

if TYPE_CHECKING:
    from rustok_sim.trace.comparison import Comparison

ROW_IN: Final = 0.21
LINE_IN: Final = 0.2
"""The height of a line of a waterfall's legend."""
LEGEND_COLUMNS: Final = 4
COLOURS: Final[dict[Part, str]] = {
    "connection": "#e76300",
    "lock": "#bd1f01",
    "database": "#3f90da",
    "network": "#92dadd",
    "redis": "#ffa90e",
    "gateway": "#832db6",
    "queue": "#a96b59",
    "service": "#b9ac70",
    "log": "#94a4a2",
    "backoff": "#717581",
    "pause": "#d9c2d8",
    "unanswered": "#5f6b3a",
    "other": "#222222",
}
"""Those of petroff10 and two more, one for each part, and ink for what nobody can explain."""
HATCHES: Final[dict[Part, str]] = {
    "connection": "/////",
    "lock": "xxxxx",
    "queue": ".....",
    "backoff": "-----",
    "pause": "|||||",
    "unanswered": "ooo",
}
"""Of the waits in a waterfall, so that they are told from work, and from each other without colours."""
COMPONENTS: Final = {
    "request": "#717581",
    "network": "#92dadd",
    "tenant": "#a96b59",
    "breaker": "#b9ac70",
    "redis": "#ffa90e",
    "database": "#3f90da",
    "payments": "#832db6",
    "outbox": "#e76300",
    "index": "#bd1f01",
}


def waterfall(run: Run, *, correlation: int, rows: int = 60, title: str | None = None) -> Picture:
    """The spans of one request and of all that followed, one below the other, with the critical path marked.

    What a span only waited in is hatched (see :func:`rustok_sim.trace.parts.pieces` for where that stands).
    Where there are more than *rows* spans, the shortest are left out. Raises ``RunError`` if there is no such request.
    """
    trace = trace_of(run, correlation)
    shown = _shown(trace, rows)
    clock = Clock(trace)
    room = 20 + 5 * max(len(_text(depth, span)) for depth, span in shown)
    title = title or f"{trace.root.name}, request {correlation}: {trace.root.duration_s * 1000:.1f} ms to the answer"
    with style.context():
        picture = sheet(2.0 + LINE_IN + ROW_IN * len(shown))
        ax = picture.subplots()
        waits = _waits(shown)
        dress(picture, title=title, note=_told(trace, len(shown), clock, waits))
        for y, (depth, span) in enumerate(shown):
            _bar(ax, y, depth, span, clock, room=room)
        _mark_path(ax, CriticalPath(trace), {id(span): y for y, (_, span) in enumerate(shown)}, clock)
        _axis(ax, clock, len(shown))
        _legend(ax, {span.component: _colour(span) for _, span in shown}, waits)
    return picture


def _shown(trace: Trace, rows: int) -> list[tuple[int, Span]]:
    """Spans with their depths, parents first: the longest, and those above them."""
    lines = list(_lines(trace.root, []))
    kept: dict[int, None] = {}
    for line in sorted(lines, key=lambda line: -line[-1].duration_s):
        new = [id(span) for span in line if id(span) not in kept]
        if len(kept) + len(new) <= rows:
            kept |= dict.fromkeys(new)
    return [(len(line) - 1, line[-1]) for line in lines if id(line[-1]) in kept]


def _lines(span: Span, above: list[Span]) -> Iterator[list[Span]]:
    """Every span with those above it, parents first; what nobody waited for stands below all that somebody did."""
    later: list[Span] = []
    for line in _waited_for(span, above):
        later += [child for child in line[-1].children if child.follows]
        yield line
    for child in sorted(later, key=lambda child: child.begin_s):
        yield from _lines(child, above[:1] or [span])


def _waited_for(span: Span, above: list[Span]) -> Iterator[list[Span]]:
    yield [*above, span]
    for child in span.children:
        if not child.follows:
            yield from _waited_for(child, [*above, span])


def _waits(shown: Sequence[tuple[int, Span]]) -> list[Part]:
    """What any of these spans waited for."""
    found = {piece.part for _, span in shown for piece in pieces(span)}
    return [part for part in TITLES if part in found & WAITS]


def _colour(span: Span) -> str:
    return COMPONENTS.get(span.component, style.FAULT)


def _text(depth: int, span: Span) -> str:
    error = f"  \N{MULTIPLICATION SIGN} {span.error}" if span.error else ""
    return f"{'   ' * depth}{span.name}{error}"


def _bar(ax: Axes, y: int, depth: int, span: Span, clock: Clock, *, room: float) -> None:
    begin, end = clock.place(span.begin_s), clock.place(span.end_s)
    width = max(end - begin, 0.002 * clock.width)
    hollow = bool([child for child in span.children if not child.follows])
    ax.barh(
        y, width, left=begin, height=0.66, color=_colour(span), alpha=0.35 if hollow else 0.95, linewidth=0, zorder=3
    )
    for part, since_s, until_s in pieces(span):
        if part in WAITS:
            since, until = clock.place(since_s), clock.place(until_s)
            # A collection, so that the bars alone are patches: one for each span.
            ax.broken_barh([(since, until - since)], (y - 0.33, 0.66), **_wait_look(part), zorder=3.5)
    for at_s, *_ in span.events:
        ax.plot([clock.place(at_s)], [y], marker="|", color=style.INK, markersize=7, zorder=4)
    text = _text(depth, span)
    colour = "#bd1f01" if span.error else style.INK
    node = f"{span.node}   " if span.node else ""
    ax.annotate(
        text, xy=(0, y), xycoords=("axes fraction", "data"), xytext=(-room, 0), textcoords="offset points",
        va="center", fontsize=9, color=colour, annotation_clip=False,
    )  # fmt: skip
    ax.annotate(
        f"{node}{span.duration_s * 1000:.2f} ms", xy=(1, y), xycoords=("axes fraction", "data"), xytext=(105, 0),
        textcoords="offset points", va="center", ha="right", fontsize=9, color=style.QUIET, annotation_clip=False,
    )  # fmt: skip


def _wait_look(part: Part) -> dict[str, Any]:
    return {"facecolor": "white", "edgecolor": COLOURS[part], "hatch": HATCHES[part], "linewidth": 0.8}


def _mark_path(ax: Axes, path: CriticalPath, rows: dict[int, int], clock: Clock) -> None:
    """A line of ink under what the critical path goes through; waits are dotted."""
    for one in path.segments:
        y = rows.get(id(one.span))
        if y is not None:
            places = [clock.place(one.begin_s), clock.place(one.end_s)]
            dash = (0, (1, 1.2)) if one.waiting else "-"
            ax.plot(places, [y + 0.4, y + 0.4], color=style.INK, linewidth=1.6, linestyle=dash, zorder=5)


def _axis(ax: Axes, clock: Clock, rows: int) -> None:
    ax.set_ylim(rows - 0.3, -0.7)
    ax.set_xlim(0.0, clock.width or 1.0)
    ticks = clock.ticks()
    ax.set_xticks([place for place, _ in ticks], [text for _, text in ticks])
    ax.set_yticks([])
    ax.grid(visible=False, axis="y")
    ax.spines["left"].set_visible(False)
    ax.set_xlabel("Since the request arrived, ms")
    for pause in clock.pauses:
        begin, end = clock.place(pause.begin_s), clock.place(pause.end_s)
        ax.axvspan(begin, end, facecolor="white", edgecolor=style.FAULT, hatch="////", linewidth=0, zorder=1)
        name = f"{(pause.end_s - pause.begin_s) * 1000:.0f} ms"
        ax.annotate(name, xy=((begin + end) / 2, 1.0), xycoords=("data", "axes fraction"), xytext=(0, 2),
                    textcoords="offset points", ha="center", va="bottom", fontsize=9, color=style.QUIET)  # fmt: skip


def _told(trace: Trace, shown: int, clock: Clock, waits: Sequence[Part]) -> str:
    left = sum(1 for _ in trace.spans()) - shown
    parts = [
        "Pale: something within was at work; line of ink: the critical path, dotted where it waits; stroke: an event."
    ]
    if waits:
        parts.append("Hatched bar: nothing but a wait.")
    if "lock" in waits:
        parts.append("Of a wait for locks the log has the length alone; it stands after all work of its statement.")
    if clock.pauses:
        parts.append("Hatched from top to bottom: a pause, cut short.")
    if left:
        parts.append(f"The shortest {left} spans are left out.")
    return " ".join(parts)


def _legend(ax: Axes, colours: dict[str, str], waits: Sequence[Part]) -> None:
    """A row for the components, and one below it for the waits, if there are any."""
    rows = [[Patch(color=colour, label=name) for name, colour in colours.items()]]
    if waits:
        rows.append([Patch(**_wait_look(part), label=TITLES[part]) for part in waits])
    ax.set_title("\n" * (len(rows) - 1) + " ", pad=16)
    for above, patches in enumerate(reversed(rows)):
        place = ax.transAxes + ScaledTranslation(0.0, LINE_IN * (1 + above), ax.figure.dpi_scale_trans)
        legend = ax.legend(
            handles=patches, loc="lower right", bbox_to_anchor=(1.0, 1.0), bbox_transform=place, ncols=len(patches),
            frameon=False, fontsize=9, borderpad=0.0, borderaxespad=0.0,
        )  # fmt: skip
        legend.set_in_layout(False)
        if above < len(rows) - 1:
            ax.add_artist(legend)  # the next would take its place


def stacked_bands(bands: pl.DataFrame, *, title: str) -> Picture:
    """A bar for each band: mean milliseconds at the left, shares of them at the right."""
    shown = [part for part in TITLES if bands[part].max() != 0.0]
    names = [f"{band}\n({requests:,})" for band, requests in bands.select("band", "requests").iter_rows()]
    with style.context():
        picture = sheet(2.6 + 0.62 * bands.height)
        left, right = picture.subplots(1, 2, sharey=True)
        dress(picture, title=title, note=f"Means over each band of requests by latency (how many). {NOTE}")
        total = bands["latency_s"].to_numpy() * 1000.0
        lasted = total > DUST_S * 1000.0
        shares = np.divide(100.0, total, out=np.zeros_like(total), where=lasted)
        for ax, scale in ((left, np.ones_like(total)), (right, shares)):
            _stack(ax, bands, shown, scale)
        for y, value in enumerate(total):
            _beside(left, f"{value:.4g}" if lasted[y] else "no time", value, y)
            if not lasted[y]:
                _beside(right, "no time", 0.0, y)
        left.set_yticks(range(bands.height), names)
        left.set_ylim(bands.height - 0.5, -0.5)
        left.set_xlim(0.0, 1.18 * max(total) if lasted.any() else 1.0)
        left.set_xlabel("Mean latency, ms")
        right.set_xlim(0.0, 100.0)
        right.set_xlabel("Share of it, %")
        _part_legend(left, shown)
    return picture


def _beside(ax: Axes, text: str, x: float, y: int) -> None:
    """Write *text* at the end of a bar."""
    ax.annotate(text, xy=(x, y), xytext=(6, 0), textcoords="offset points", va="center", fontsize=11)


def _stack(ax: Axes, bands: pl.DataFrame, shown: Sequence[Part], scale: Iterable[float]) -> None:
    lefts = [0.0] * bands.height
    for part in shown:
        widths = [value * 1000.0 * by for value, by in zip(bands[part], scale, strict=True)]
        ax.barh(range(bands.height), widths, left=lefts, height=0.62, color=COLOURS[part], linewidth=0, zorder=3)
        lefts = [start + width for start, width in zip(lefts, widths, strict=True)]
    ax.grid(visible=False, axis="y")
    ax.tick_params(axis="y", length=0)


def _part_legend(ax: Axes, shown: Sequence[Part]) -> None:
    """Above *ax* and what stands beside it, wherever that has room."""
    patches = [Patch(color=COLOURS[part], label=TITLES[part]) for part in shown]
    own = ax.get_legend()
    if own is not None:
        ax.add_artist(own)
    # Wider than its axes, so the layout must not count it; an empty title keeps lines free for it.
    ax.set_title("\n" * ceil(len(shown) / LEGEND_COLUMNS) + " ", fontsize=10)
    legend = ax.legend(
        handles=patches, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=LEGEND_COLUMNS, frameon=False, fontsize=10
    )
    legend.set_in_layout(False)


def compared(comparison: "Comparison", *, title: str) -> Picture:
    """A dot for each request, its latency in both runs; and the mean change by what it is made of, by load class."""
    frame = comparison.frame
    changes = comparison.changes()
    largest = max(float(changes[part].abs().to_numpy().max()) for part in PARTS)
    shown = [part for part in TITLES if float(changes[part].abs().to_numpy().max()) > 1e-3 * largest]
    with style.context():
        picture = sheet(4.6 + 0.3 * changes.height)
        left, right = picture.subplots(1, 2, width_ratios=(1.0, 1.1))
        dress(picture, title=title, note=f"{frame.height:,} requests that both runs finished. {NOTE}")
        _dots(left, frame)
        _changes(right, changes, shown)
        _part_legend(left, shown)
    return picture


def _dots(ax: Axes, frame: pl.DataFrame) -> None:
    least = 1e-3
    for (load,), rows in frame.partition_by("load", as_dict=True, maintain_order=True).items():
        look = style.looks(sorted(frame["load"].unique()))[str(load)]
        before, after = ((rows[name] * 1000.0).clip(least) for name in ("latency_before_s", "latency_after_s"))
        ax.scatter(
            before, after, s=7, color=look.colour, alpha=0.4, linewidth=0, label=style.label(str(load)), zorder=3
        )
    ax.set_xscale("log")
    ax.set_yscale("log")
    low, high = (min(ax.get_xlim()[0], ax.get_ylim()[0]), max(ax.get_xlim()[1], ax.get_ylim()[1]))
    ax.plot([low, high], [low, high], color=style.INK, linewidth=1.0, zorder=2)
    ax.set_xlim(low, high)
    ax.set_ylim(low, high)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: plain(value)))
        axis.set_minor_locator(NullLocator())
    ax.set_xlabel("Latency before, ms")
    ax.set_ylabel("Latency after, ms")
    ax.legend(frameon=False, fontsize=10, markerscale=2, loc="upper left")


def _changes(ax: Axes, changes: pl.DataFrame, shown: Sequence[Part]) -> None:
    """What grew to the right of zero, what shrank to the left."""
    for y, row in enumerate(changes.iter_rows(named=True)):
        ends = {True: 0.0, False: 0.0}
        for part in shown:
            width = row[part] * 1000.0
            ax.barh(y, width, left=ends[width > 0.0], height=0.55, color=COLOURS[part], linewidth=0, zorder=3)
            ends[width > 0.0] += width
        ax.plot([row["change_s"] * 1000.0], [y], marker="D", color=style.INK, markersize=6, zorder=4)
    names = [
        f"{style.label(row['load'])}\n{row['worse']} worse, {row['better']} better"
        for row in changes.iter_rows(named=True)
    ]
    ax.set_yticks(range(changes.height), names)
    ax.set_ylim(changes.height - 0.4, -0.6)
    ax.axvline(0.0, color=style.INK, linewidth=1.0, zorder=1)
    ax.grid(visible=False, axis="y")
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel("Mean change by part, ms (mark: in all)")


assert set(COLOURS) == set(PARTS)  # noqa: S101
