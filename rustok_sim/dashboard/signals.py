"""The panels of a run, asked of its event log: what goes in and out, what is broken, what waits."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from rustok_sim.dashboard import queries
from rustok_sim.dashboard.panels import Clock, Line, Panel, Span, Strip
from rustok_sim.report import series
from rustok_sim.report.figures.breakers import STATES
from rustok_sim.report.style import label, looks

LINES_MAX: Final = 6
"""Lines beyond so many could not be told apart: the others are added up, or left out and counted."""
STRIPS_MAX: Final = 10
OTHERS: Final = "all others"


class Ask(NamedTuple):
    """A way to ask the event log, and the time axis that is wanted."""

    sql: Callable[[str, Mapping[str, object]], pl.DataFrame]
    clock: Clock

    def __call__(self, statement: str) -> pl.DataFrame:
        """The rows of a statement that may ask for ``$width`` and ``$buckets``."""
        known = {"width": self.clock.width_s, "buckets": self.clock.known}
        return self.sql(statement, {name: value for name, value in known.items() if f"${name}" in statement})


def panels(ask: Ask) -> list[Panel]:
    """All panels of a run, in order; those without data say why."""
    answered = ask(series.requests(ask.clock.width_s)).with_columns(
        pl.sum_horizontal("ok_per_s", "rejected_per_s", "failed_per_s", "timed_out_per_s").alias("per_s")
    )
    return [
        _traffic(ask, answered),
        *_latency(ask),
        _errors(ask),
        _breakers(ask),
        _cache(ask),
        *_outbox(ask),
        _index(ask),
        _database(ask),
    ]


def _on(clock: Clock, frame: pl.DataFrame, column: str, fill: float = np.nan) -> NDArray[np.float64]:
    """A column of *frame* by bucket."""
    values = np.full(clock.known, fill)
    for at_s, value in frame.select("at_s", column).iter_rows():
        place = round(at_s / clock.width_s)
        if value is not None and place < clock.known:
            values[place] = value
    return values


def _lines(found: Mapping[str, Any]) -> tuple[Line, ...]:
    drawn = looks(found)
    return tuple(Line(label(name), drawn[name], values) for name, values in found.items())


def _counted(ask: Ask, frame: pl.DataFrame, by: str) -> tuple[Line, ...]:
    """A line of ``per_s`` for each value of *by*, the largest first; what is too much is added up."""
    names = frame.group_by(by).agg(pl.col("per_s").sum()).sort("per_s", by, descending=[True, False])[by].to_list()
    own = names if len(names) <= LINES_MAX else names[: LINES_MAX - 1]
    found = {name: _on(ask.clock, frame.filter(pl.col(by) == name), "per_s", 0.0) for name in own}
    if len(own) < len(names):
        rest = frame.filter(~pl.col(by).is_in(own)).group_by("at_s").agg(pl.col("per_s").sum())
        found[OTHERS] = _on(ask.clock, rest, "per_s", 0.0)
    return _lines(found)


def _traffic(ask: Ask, answered: pl.DataFrame) -> Panel:
    lines = _counted(ask, answered, "load")
    note = "Finished requests by load class, by when they arrived."
    return Panel("traffic", "Traffic", "Requests, 1/s", lines, note=note, empty="" if lines else "no request finished")


def _latency(ask: Ask) -> Iterable[Panel]:
    whole = ask(series.latency(ask.clock.width_s, by_load=False)).with_columns(pl.col("^p.*_s$") * 1000.0)
    names = {"p50_s": "median", "p95_s": "p95", "p99_s": "p99"}
    lines = _lines({name: _on(ask.clock, whole, column) for column, name in names.items()} if whole.height else {})
    note = "Time to a good answer or to giving up, by when the request arrived."
    empty = "" if lines else "no request was answered well, and nobody gave up"
    yield Panel("latency", "Latency", "Latency, ms", lines, log=True, note=note, empty=empty)
    frame = ask(series.latency(ask.clock.width_s)).with_columns(pl.col("p99_s") * 1000.0)
    loads = frame.group_by("load").agg(pl.len()).sort("len", "load", descending=[True, False])["load"].to_list()
    if len(loads) > 1:
        shown = loads[:LINES_MAX]
        lines = _lines({load: _on(ask.clock, frame.filter(pl.col("load") == load), "p99_s") for load in shown})
        more = "" if len(shown) == len(loads) else f" {len(loads) - len(shown)} more load classes are left out."
        note = f"The slowest hundredth of each load class.{more}"
        yield Panel("latency_by_load", "Latency by load class", "p99, ms", lines, log=True, note=note)


def _errors(ask: Ask) -> Panel:
    lines = _counted(ask, ask(queries.ERRORS), "error")
    note = "Requests that did not end well, by their error, by when they arrived."
    return Panel("errors", "Errors", "Requests, 1/s", lines, note=note, empty="" if lines else "no request failed")


def _breakers(ask: Ask) -> Panel:
    frame = ask(series.BREAKERS)
    colours = {label(state): (colour, hatch) for state, (colour, hatch, _) in STATES.items()}
    eventful = frame.filter(pl.col("state") != "closed").select("node", "breaker").unique()
    shown = (frame.join(eventful, on=["node", "breaker"], how="semi") if eventful.height else frame).sort(
        "node", "breaker", "begin_s", maintain_order=True
    )
    strips = tuple(
        Strip(f"{label(breaker)}, {node}", tuple(Span(*row) for row in _spans(rows)))
        for (node, breaker), rows in shown.group_by("node", "breaker", maintain_order=True)
    )
    more = f" {len(strips) - STRIPS_MAX} more are left out." if len(strips) > STRIPS_MAX else ""
    note = f"Those that ever left closed.{more}" if eventful.height else f"All of them. None ever left closed.{more}"
    empty = "" if strips else "no circuit breaker was called"
    return Panel("breakers", "Circuit breakers", "", (), strips[:STRIPS_MAX], colours, note=note, empty=empty)


def _spans(rows: pl.DataFrame) -> Iterable[tuple[float, float, str]]:
    for begin_s, end_s, state in rows.select("begin_s", "end_s", "state").iter_rows():
        yield begin_s, end_s, label(state)


def _cache(ask: Ask) -> Panel:
    frame = ask(queries.CACHE)
    names = {
        "cache.hit": "hits",
        "cache.miss": "misses",
        "cache.negative_hit": "negative hits",
        "cache.load": "loads",
        "cache.coalesced": "waits for another's load",
    }
    kinds = set(frame["kind"])
    found = {
        name: _on(ask.clock, frame.filter(pl.col("kind") == kind), "per_s", 0.0)
        for kind, name in names.items()
        if kind in kinds
    }
    note = "Tenant cache, over all nodes."
    empty = "" if found else "no cache was asked"
    return Panel("cache", "Cache", "Look-ups, 1/s", _lines(found), note=note, empty=empty)


def _outbox(ask: Ask) -> Iterable[Panel]:
    frame = ask(queries.OUTBOX)
    empty = "" if frame["rows"].sum() else "no event waited in the outbox"
    for key, column, title, axis in (
        ("backlog", "rows", "Outbox backlog", "Rows"),
        ("age", "age_s", "Outbox age", "Age, s"),
    ):
        lines = () if empty else _lines({"pending" if column == "rows" else "oldest": _on(ask.clock, frame, column)})
        note = "Rows neither sent nor dead, at the end of each interval."
        yield Panel(key, title, axis, lines, note=note, empty=empty)


def _index(ask: Ask) -> Panel:
    frame = ask(queries.INDEX)
    names = {"p50_s": "median", "p95_s": "p95", "max_s": "most"}
    lines = _lines({name: _on(ask.clock, frame, column) for column, name in names.items()} if frame.height else {})
    note = "From an event to its row in the read model, by when the row was written."
    return Panel("index", "Index lag", "Lag, s", lines, note=note, empty="" if lines else "no event reached an indexer")


def _database(ask: Ask) -> Panel:
    frame = ask(series.statements(ask.clock.width_s))
    asked = frame.height and frame["statements_per_s"].sum() > 0
    lines = _lines({"statements": _on(ask.clock, frame, "statements_per_s")} if asked else {})
    note = "Those that got a connection."
    empty = "" if lines else "nobody asked the database"
    return Panel("database", "Database", "Statements, 1/s", lines, note=note, empty=empty)
