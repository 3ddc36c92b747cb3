"""What ``rustok-sim alerts`` does."""

from collections.abc import Sequence
from json import dumps
from pathlib import Path
from sys import stdout

from rustok_sim.core.errors import RunError
from rustok_sim.telemetry.exposition import open_metrics, parquet_of
from rustok_sim.telemetry.reports import AlertReport, watch
from rustok_sim.telemetry.rules import PROPOSED, RUSTOK, load_rules
from rustok_sim.telemetry.scrape import Samples
from rustok_sim.trace import find_run


def print_alerts(run: str, rules: Sequence[Path], *, as_recorded: bool, metrics: Path | None, json: bool) -> None:
    """Watch *run*, a directory or a name, and print what fired. Raises ``RuleError`` and ``RunError``."""
    groups = load_rules(*(rules or (RUSTOK, PROPOSED)))
    report = watch(find_run(run), groups, as_recorded=as_recorded)
    if metrics is not None:
        _write(report.samples, metrics)
    if json:
        stdout.write(dumps(_document(report), allow_nan=False) + "\n")
        return
    from rustok_sim.report.console import terminal

    console = terminal()
    console.print(report.faults())
    console.print(report.table())
    if not len(report.samples):
        again = ", or ask again with --all-recorded" if as_recorded else " and capture in the scenario"
        console.print(f"Nothing was scraped: see platform.telemetry{again}.")


def _write(samples: Samples, path: Path) -> None:
    try:
        if path.suffix == ".parquet":
            parquet_of(samples, path)
        else:
            path.write_text(open_metrics(samples), encoding="utf-8")
    except OSError as error:
        raise RunError(f"{path}: {error.strerror or error}") from error


def _document(report: AlertReport) -> dict[str, object]:
    faults = [
        {
            "fault": one.fault,
            "target": one.target,
            "begin_s": one.begin_s,
            "end_s": one.end_s,
            "delay_s": one.delay_s,
            "alerts": sorted({firing.alert for firing in one.alerts}),
        }
        for one in report.detections
    ]
    return {
        "series": len(report.samples),
        "alerts": report.frame().to_dicts(),
        "faults": faults,
        "unexplained": sorted({one.alert for one in report.unexplained}),
    }
