"""All that one dashboard shows: panels, faults, alerts, and the time axis that they share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any, Final

from rustok_sim.capture import Connection, open_run, query
from rustok_sim.dashboard.panels import Clock, Panel, Span, Strip
from rustok_sim.dashboard.signals import STRIPS_MAX, Ask, panels
from rustok_sim.report.measures import plain
from rustok_sim.report.series import FAULTS
from rustok_sim.report.style import label
from rustok_sim.studies import Run
from rustok_sim.telemetry import PROPOSED, RUSTOK, Firing, evaluate, load_rules, scrape
from rustok_sim.telemetry.figure import COLOURS, HATCHES, PENDING

BUCKETS: Final = 120
"""About so many steps has the time axis: what a screen can show, and a hand can choose."""


@dataclass(frozen=True, slots=True)
class Board:
    """What was known of a run at some moment, or of all of it."""

    name: str
    """The run's, or the scenario's while it goes on."""
    title: str
    horizon_s: float
    clock: Clock
    panels: tuple[Panel, ...]
    """Those that have something to show."""
    empty: tuple[Panel, ...]
    """Those that do not, and say why."""
    faults: tuple[Span, ...]
    """Each strike of a fault: its state is its name."""
    facts: Mapping[str, str]
    """What else is said of the run, by name."""

    @property
    def faults_at(self) -> list[str]:
        """By bucket: the faults at work in it."""
        return Strip("faults", self.faults).readings(self.clock)

    @property
    def start(self) -> int:
        """The bucket to begin with: that in which the first fault struck, else the last that is known."""
        first = min((fault.begin_s for fault in self.faults), default=None)
        return max(0, self.clock.known - 1) if first is None else self.clock.place(first)


def clock_of(horizon_s: float, known_s: float) -> Clock:
    """The time axis up to *horizon_s*, with buckets of 1, 2 or 5 times a power of ten; *known_s* has been simulated."""
    rough_s = horizon_s / BUCKETS
    power_s = 10.0 ** floor(log10(rough_s))
    width_s = power_s * next(step for step in (1.0, 2.0, 5.0, 10.0) if step * power_s >= rough_s * (1.0 - 1e-9))
    buckets = ceil(horizon_s / width_s - 1e-9)
    known = buckets if known_s >= horizon_s else floor(known_s / width_s + 1e-9)
    return Clock(width_s, buckets, known)


def gather(
    connection: Connection,
    *,
    name: str,
    settings: Mapping[str, Any],
    known_s: float,
    alerts: Sequence[Firing] | None = None,
    facts: Mapping[str, str] | None = None,
) -> Board:
    """What the ``events`` of *connection* tell up to *known_s* of a run with these settings."""
    horizon_s = float(settings["horizon_s"])
    clock = clock_of(horizon_s, known_s)
    found = panels(Ask(lambda sql, parameters: query(connection, sql, parameters), clock))
    if alerts is not None:
        found.append(alert_panel(alerts, horizon_s))
    struck = query(connection, FAULTS).select("target", "fault", "begin_s", "end_s")
    return Board(
        name=name,
        title=settings.get("title") or label(settings["name"]),
        horizon_s=horizon_s,
        clock=clock,
        panels=tuple(panel for panel in found if not panel.empty),
        empty=tuple(panel for panel in found if panel.empty),
        faults=tuple(Span(begin_s, end_s, f"{fault} of {target}") for target, fault, begin_s, end_s in struck.rows()),
        facts={**(facts or {}), **_captured(settings["capture"])},
    )


def _captured(capture: Mapping[str, Any]) -> dict[str, str]:
    """What is to be said of a run whose log does not have everything."""
    if capture["enabled"] and "*" in capture["include"]:
        return {}
    kinds = ", ".join(capture["include"]) if capture["enabled"] else "nothing"
    return {"captured": f"{kinds}; whatever else happened cannot be seen here"}


def board_of(run: Run) -> Board:
    """All of a finished run, with the alerts that would have fired had every metric been recorded and scraped.

    Raises ``RunError`` where its events are gone.
    """
    alerts = evaluate(scrape(run, as_recorded=False), load_rules(RUSTOK, PROPOSED))
    record = run.record
    facts = {
        "run": run.name,
        "seed": str(record["seed"]),
        "simulated": f"{plain(float(record['simulated_s']))} s",
        "records": f"{record['events']:,}",
        "digest": run.digest[:16],
    }
    if run.expectations:
        broken = [one["metric"] for one in run.expectations if not one["held"]]
        facts["expectations"] = f"not held: {', '.join(broken)}" if broken else "all held"
    connection = open_run(run.directory)
    try:
        return gather(
            connection,
            name=run.name,
            settings=record["settings"],
            known_s=float(record["simulated_s"]),
            alerts=alerts,
            facts=facts,
        )
    finally:
        connection.close()


def alert_panel(alerts: Sequence[Firing], horizon_s: float) -> Panel:
    """A strip for each alert that fired; those of several series share theirs."""
    strips = []
    for name in dict.fromkeys(one.alert for one in alerts):
        spans: list[Span] = []
        for one in alerts:
            if one.alert == name:
                end_s = horizon_s if one.resolved_s is None else one.resolved_s
                spans += [
                    Span(one.pending_s, one.fired_s, "pending"),
                    Span(one.fired_s, end_s, f"fires: {one.severity}"),
                ]
        strips.append(Strip(name, tuple(sorted(set(spans)))))
    colours = {"pending": (PENDING, "")} | {f"fires: {name}": (COLOURS[name], HATCHES[name]) for name in COLOURS}
    more = f" {len(strips) - STRIPS_MAX} more are left out." if len(strips) > STRIPS_MAX else ""
    note = f"As if every metric were recorded and scraped.{more}"
    empty = "" if strips else "none fired, as if every metric were recorded and scraped"
    return Panel("alerts", "Alerts", "", strips=tuple(strips[:STRIPS_MAX]), colours=colours, note=note, empty=empty)
