"""What the alerts told of a run, beside what really happened in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import polars as pl

from rustok_sim.report.series import FAULTS
from rustok_sim.report.tables import Table
from rustok_sim.studies import Run
from rustok_sim.telemetry.alerts import Firing, evaluate
from rustok_sim.telemetry.rules import RuleGroup
from rustok_sim.telemetry.scrape import Samples, scrape

AFTERMATH_S: Final = 300.0
"""How long after its end an alert may still be a fault's: the windows of the rules are five minutes."""


@dataclass(frozen=True, slots=True)
class Detection:
    """One strike of a fault, and the alerts that fired because of it."""

    fault: str
    target: str
    begin_s: float
    end_s: float
    alerts: tuple[Firing, ...]

    @property
    def delay_s(self) -> float | None:
        """From its beginning to the first alert; ``None``: none came."""
        return (
            min((one.fired_s for one in self.alerts), default=self.begin_s - 1.0) - self.begin_s
            if self.alerts
            else None
        )


class AlertReport:
    """The alerts of one run, and what they tell of its faults.

    An alert counts for every fault that was there between when its condition began to hold and five minutes before:
    rates look back that far. Not so if it fires in the *control* as well, the same run without its faults: then no
    fault has caused it.
    """

    def __init__(
        self, groups: Sequence[RuleGroup], faults: pl.DataFrame, samples: Samples, control: Samples | None = None
    ) -> None:
        self.samples = samples
        self._faults, self._control = faults, control
        self.firings = tuple(evaluate(samples, groups))
        self.background = frozenset(one.alert for one in (evaluate(control, groups) if control is not None else ()))
        """The alerts that fire without any fault."""
        told = [one for one in self.firings if one.alert not in self.background]
        self.detections = tuple(
            Detection(fault, target, begin_s, end_s, tuple(one for one in told if _belongs(one, begin_s, end_s)))
            for target, fault, begin_s, end_s in faults.select("target", "fault", "begin_s", "end_s").iter_rows()
        )

    def under(self, groups: Sequence[RuleGroup]) -> "AlertReport":
        """What other rules tell of the same samples: nothing is scraped again. Raises ``RuleError``."""
        return AlertReport(groups, self._faults, self.samples, self._control)

    @property
    def unexplained(self) -> tuple[Firing, ...]:
        """Alerts that belong to no fault."""
        owned = {id(one) for detection in self.detections for one in detection.alerts}
        return tuple(one for one in self.firings if id(one) not in owned)

    @property
    def missed(self) -> tuple[Detection, ...]:
        """Faults that no alert told of."""
        return tuple(one for one in self.detections if not one.alerts)

    def table(self) -> Table:
        """A row for each alert that fired."""
        rows = tuple(map(self._row, self.firings))
        columns = ("alert", "severity", "labels", "pending, s", "fired, s", "resolved, s", "fault")
        return Table("Alerts that fired", columns, rows, "" if rows else "No alert fired.")

    def _row(self, one: Firing) -> tuple[str, ...]:
        moments = map(_moment, (one.pending_s, one.fired_s, one.resolved_s))
        return (one.alert, one.severity, _about(one), *moments, self._of(one))

    def _of(self, firing: Firing) -> str:
        if firing.alert in self.background:
            return "fires without one, too"
        faults = [f"{one.fault} of {one.target}" for one in self.detections if firing in one.alerts]
        return ", ".join(dict.fromkeys(faults)) or "none"

    def faults(self) -> Table:
        """A row for each fault: when it struck, what told of it first, and after how long."""
        rows = []
        for one in self.detections:
            first = min(one.alerts, key=lambda firing: firing.fired_s, default=None)
            delay = "never" if one.delay_s is None else f"{one.delay_s:g}"
            name = f"{one.fault} of {one.target}"
            rows.append((name, _moment(one.begin_s), _moment(one.end_s), first.alert if first else "–", delay))
        columns = ("fault", "begin, s", "end, s", "first alert", "after, s")
        return Table("Faults, and the alert that told of each first", columns, tuple(rows))

    def frame(self) -> pl.DataFrame:
        """A row for each alert that fired: alert, severity, labels (as text), pending_s, fired_s, resolved_s."""
        rows = [
            (one.alert, one.severity, _about(one), one.pending_s, one.fired_s, one.resolved_s) for one in self.firings
        ]
        numbers = dict.fromkeys(("pending_s", "fired_s", "resolved_s"), pl.Float64)
        schema = dict.fromkeys(("alert", "severity", "labels"), pl.String) | numbers
        return pl.DataFrame(rows, schema=schema, orient="row")

    def __repr__(self) -> str:
        told = len(self.detections) - len(self.missed)
        return f"<AlertReport: {len(self.firings)} alerts, {told} of {len(self.detections)} faults told>"

    def _repr_html_(self) -> str:
        return f"{self.faults()._repr_html_()}{self.table()._repr_html_()}<p><small>{escape(repr(self))}</small></p>"


def first_alerts(reports: Mapping[str, AlertReport], *, title: str) -> Table:
    """A row for each report: how many faults struck, how many were told, by what first, and after how long.

    The time is that from the first fault that was told: which of several an alert is because of, nobody knows.
    """
    rows = []
    for name, report in reports.items():
        told = [one for one in report.detections if one.alerts]
        earliest = min(told, key=lambda one: one.begin_s, default=None)
        firings = [one for one in report.firings if one.alert not in report.background]
        first = min(earliest.alerts if earliest else firings, key=lambda one: one.fired_s, default=None)
        delay = "–" if earliest is None else f"{earliest.delay_s:g}"
        struck, of_them = str(len(report.detections)), str(len(told))
        rows.append((name, struck, of_them, first.alert if first else "none", delay, _names(report)))
    columns = ("trouble", "faults", "told", "first alert", "after, s", "fires without a fault, too")
    return Table(title, columns, tuple(rows))


def _names(report: AlertReport) -> str:
    return ", ".join(sorted(report.background)) or "none"


def watch(
    run: Run, groups: Sequence[RuleGroup], *, control: Run | None = None, as_recorded: bool = True
) -> AlertReport:
    """Evaluate *groups* over the metrics of *run*, and of *control*, if there is one. Raises ``RuleError``.

    *as_recorded*: see ``scrape``.
    """
    calm = None if control is None else scrape(control, as_recorded=as_recorded)
    return AlertReport(groups, run.sql(FAULTS), scrape(run, as_recorded=as_recorded), calm)


def _belongs(firing: Firing, begin_s: float, end_s: float) -> bool:
    return begin_s <= firing.pending_s <= end_s + AFTERMATH_S


def _about(firing: Firing) -> str:
    hidden = {"severity", "job"}
    return ", ".join(f"{name}={value}" for name, value in sorted(firing.labels.items()) if name not in hidden)


def _moment(at_s: float | None) -> str:
    return "–" if at_s is None else f"{at_s:g}"
