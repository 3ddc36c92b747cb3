"""A measure over a quantity: marks with intervals, and beside them the lines of a formula."""

from collections.abc import Mapping, Sequence

from rustok_sim.report import style
from rustok_sim.report.figures.canvas import Picture, dress, of_means, sheet
from rustok_sim.report.measures import Measure
from rustok_sim.studies import Replications

Points = Mapping[str, Mapping[float, str]]
"""Name of a series: where on the horizontal axis: variant."""
Lines = Mapping[str, Sequence[tuple[float, float]]]
"""Name of a series: the points of its formula, in the measure's unit."""


def curves(
    study: Replications, measure: Measure, points: Points, *, title: str, x_label: str, formula: Lines | None = None
) -> Picture:
    """A mark with its 95 % interval for each variant, where it belongs on *x_label*; *formula* as dashed lines."""
    looks, formula = style.looks(points), formula or {}
    with style.context():
        picture = sheet(4.8)
        ax = picture.subplots()
        for name, places in points.items():
            found = {x: measure.of(study, variant) for x, variant in sorted(places.items())}
            below = [each.mean - each.low for each in found.values()]
            above = [each.high - each.mean for each in found.values()]
            means = [each.mean for each in found.values()]
            look = looks[name]
            ax.errorbar(
                list(found),
                means,
                yerr=[below, above],
                fmt=look.marker,
                color=look.colour,
                capsize=4,
                label=style.label(name),
                zorder=3,
            )
        for name, line in formula.items():
            xs, ys = zip(*line, strict=True)
            ax.plot(xs, ys, color=looks[name].colour, linestyle=(0, (4, 2)), linewidth=1.4, zorder=2)
        ax.set_xlabel(x_label)
        ax.set_ylabel(measure.title[:1].upper() + measure.title[1:])
        ax.set_ylim(bottom=0.0)
        ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
        dress(picture, title=title, note=of_means(study) + (" Dashed: the formula." if formula else ""))
    return picture
