"""How sure we are: means with their intervals, and paired differences with theirs."""

from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullLocator

from rustok_sim.report import style
from rustok_sim.report.figures.canvas import Picture, bar_of, dress, sheet
from rustok_sim.report.measures import Measure, interval_text, plain
from rustok_sim.studies import AnyStudy, Estimate

LOG_FROM: Final = 100.0


def intervals(study: AnyStudy, *measures: Measure, title: str = "Means with 95 % intervals") -> Picture:
    """A dot and whiskers for each variant, a column for each measure; the small dots are the replications."""
    rows = list(study.variants)
    with style.context():
        picture, columns = _columns(rows, measures, title=title, note=_note(study))
        for ax, measure in zip(columns, measures, strict=True):
            for y, variant in enumerate(rows):
                values = measure.values(study, variant)
                _dot(ax, y, measure.of(study, variant), values, style.looks(rows)[variant])
            _scale(ax, [value for variant in rows for value in measure.values(study, variant)])
            _room_for_text(ax, zero=False)
    return picture


def differences(study: AnyStudy, *measures: Measure, against: str, title: str | None = None) -> Picture:
    """How much more each variant has than *against*, paired by replication; left and right of the zero line."""
    rows = [variant for variant in study.variants if variant != against]
    title = title or f"Difference to {style.label(against)}, paired by replication"
    with style.context():
        picture, columns = _columns(rows, measures, title=title, note=_note(study), prefix="Difference: ")
        for ax, measure in zip(columns, measures, strict=True):
            for y, variant in enumerate(rows):
                pairs = zip(measure.values(study, variant), measure.values(study, against), strict=True)
                look = style.looks(study.variants)[variant]
                _dot(ax, y, measure.difference(study, variant, against), [a - b for a, b in pairs], look)
            ax.axvline(0.0, color=style.INK, linewidth=1.2, zorder=1)
            _room_for_text(ax, zero=True)
    return picture


def _columns(
    rows: Sequence[str], measures: Sequence[Measure], *, title: str, note: str, prefix: str = ""
) -> tuple[Picture, list[Axes]]:
    picture = sheet(1.7 + 0.62 * len(rows))
    axes = picture.subplots(1, len(measures), sharey=True, squeeze=False)[0].tolist()
    dress(picture, title=title, note=note)
    axes[0].set_yticks(range(len(rows)), [style.label(row) for row in rows])
    axes[0].set_ylim(len(rows) - 0.4, -0.75)
    for ax, measure in zip(axes, measures, strict=True):
        ax.set_xlabel(prefix + (measure.title if prefix else measure.title[:1].upper() + measure.title[1:]))
        ax.grid(visible=False, axis="y")
        ax.spines["left"].set_visible(False)
        ax.tick_params(axis="y", length=0)
        ax.locator_params(axis="x", nbins=5)
    return picture, axes


def _dot(ax: Axes, y: int, estimate: Estimate, values: Sequence[float], look: style.Look) -> None:
    ax.scatter(values, [y] * len(values), s=14, color=look.colour, alpha=0.35, linewidth=0, zorder=2)
    bar_of(ax, y, estimate, look)
    if estimate.half_width > 0:
        for end in (estimate.low, estimate.high):
            ax.plot([end, end], [y - 0.13, y + 0.13], color=look.colour, linewidth=2.0, zorder=3)
    ax.annotate(
        interval_text(estimate),
        xy=(estimate.mean, y),
        xytext=(0, 11),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=10.5,
        annotation_clip=False,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5, "alpha": 0.8},
    )


def _scale(ax: Axes, values: Sequence[float]) -> None:
    """Take a logarithmic axis for positive values that span two decades."""
    if min(values) > 0.0 and max(values) / min(values) >= LOG_FROM:
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: plain(value)))
        ax.xaxis.set_minor_locator(NullLocator())
        ax.set_xlabel(f"{ax.get_xlabel()} (log scale)")


def _room_for_text(ax: Axes, *, zero: bool) -> None:
    """Widen the axis, so that the numbers over the outermost dots stay inside."""
    low, high = ax.get_xlim()
    if ax.get_xscale() == "log":
        room = (high / low) ** 0.18
        ax.set_xlim(low / room, high * room)
        return
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    room = (high - low) * 0.18
    ax.set_xlim(low - room, high + room)


def _note(study: AnyStudy) -> str:
    n = study.metrics["replication"].n_unique()
    if n == 1:
        return "One run each: no interval."
    return f"Mean and 95 % interval (Student) over {n} replications; small dots: the replications."
