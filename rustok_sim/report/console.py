"""A run as a terminal shows it."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from rustok_sim.search import Search, Timeline, coverage
from rustok_sim.studies import Explanation, Run, Study

WIDE: Final = 200
"""Columns where no terminal says how many it has."""


def terminal() -> Console:
    """Standard output as wide as its terminal, ``WIDE`` in a pipe or a file, where all of a row is wanted."""
    # What COLUMNS says is no wish of anybody's there: a Python that has loaded readline tells its children 80.
    return Console(width=None if sys.stdout.isatty() else WIDE)


def print_run(run: Run, *, console: Console | None = None) -> None:
    """Print the metrics of *run* by section, then what held and what did not."""
    console = console or terminal()
    record = run.record
    size = f"{record['events']:,} records over {record['simulated_s']:g} s, seed {record['seed']}"
    console.print(f"[bold]{run.name}[/]  {size}")
    for section, content in run.metrics.to_dict().items():
        console.print(_section(section, content))
    for row in run.expectations:
        bound = ", ".join(f"{name.replace('_', ' ')} {limit:g}" for name, limit in row["bound"].items())
        console.print(f"{_mark(row)} {row['metric']} = {_cell(row['value'])}, expected {bound}")
    for row in run.invariants:
        if not row["held"]:
            found = f"{row['violations']} violations, as {row['examples'][0]}"
            console.print(f"{_mark(row)} invariant {row['name']}: {found}")
    held = sum(row["held"] for row in run.invariants)
    console.print(f"{held} of {len(run.invariants)} invariants held")
    console.print(f"kept in {run.directory}  digest {run.digest[:16]}")


def print_study(study: Study, *, console: Console | None = None) -> None:
    """Print the means of *study* with their intervals, the comparisons, and which checks hold."""
    console = console or terminal()
    console.print(f"[bold]{study.question}[/]", highlight=False)
    means = _columns("means with intervals", "variant", "where", "metric", "mean", "replications")
    for row in study.rows:
        place = ", ".join(f"{path} = {value}" for path, value in row.factors.items())
        means.add_row(row.variant, place, row.metric, str(row.estimate), str(row.estimate.replications))
    console.print(means)
    differences = _columns("paired differences", "difference", "where", "metric", "mean")
    for one in study.comparisons.rows:
        place = ", ".join(f"{path} = {value}" for path, value in one.factors.items())
        name = " \N{MINUS SIGN} ".join(one.variants)
        differences.add_row(name, place, one.metric, str(one.difference))
    if differences.rows:
        console.print(differences)
    for found in study.found:
        console.print(f"{_mark({'held': found.value is not None})} {found}")
    if study.influences is not None:
        names = ("variant", "where", "metric", "key", "index", "mean")
        moves = _columns(f"what moves the metrics, by {study.influences.method}", *names)
        for moved in study.influences.rows:
            place = ", ".join(f"{path} = {value}" for path, value in moved.factors.items())
            moves.add_row(moved.variant, place, moved.metric, moved.path, moved.index, moved.text)
        console.print(moves)
    for optimum in study.optima:
        console.print(f"{_mark({'held': optimum.best is not None})} {optimum}")
    for check in study.checks:
        what, place, value, _ = check.texts()
        console.print(f"{_mark({'held': check.held})} {what}: {place}: {value}")
    for warning in study.warnings:
        console.print(f"[yellow]warning[/]     {warning}")
    console.print(f"{study.ran} runs made, {study.reused} found done; kept in {study.directory}")


def print_explanation(told: Explanation, *, console: Console | None = None) -> None:
    """Print what theory expects of each station, and what a run measured."""
    console = console or terminal()
    measured = any(one.measured for one in told.stations)
    names = ("station", "servers", "rate, 1/s", "formula", "", "utilisation", "wait, s", "sojourn, s", "turned away")
    table = _columns(told.scenario, *names)
    for one in told.stations:
        plan = one.forecast
        numbers = (plan.utilisation, plan.wait_s, plan.sojourn_s, plan.loss) if plan else (None,) * 4
        formula = plan.formula if plan else "none applies"
        rate = _cell(one.rate_per_s)
        table.add_row(one.station, str(one.servers), rate, formula, "expected", *map(_cell, numbers))
        if one.measured is not None:
            table.add_row("", "", "", "", "measured", *map(_cell, one.measured.values()))
    if told.stations:
        console.print(table)
    if told.bottleneck is not None:
        console.print(f"bottleneck: {told.bottleneck.station}")
    for one in told.stations:
        for caution in one.cautions:
            console.print(f"[yellow]{one.station}[/]: {caution}")
    for note in told.notes:
        console.print(note, markup=False, highlight=False)
    if measured:
        console.print("One run: how far luck moves its numbers, a study tells.")


def _columns(title: str, *names: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for name in names:
        numeric = name in {"mean", "replications", "servers", "utilisation", "turned away"} or name.endswith(
            (", s", ", 1/s")
        )
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    return table


def print_search(search: Search, files: Sequence[Path], *, console: Console | None = None) -> None:
    """Print how far a search came, what it met and what it found."""
    console = console or terminal()
    rate = f"{search.rate_per_min:.0f} a minute"
    console.print(f"{search.runs:,} of {search.wanted:,} runs, {rate}; {search.broken} broke a promise")
    met = ", ".join(f"{kind} on {_count(targets, 'target')}" for kind, targets in coverage(search.strikes).items())
    console.print(f"faults: {met or 'none'}")
    waited = ", ".join(f"{kind} at {steps}" for kind, steps in coverage(search.steps).items())
    console.print(f"steps of the code at which they waited: {waited or 'none'}")
    if search.runs and not search.broken:
        # The rule of three (Hanley, Lippman-Hand, "If nothing goes wrong, is everything all right?", JAMA 1983).
        share = f"{min(3.0 / search.runs, 1.0):.2%}"
        console.print(f"with none broken, at most {share} of such runs break a promise (95 %, rule of three)")
    table = Table(box=None, pad_edge=False)
    for name in ("promise", "problem", "first in run", "runs", "faults", "classes", "nodes", "horizon"):
        table.add_column(name, overflow="fold")
    for finding in search.findings.values():
        told = finding.to_dict()
        cells = (told["run"], told["times"], told["faults"], len(told["classes"]), told["nodes"], told["horizon_s"])
        table.add_row(told["invariant"], told["problem"], *map(_cell, cells))
    if search.findings:
        console.print(table)
        calm = sum(not finding.plan.faults for finding in search.findings.values())
        least = "at least " if search.interrupted else ""  # others may not have been made smaller yet
        console.print(f"findings that need no fault at all: {least}{calm} of {len(search.findings)}")
    for path in files:
        console.print(f"written: {path}", soft_wrap=True)
    if files:
        console.print(f"to see one again, as a story: rustok-sim replay {files[0]}", soft_wrap=True)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def print_timelines(timelines: Sequence[Timeline], *, console: Console | None = None) -> None:
    """Print each story, record by record."""
    console = console or terminal()
    if not timelines:
        console.print("nothing is broken")
    for story in timelines:
        console.print(f"[bold]{story.violation.invariant}[/]: {story.violation.problem}")
        table = Table(box=None, pad_edge=False)
        for name in ("at s", "node", "request", ""):
            table.add_column(name, overflow="fold")
        for line in story.lines():
            table.add_row(*map(escape, line))
        console.print(table)


def _mark(row: Mapping[str, Any]) -> str:
    return "[green]held    [/]" if row["held"] else "[red]NOT HELD[/]"


def _section(name: str, content: Mapping[str, Any]) -> Table:
    """One table a section: a row for each metric, a column for each name."""
    named = content if all(isinstance(value, Mapping) for value in content.values()) else {"": content}
    table = Table(title=name, title_justify="left", title_style="bold", box=None, pad_edge=False)
    table.add_column("", overflow="fold")
    columns = {column: dict(_flat(values)) for column, values in named.items()}
    for column in columns:
        table.add_column(column, justify="right", overflow="fold")
    for metric in dict.fromkeys(metric for values in columns.values() for metric in values):
        table.add_row(metric, *(_cell(values.get(metric)) for values in columns.values()))
    return table


def _flat(tree: Mapping[str, Any], prefix: str = "") -> Any:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
