"""Two choices at once: groups of rows, and within each group a mark for every value of the second choice."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from rustok_sim.report import style
from rustok_sim.report.figures.canvas import Picture, dress, of_means, sheet
from rustok_sim.report.measures import Measure, interval_text
from rustok_sim.studies import AnyStudy, Estimate

Groups = Mapping[str, Mapping[str, str]]
"""Name of a group: name of a choice within it: variant."""

STEP_IN: Final = 0.26
"""The height of one mark with its number."""
FILLED: Final = 0.84
"""How much of its share of the height a group fills with marks."""


def grouped(study: AnyStudy, *measures: Measure, groups: Groups, title: str) -> Picture:
    """A mark with its 95 % interval for each variant: groups stand below each other, choices are told by their look.

    A measure that a variant does not have leaves its place empty.
    """
    choices = list(dict.fromkeys(choice for group in groups.values() for choice in group))
    looks = style.looks(choices)
    with style.context():
        picture = sheet(2.2 + STEP_IN * len(groups) * (len(choices) + 0.6))
        axes = picture.subplots(1, len(measures), sharey=True, squeeze=False)[0].tolist()
        dress(picture, title=title, note=of_means(study))
        _name_groups(axes, groups)
        for ax, measure in zip(axes, measures, strict=True):
            ax.set_xlabel(measure.title[:1].upper() + measure.title[1:])
            marks = list(_estimates(study, measure, groups, choices))
            for y, choice, found in marks:
                _mark(ax, y, found, looks[choice])
            _room_for_text(ax, max((_right_of(found) for _, _, found in marks), default=0.0))
        _legend(axes[0], looks)
    return picture


def _estimates(
    study: AnyStudy, measure: Measure, groups: Groups, choices: Sequence[str]
) -> Iterator[tuple[float, str, Estimate]]:
    """What is known, with its height and its choice."""
    for y, group in enumerate(groups.values()):
        for place, choice in enumerate(choices):
            if choice in group and measure.known_in(study, group[choice]):
                at = y + (place - (len(choices) - 1) / 2) * FILLED / len(choices)
                yield at, choice, measure.of(study, group[choice])


def _name_groups(axes: Sequence[Axes], groups: Groups) -> None:
    axes[0].set_yticks(range(len(groups)), [style.label(name) for name in groups])
    axes[0].set_ylim(len(groups) - 0.5, -0.5)
    for ax in axes:
        ax.grid(visible=False, axis="y")
        ax.spines["left"].set_visible(False)
        ax.tick_params(axis="y", length=0, pad=12)
        ax.locator_params(axis="x", nbins=4)
        for edge in range(1, len(groups)):
            ax.axhline(edge - 0.5, color=style.FAULT, linewidth=0.8, zorder=0)


def _mark(ax: Axes, y: float, found: Estimate, look: style.Look) -> None:
    if found.half_width > 0.0:
        ax.plot([found.low, found.high], [y, y], color=look.colour, linewidth=2.5, zorder=3)
    ax.plot([found.mean], [y], marker=look.marker, color=look.colour, linestyle="none", zorder=4, clip_on=False)
    ax.annotate(
        interval_text(found).partition(" [")[0],
        xy=(_right_of(found), y),
        xytext=(8, 0),
        textcoords="offset points",
        va="center",
        fontsize=11,
        annotation_clip=False,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4, "alpha": 0.8},
    )


def _right_of(found: Estimate) -> float:
    return found.high if found.half_width > 0.0 else found.mean


def _room_for_text(ax: Axes, right: float) -> None:
    """Begin at zero, and leave room for the numbers at the right."""
    ax.set_xlim(0.0, 1.25 * right if right > 0.0 else 1.0)


def _legend(ax: Axes, looks: Mapping[str, style.Look]) -> None:
    marks = [
        Line2D([], [], marker=look.marker, color=look.colour, linestyle="none", label=style.label(name))
        for name, look in looks.items()
    ]
    # Wider than its column, so the layout must not count it; the empty title keeps a line free for it.
    ax.set_title(" ", pad=14)
    legend = ax.legend(handles=marks, loc="lower left", bbox_to_anchor=(0.0, 0.99), ncols=len(marks), frameon=False)
    legend.set_in_layout(False)
