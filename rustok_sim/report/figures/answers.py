"""What a study found: means by variant or over a factor, heat maps over two, paired differences, a search's steps."""

from collections.abc import Mapping, Sequence
from math import inf
from typing import Final, TypeAlias

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from rustok_sim.core.errors import RunError
from rustok_sim.report import style
from rustok_sim.report.figures.canvas import Picture, bar_of, dress, sheet
from rustok_sim.report.measures import interval_text, plain
from rustok_sim.studies import Estimate, Study

Lines: TypeAlias = Mapping[str, Sequence[tuple[float, float]]]
"""By variant, the points of its formula: value of the factor, value of the metric."""

ROW_IN: Final = 0.5
SHARES: Final = ("availability", "hit_ratio", "utilisation")
MARKS: Final = {"holds": "o", "fails": "X", "undecided": "s"}


def answers(study: Study, *metrics: str) -> list[Picture]:
    """The picture that suits each metric, of those that are reported if none is named.

    Dots by variant where nothing is swept, curves over one factor, heat maps over two; more factors are rows of dots.
    """
    drawn: list[Picture] = []
    for metric in metrics or study.plan.file.reported:
        factors = list(study.plan.points[0].factors)
        numeric = [path for path in factors if all(_is_number(point.factors[path]) for point in study.plan.points)]
        if len(factors) == 1 and numeric and len(study.plan.points) > 1:
            drawn.append(response(study, metric))
        elif len(factors) == 2:
            drawn += [heat_map(study, metric, variant) for variant in study.plan.variants]
        else:
            drawn.append(means(study, metric))
    return drawn


def means(study: Study, metric: str) -> Picture:
    """A dot and its interval for each variant at each point."""
    rows = [row for row in study.rows if row.metric == metric]
    one = len(study.plan.points) == 1
    names = [_row_name(row.variant, {} if one else row.factors) for row in rows]
    with style.context():
        picture, ax = _rows(names, title=title(metric), note=_note(study))
        looks = style.looks(study.plan.variants)
        for y, row in enumerate(rows):
            _interval(ax, y, _within(metric, row.estimate), looks[row.variant])
        ax.set_xlabel(axis(metric))
        room(ax)
    return picture


def response(study: Study, metric: str, *, formula: Lines | None = None) -> Picture:
    """A curve for each variant over the one swept factor, with the band of its intervals.

    Where *formula* tells a variant's line, that is drawn in dashes, and the means stand beside it as marks alone.
    """
    [factor] = study.plan.points[0].factors
    looks = style.looks(study.plan.variants)
    with style.context():
        picture = sheet(4.6)
        ax = picture.subplots()
        for variant in study.plan.variants:
            rows = [row for row in study.rows if row.metric == metric and row.variant == variant]
            points = sorted((float(str(row.factors[factor])), row.estimate) for row in rows)
            found = {x: _within(metric, estimate) for x, estimate in points}
            _curve(ax, variant, found, looks[variant], (formula or {}).get(variant))
        _spread(ax, [float(str(point.factors[factor])) for point in study.plan.points])
        ax.set_xlabel(factor)
        ax.set_ylabel(axis(metric))
        if len(study.plan.variants) > 1:
            ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
        told = "Whiskers: the intervals; dashed: the formula." if formula else "Band: the intervals."
        dress(picture, title=title(metric), note=f"{_note(study)} {told}")
    return picture


def _curve(
    ax: Axes, name: str, found: Mapping[float, Estimate], look: style.Look, line: Sequence[tuple[float, float]] | None
) -> None:
    """The means of one variant with their intervals, and the *line* of its formula."""
    xs, means = list(found), [e.mean for e in found.values()]
    if line is None:
        ax.fill_between(
            xs, [e.low for e in found.values()], [e.high for e in found.values()], color=look.colour, alpha=0.2, lw=0
        )
        ax.plot(xs, means, color=look.colour, linestyle=look.dash, marker=look.marker, label=style.label(name))
        return
    ends = [[e.mean - e.low for e in found.values()], [e.high - e.mean for e in found.values()]]
    ax.errorbar(xs, means, yerr=ends, fmt=look.marker, color=look.colour, capsize=4, label=style.label(name), zorder=3)
    ax.plot(*zip(*line, strict=True), color=look.colour, linestyle=(0, (4, 2)), linewidth=1.4, zorder=2)


def heat_map(study: Study, metric: str, variant: str) -> Picture:
    """The mean of a metric over two swept factors, in one variant. Raises ``RunError`` where there are not two."""
    factors = list(study.plan.points[0].factors)
    if len(factors) != 2:
        raise RunError(f"a heat map needs two factors, and {study.name} sweeps {len(factors)}")
    across, down = factors[1], factors[0]
    columns = list(dict.fromkeys(str(point.factors[across]) for point in study.plan.points))
    lines = list(dict.fromkeys(str(point.factors[down]) for point in study.plan.points))
    found = {
        (str(row.factors[down]), str(row.factors[across])): row.estimate
        for row in study.rows
        if row.metric == metric and row.variant == variant
    }
    values = [[found[line, column].mean for column in columns] for line in lines]
    with style.context():
        picture = sheet(2.4 + 0.6 * len(lines))
        ax = picture.subplots()
        image = ax.imshow(values, cmap="cividis", aspect="auto")
        middle = (min(map(min, values)) + max(map(max, values))) / 2.0
        for y, line in enumerate(lines):
            for x, column in enumerate(columns):
                one = found[line, column]
                dark = one.mean < middle
                ax.text(x, y, plain(one.mean), ha="center", va="center", color="white" if dark else style.INK)
        ax.set_xticks(range(len(columns)), columns)
        ax.set_yticks(range(len(lines)), lines)
        ax.set_xlabel(across)
        ax.set_ylabel(wrapped(down))
        ax.grid(visible=False)
        picture.colorbar(image, ax=ax, label=axis(metric))
        named = f" in {style.label(variant)}" if len(study.plan.variants) > 1 else ""
        dress(picture, title=f"{title(metric)}{named}", note=_note(study))
    return picture


def paired(study: Study) -> Picture:
    """Every paired difference of the study with its interval, right and left of the zero line, a panel for a metric."""
    rows = study.comparisons.rows
    if not rows:
        raise RunError(f"{study.name} compares nothing: it has one variant")
    metrics = list(dict.fromkeys(row.metric for row in rows))
    by_metric = {metric: [row for row in rows if row.metric == metric] for metric in metrics}
    with style.context():
        picture = sheet(1.6 + sum(1.0 + ROW_IN * len(found) for found in by_metric.values()))
        heights = [1.0 + ROW_IN * len(found) for found in by_metric.values()]
        panels = picture.subplots(len(metrics), 1, squeeze=False, height_ratios=heights)[:, 0].tolist()
        for ax, (metric, found) in zip(panels, by_metric.items(), strict=True):
            name_rows(ax, [_row_name(" \N{MINUS SIGN} ".join(map(style.label, r.variants)), r.factors) for r in found])
            for y, row in enumerate(found):
                _interval(ax, y, row.difference, style.looks(["difference"])["difference"])
            ax.axvline(0.0, color=style.INK, linewidth=1.2, zorder=1)
            ax.set_xlabel(f"Difference: {axis(metric)}")
            room(ax, zero=True)
        many = f", wide enough for all {len(rows)} together (Bonferroni)" if len(rows) > 1 else ""
        note = f"Mean difference by replication with its {study.confidence:.0%} interval{many}."
        dress(picture, title="Differences, paired by replication", note=note)
    return picture


def steps(study: Study) -> Picture:
    """The values that the search tried, in order, and which of them hold. Raises ``RunError`` without a search."""
    if not study.found:
        raise RunError(f"{study.name} searches for nothing")
    looks = style.looks(study.plan.variants)
    with style.context():
        picture = sheet(4.2)
        ax = picture.subplots()
        for found in study.found:
            look = looks[found.variant]
            values = [step.value for step in found.steps]
            ax.plot(range(1, len(values) + 1), values, color=look.colour, linewidth=1.0, linestyle=look.dash)
            for place, step in enumerate(found.steps, start=1):
                full = look.colour if step.verdict == "holds" else "white"
                ax.plot([place], [step.value], marker=MARKS[step.verdict], color=look.colour, markerfacecolor=full)
            ax.annotate(
                style.label(found.variant),
                xy=(len(values), values[-1]),
                xytext=(10, 0),
                textcoords="offset points",
                va="center",
                color=style.readable(look.colour),
                weight="bold",
                annotation_clip=False,
            )
        marks = [
            Line2D([], [], marker=mark, color=style.QUIET, markerfacecolor=style.QUIET if name == "holds" else "white",
                   linestyle="none", label=name)
            for name, mark in MARKS.items()
        ]  # fmt: skip
        ax.legend(handles=marks, frameon=False, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=len(marks))
        ax.set_xlabel("Step")
        ax.set_ylabel(wrapped(study.found[0].path))
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        dress(picture, title="The search, step by step", note="; ".join(map(str, study.found)) + ".")
    return picture


def title(metric: str) -> str:
    """A metric's path in words: the name it is about last."""
    section, _, rest = metric.partition(".")
    parts = [
        style.label(part.removesuffix("_per_s").removesuffix("_s").replace("_s_", "_")) for part in rest.split(".")
    ]
    if section in {"requests", "stations"} and len(parts) > 1:
        return f"{' '.join(parts[1:]).capitalize()}, {parts[0]}"
    return " ".join([style.label(section), *parts]).capitalize()


def axis(metric: str) -> str:
    """A metric in words with its unit, which its path ends in."""
    for part in metric.split(".")[1:]:
        if part.endswith("_per_s"):
            return f"{title(metric)}, 1/s"
        if part.endswith("_s") or part.startswith(("wait_s", "sojourn_s")):
            return f"{title(metric)}, s"
    return title(metric)


def _rows(names: Sequence[str], *, title: str, note: str) -> tuple[Picture, Axes]:
    picture = sheet(1.7 + ROW_IN * len(names))
    ax = picture.subplots()
    name_rows(ax, names)
    dress(picture, title=title, note=note)
    return picture, ax


def name_rows(ax: Axes, names: Sequence[str]) -> None:
    """Name rows from the top, with no line from the names to what stands beside them."""
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.75)
    ax.grid(visible=False, axis="y")
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    ax.locator_params(axis="x", nbins=6)


def _interval(ax: Axes, y: int, found: Estimate, look: style.Look) -> None:
    bar_of(ax, y, found, look)
    ax.annotate(
        interval_text(found),
        xy=(found.mean, y),
        xytext=(0, 8),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=10.5,
        annotation_clip=False,
    )


def room(ax: Axes, *, zero: bool = False) -> None:
    """Widen the axis, so that the numbers over the outermost dots stay inside."""
    low, high = ax.get_xlim()
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    room = (high - low or 1.0) * 0.18
    ax.set_xlim(low - room, high + room)


def _spread(ax: Axes, xs: Sequence[float]) -> None:
    """A logarithmic axis for positive values that span a decade."""
    ticks = sorted(set(xs))
    if ticks[0] > 0.0 and ticks[-1] / ticks[0] >= 10.0:
        ax.set_xscale("log")
        ax.minorticks_off()
    ax.set_xticks(ticks, [plain(x) for x in ticks])


def _row_name(variant: str, factors: Mapping[str, object]) -> str:
    told = ", ".join(f"{path.rpartition('.')[2]} {value}" for path, value in factors.items())
    return f"{style.label(variant)}\n{told}" if told else style.label(variant)


def wrapped(path: str) -> str:
    """A key's path on lines of bearable length."""
    head, _, last = path.rpartition(".")
    return f"{head}.\n{last}" if len(path) > 24 and head else path


def _note(study: Study) -> str:
    counts = sorted({row.estimate.replications for row in study.rows})
    n = str(counts[0]) if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    return f"Mean and {study.confidence:.0%} interval over {n} replications."


def _within(metric: str, found: Estimate) -> Estimate:
    """An interval cut where no mean can be: below zero, or of a share above one."""
    most = 1.0 if metric.endswith(SHARES) else inf
    return Estimate(
        found.mean, max(found.low, 0.0) if found.mean >= 0.0 else found.low, min(found.high, most), found.replications
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
