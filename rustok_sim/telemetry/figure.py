"""Alerts over time: when each was pending and when it fired, with the faults behind."""

from collections.abc import Mapping
from typing import Final

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from rustok_sim.report import style
from rustok_sim.report.figures.canvas import Picture, dress, legend_below, nothing, sheet
from rustok_sim.telemetry.alerts import Firing
from rustok_sim.telemetry.reports import AlertReport

PENDING: Final = "#cfe3f5"
COLOURS: Final = {"critical": "#bd1f01", "warning": "#ffa90e", "info": "#717581"}
HATCHES: Final = {"critical": "", "warning": "///", "info": "..."}


def alerts_over_time(reports: Mapping[str, AlertReport], *, title: str) -> Picture:
    """A panel for each report, a row for each alert that fired in it; those of several series share their row."""
    if not any(report.firings for report in reports.values()):
        return nothing(title, "No alert fired.")
    names = {name: sorted({one.alert for one in report.firings}) for name, report in reports.items()}
    sizes = [max(1, len(alerts)) for alerts in names.values()]
    with style.context():
        picture = sheet(1.9 + 0.34 * sum(sizes) + 0.35 * len(sizes))
        axes = picture.subplots(len(sizes), 1, sharex=True, squeeze=False, height_ratios=sizes)[:, 0].tolist()
        for ax, (name, report) in zip(axes, reports.items(), strict=True):
            _panel(ax, name, report, names[name])
        axes[-1].set_xlabel("Simulated time, s")
        axes[-1].set_xlim(0.0, max(report.samples.horizon_s for report in reports.values()))
        legend_below(picture, axes[-1], _keys())
        dress(picture, title=title, note="Shaded: a fault at work. One run each, rules evaluated every 30 s.")
    return picture


def _panel(ax: Axes, name: str, report: AlertReport, alerts: list[str]) -> None:
    ax.set_title(style.label(name), loc="left", fontweight="bold")
    for detection in report.detections:
        ax.axvspan(detection.begin_s, max(detection.end_s, detection.begin_s + 1.0), color=style.FAULT, alpha=0.3, lw=0)
    for place, alert in enumerate(alerts):
        for one in report.firings:
            if one.alert == alert:
                _bar(ax, place, one, report.samples.horizon_s)
    ax.set_yticks(range(len(alerts)), alerts)
    ax.set_ylim(max(1, len(alerts)) - 0.5, -0.5)
    ax.grid(visible=False, axis="y")
    ax.tick_params(axis="y", length=0)
    if not alerts:
        ax.text(0.5, 0.5, "no alert fired", transform=ax.transAxes, ha="center", va="center", color=style.QUIET)


def _bar(ax: Axes, place: int, one: Firing, horizon_s: float) -> None:
    end_s = horizon_s if one.resolved_s is None else one.resolved_s
    ax.barh(place, one.fired_s - one.pending_s, left=one.pending_s, height=0.6, color=PENDING, zorder=2)
    colour, hatch = COLOURS.get(one.severity, style.QUIET), HATCHES.get(one.severity, "")
    ax.barh(
        place, end_s - one.fired_s, left=one.fired_s, height=0.6, color=colour, hatch=hatch, ec="white", lw=0, zorder=3
    )


def _keys() -> list[Patch]:
    fires = [
        Patch(facecolor=colour, hatch=HATCHES[severity], edgecolor="white", label=f"fires: {severity}")
        for severity, colour in COLOURS.items()
    ]
    return [Patch(facecolor=PENDING, label="condition holds, not yet for long enough"), *fires]
