"""What a study found beyond its sweep: which keys move a metric, and what settings cost."""

from collections.abc import Sequence
from typing import Final

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from rustok_sim.core.errors import RunError
from rustok_sim.report import style
from rustok_sim.report.figures.answers import MARKS, axis, name_rows, room, title, wrapped
from rustok_sim.report.figures.canvas import Picture, bar_of, dress, sheet
from rustok_sim.report.measures import plain
from rustok_sim.studies import Influence, Influences, Optimum, Study, base_value

LOW, HIGH = style.looks(["moka", "naive"]).values()
ROW_IN: Final = 0.62


def sensitivities(study: Study) -> list[Picture]:
    """For each metric, variant and point the picture of the study's method. Raises ``RunError`` without a method."""
    draw = {"one_at_a_time": tornado, "morris": effects, "sobol": shares}[_influences(study).method]
    return [
        draw(study, metric, variant, place)
        for place in range(len(study.plan.points))
        for variant in study.plan.variants
        for metric in study.plan.file.moved
    ]


def tornado(study: Study, metric: str, variant: str, place: int = 0) -> Picture:
    """How far a metric moves when each key alone goes to the ends of its range, the longest way on top.

    At the sweep's point number *place*. Whiskers are intervals of the difference from the base, on the same luck.
    """
    influences, point = _influences(study), study.plan.points[place]
    ranges = {one.path: one for one in study.plan.file.sensitivity.ranges} if study.plan.file.sensitivity else {}
    swings = influences.ranked(variant, point.factors, metric, "swing")
    ends = {
        (row.path, end): row
        for end in ("low", "high")
        for row in influences.ranked(variant, point.factors, metric, end)
    }
    base = study.present(point, variant, metric)[0].mean
    with style.context():
        picture, ax = _rows([_named(row, base_value(point.scenarios[variant], row.path)) for row in swings])
        for y, row in enumerate(swings):
            for end, look, up in (("low", LOW, -0.2), ("high", HIGH, 0.2)):
                _bar(ax, y + up, base, ends[row.path, end], look=look, told=plain(getattr(ranges[row.path], end)))
        ax.axvline(base, color=style.INK, linewidth=1.2, zorder=1)
        ax.set_xlabel(axis(metric))
        room(ax)
        keys = [Patch(color=LOW.colour, label="low end of the range"), Patch(color=HIGH.colour, label="high end")]
        n = max(row.estimate.replications for row in swings)
        note = (
            f"Line: the base, {plain(base)}. Bars: each key alone at an end of its range, which the number tells; "
            f"whiskers: {_together(study)} of the difference, paired over {n} replications."
        )
        _dressed(picture, ax, keys, title=_titled(study, metric, variant, place), note=note)
    return picture


def effects(study: Study, metric: str, variant: str, place: int = 0) -> Picture:
    """Morris's mean absolute effect of each key with its interval, and how much the effect depends on other keys."""
    influences, point = _influences(study), study.plan.points[place]
    ranked = influences.ranked(variant, point.factors, metric, "mu_star")
    spread = {row.path: row for row in influences.ranked(variant, point.factors, metric, "sigma")}
    with style.context():
        picture, ax = _rows([wrapped(row.path) for row in ranked])
        for y, row in enumerate(ranked):
            bar_of(ax, y, row.estimate, LOW)
            ax.plot([spread[row.path].estimate.mean], [y], marker=HIGH.marker, color=HIGH.colour, zorder=3)
        ax.set_xlabel(f"Effect over the whole range: {axis(metric)}")
        ax.set_xlim(left=0.0)
        told = "its spread (\N{GREEK SMALL LETTER SIGMA}): it bends, or hangs on other keys"
        keys = [
            Line2D(
                [], [], marker=LOW.marker, color=LOW.colour, label="mean absolute effect (\N{GREEK SMALL LETTER MU}*)"
            ),
            Line2D([], [], marker=HIGH.marker, linestyle="none", color=HIGH.colour, label=told),
        ]
        note = f"Morris: {ranked[0].estimate.replications} trajectories, each on luck of its own; {_together(study)}."
        _dressed(picture, ax, keys, title=_titled(study, metric, variant, place), note=note)
    return picture


def shares(study: Study, metric: str, variant: str, place: int = 0) -> Picture:
    """Sobol's shares of a metric's variance: what each key explains alone, and together with all others."""
    influences, point = _influences(study), study.plan.points[place]
    ranked = influences.ranked(variant, point.factors, metric, "total")
    alone = {row.path: row for row in influences.ranked(variant, point.factors, metric, "first_order")}
    with style.context():
        picture, ax = _rows([wrapped(row.path) for row in ranked])
        for y, row in enumerate(ranked):
            bar_of(ax, y - 0.15, alone[row.path].estimate, LOW)
            bar_of(ax, y + 0.15, row.estimate, HIGH)
        ax.axvline(0.0, color=style.INK, linewidth=1.2, zorder=1)
        ax.set_xlabel(f"Share of the variance of: {title(metric)}")
        keys = [
            Line2D([], [], marker=look.marker, color=look.colour, label=name)
            for look, name in ((LOW, "alone (first order)"), (HIGH, "with all others (total)"))
        ]
        note = (
            f"Sobol: {ranked[0].estimate.replications} base samples, each on luck of its own, which is part of the "
            f"variance; {_together(study)}."
        )
        _dressed(picture, ax, keys, title=_titled(study, metric, variant, place), note=note)
    return picture


def pareto(study: Study) -> list[Picture]:
    """For each variant and point, what every choice tried costs against the first bound's metric, and the front.

    Raises ``RunError`` without an optimisation.
    """
    if not study.optima:
        raise RunError(f"{study.name} optimises nothing")
    return [_front(study, one) for one in study.optima]


def _front(study: Study, one: Optimum) -> Picture:
    bound, best = one.bounds[0], one.best
    with style.context():
        picture = sheet(4.8)
        ax = picture.subplots()
        for verdict, mark in MARKS.items():
            trials = [trial for trial in one.trials if trial.verdict == verdict]
            xs, ys = [trial.cost.mean for trial in trials], [trial.estimates[0].mean for trial in trials]
            face = LOW.colour if verdict == "holds" else "white"
            ax.scatter(xs, ys, marker=mark, s=44, facecolor=face, edgecolor=LOW.colour, label=verdict, zorder=3)
        front = one.front
        xs, ys = [trial.cost.mean for trial in front], [trial.estimates[0].mean for trial in front]
        ax.step(xs, ys, where="post", color=HIGH.colour, linestyle=HIGH.dash, label="not beaten in both", zorder=2)
        for limit in (bound.at_most, bound.at_least):
            if limit is not None:
                ax.axhline(limit, color=style.QUIET, linewidth=1.2, zorder=1)
        if best is not None:
            ax.scatter([best.cost.mean], [best.estimates[0].mean], s=260, facecolor="none", edgecolor=style.INK,
                       linewidth=1.8, label="the cheapest that holds", zorder=4)  # fmt: skip
        ax.set_xlabel("Cost, in the units of the study")
        ax.set_ylabel(axis(bound.metric))
        ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
        dress(picture, title=f"Cost against {title(bound.metric).lower()}", note=f"Line: the bound. {one}.")
    return picture


def _rows(names: Sequence[str]) -> tuple[Picture, Axes]:
    """A sheet with a row for each key."""
    picture = sheet(2.0 + ROW_IN * len(names))
    ax = picture.subplots()
    name_rows(ax, names)
    return picture, ax


def _dressed(picture: Picture, ax: Axes, keys: Sequence[Artist], *, title: str, note: str) -> None:
    """Its legend above it, its title and its note."""
    ax.legend(handles=keys, frameon=False, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2)
    dress(picture, title=title, note=note)


def _influences(study: Study) -> Influences:
    if study.influences is None:
        raise RunError(f"{study.name} asks for no sensitivity")
    return study.influences


def _bar(ax: Axes, y: float, base: float, row: Influence, *, look: style.Look, told: str) -> None:
    found = row.estimate
    ax.barh([y], [found.mean], left=base, height=0.36, color=look.colour, zorder=2)
    if found.half_width > 0.0:
        ax.plot([base + found.low, base + found.high], [y, y], color=style.INK, linewidth=1.5, zorder=3)
    rightwards = found.mean >= 0.0
    ax.annotate(
        told,
        xy=(base + (max(found.high, found.mean) if rightwards else min(found.low, found.mean)), y),
        xytext=(4 if rightwards else -4, 0),
        textcoords="offset points",
        ha="left" if rightwards else "right",
        va="center",
        fontsize=10,
        annotation_clip=False,
    )


def _named(row: Influence, base: object) -> str:
    told = plain(base) if isinstance(base, int | float) else str(base)
    return wrapped(row.path) if base is None else f"{wrapped(row.path)} = {told}"


def _titled(study: Study, metric: str, variant: str, place: int) -> str:
    named = [style.label(variant)] if len(study.plan.variants) > 1 else []
    where = [study.plan.points[place].label] if study.plan.points[place].factors else []
    told = f" ({', '.join([*named, *where])})" if named or where else ""
    return f"What moves {title(metric).lower()}{told}"


def _together(study: Study) -> str:
    return f"intervals that hold together with {study.confidence:.0%}"
