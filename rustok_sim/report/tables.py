"""Tables of text that read the same in a notebook, in a report and in a terminal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Literal

from rustok_sim.report.measures import Measure, class_measures, disturbance_measures, interval_text
from rustok_sim.report.style import label
from rustok_sim.scenario import Expectation, Scenario
from rustok_sim.search import Search, Timeline
from rustok_sim.studies import AnyStudy, Run, Study

if TYPE_CHECKING:
    import rich.table


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first column names the rows, the others hold text that belongs to the right."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    """How to read it, below."""

    def __repr__(self) -> str:
        return f"<Table {self.title!r}: {len(self.rows)} rows of {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(column)}</th>" for column in self.columns)
        rows = "".join(
            f"<tr><th>{escape(first)}</th>{''.join(f'<td>{escape(text)}</td>' for text in rest)}</tr>"
            for first, *rest in self.rows
        )
        foot = f"<p><small>{escape(self.note)}</small></p>" if self.note else ""
        caption = f"<caption>{escape(self.title)}</caption>"
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{foot}"

    def __rich__(self) -> "rich.table.Table":
        from rich import box
        from rich.table import Table as RichTable
        from rich.text import Text

        note = Text(self.note) if self.note else None
        drawn = RichTable(
            title=Text(self.title), caption=note, box=box.SIMPLE_HEAD, title_justify="left", padding=(0, 1, 0, 0)
        )
        drawn.caption_justify = "left"
        cells = [[text.replace(" [", "\n[") for text in row] for row in self.rows]
        for place, column in enumerate(self.columns):
            # Headings fold between words. Where all is too wide, the widest columns fold first: names, not numbers.
            parts = [*column.split(), *(line for row in cells for line in row[place].splitlines())]
            justify: Literal["left", "right"] = "right" if place else "left"
            drawn.add_column(Text(column), justify=justify, max_width=max(map(len, parts)), overflow="fold")
        for row in cells:
            drawn.add_row(*map(Text, row))
        return drawn


def verdict(study: AnyStudy, measures: Sequence[Measure], *, title: str) -> Table:
    """A row for each variant, a column for each measure: the mean over replications with its 95 % interval."""
    rows = [(label(variant), *(_cell(study, measure, variant) for measure in measures)) for variant in study.variants]
    return Table(title, ("variant", *(measure.title for measure in measures)), tuple(rows), _note(study))


def verdicts(study: AnyStudy, scenario: Scenario) -> list[Table]:
    """The usual measures of *scenario*: one table, or with several load classes one for each and one for the whole."""
    whole = [measure for measure in disturbance_measures() if measure.known_in(study)]
    classes = {load.name: class_measures(load.name) for load in scenario.load}
    if len(classes) == 1:
        (only,) = classes.values()
        return [verdict(study, [*whole[:1], *only, *whole[1:]], title=scenario.title or scenario.name)]
    tables = [verdict(study, measures, title=f"Load class {label(name)}") for name, measures in classes.items()]
    return [*tables, verdict(study, whole, title="The whole")] if whole else tables


def differences(study: AnyStudy, measures: Sequence[Measure], *, against: str, title: str) -> Table:
    """A row for each variant but *against*: how much more it has, paired by replication, with the 95 % interval."""
    rows = [
        (label(variant), *(interval_text(measure.difference(study, variant, against)) for measure in measures))
        for variant in study.variants
        if variant != against
    ]
    columns = (f"variant \N{MINUS SIGN} {label(against)}", *(measure.title for measure in measures))
    return Table(title, columns, tuple(rows), _note(study))


def expectations(study: AnyStudy, expected: Sequence[Expectation]) -> Table:
    """What the scenario expects, and in how many runs of each variant it held."""
    rows = []
    for one in expected:
        for variant in study.variants:
            measure = _plain(one.metric)
            values = study.values(variant, one.metric) if measure.known_in(study, variant) else []
            held = sum(_within(value, one) for value in values)
            found = _cell(study, measure, variant)
            rows.append((one.metric, _bound(one), label(variant), found, f"{held} of {len(values)}"))
    columns = ("metric", "bound", "variant", "found", "runs that hold")
    return Table("What the scenario expects", columns, tuple(rows), _note(study))


def invariants(run: Run) -> Table:
    """What must be true of every history, and whether it was of this one."""
    rows = [
        (str(row["name"]), "held" if row["held"] else f"broken {row['violations']} times") for row in run.invariants
    ]
    return Table(f"Invariants of run {run.name}", ("invariant", "verdict"), tuple(rows))


def found(search: Search, causes: Mapping[str, str], *, title: str) -> Table:
    """What a search found, in its order: promise, problem, cause by *causes* (by promise), first run, and its size."""
    rows = [
        (
            one.violation.invariant,
            one.violation.problem,
            causes.get(one.violation.invariant, "\N{EN DASH}"),
            str(one.number),
            str(one.times),
            str(len(one.plan.faults)),
        )
        for one in search.findings.values()
    ]
    columns = ("promise", "problem", "cause", "first in run", "broken in runs", "faults in that run")
    return Table(title, columns, tuple(rows), f"{search.runs} runs, of which {search.broken} broke a promise.")


def story(told: Timeline) -> Table:
    """A timeline: who did what when, up to the violation."""
    title = f"{told.violation.invariant}: {told.violation.problem}"
    return Table(title, ("at, s", "node", "request", "what"), tuple(told.lines()))


def claims(holding: Mapping[str, bool]) -> Table:
    """Claims in words, and whether each holds."""
    rows = [(claim, "holds" if holds else "does not hold") for claim, holds in holding.items()]
    return Table("Claims held against the data", ("claim", "verdict"), tuple(rows))


def _cell(study: AnyStudy, measure: Measure, variant: str) -> str:
    return interval_text(measure.of(study, variant)) if measure.known_in(study, variant) else "\N{EN DASH}"


def _plain(metric: str) -> Measure:
    """A metric in its own unit; a share is none above one."""
    shares = ("availability", "hit_ratio", "utilisation")
    return Measure(metric=metric, label=metric, bounds=(0.0, 1.0 if metric.endswith(shares) else None))


def _within(value: float, one: Expectation) -> bool:
    return (one.at_least is None or value >= one.at_least) and (one.at_most is None or value <= one.at_most)


def _bound(one: Expectation) -> str:
    bounds = [("≥", one.at_least), ("≤", one.at_most)]
    return " and ".join(f"{sign} {bound:g}" for sign, bound in bounds if bound is not None)


def _note(study: AnyStudy) -> str:
    n = study.metrics["replication"].n_unique()
    if n == 1:
        return "One run each: no interval."
    return f"Mean over {n} replications with the 95 % interval; a number alone was the same in all of them."


def headline(study: Study) -> Table:
    """What a study asked, of how many runs, and how many of its claims hold, if it makes any."""
    swept = "; ".join(f"{one.path}" for one in study.plan.file.sweep)
    rows = [
        ("variants", "; ".join(map(label, study.plan.variants))),
        ("swept", swept or "nothing"),
        ("runs", f"{sum(len(runs) for one in study.measured for runs in one.runs.values())} in the numbers"),
    ]
    if study.checks:
        rows.append(("claims", f"{sum(check.held for check in study.checks)} of {len(study.checks)} hold"))
    return Table(study.question, ("", "this study"), tuple(rows))


def checks(study: Study) -> Table:
    """Every claim of a study at every point, what was found, and the verdict."""
    note = f"A claim holds if the whole {study.confidence:.0%} interval lies within its bounds."
    columns = ("claim", "where", "found", "verdict")
    return Table(
        "Claims, held against the far end of their intervals", columns, tuple(c.texts() for c in study.checks), note
    )


def means(study: Study) -> Table:
    """A row for each variant and point, a column for each reported metric."""
    metrics = study.plan.file.reported
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in study.rows:
        place = ", ".join(f"{path} = {value}" for path, value in row.factors.items())
        found.setdefault((label(row.variant), place), {})[row.metric] = interval_text(row.estimate)
    rows = tuple((variant, place, *(cells[metric] for metric in metrics)) for (variant, place), cells in found.items())
    note = f"Mean over the replications with its {study.confidence:.0%} interval; a number alone was the same in all."
    return Table("Means", ("variant", "where", *metrics), rows, note)


def cautions(study: Study) -> Table:
    """What makes the numbers of this very study less sure than they look."""
    rows = tuple((place, told) for place, _, told in (warning.partition(": ") for warning in study.warnings))
    return Table("What the study warns of", ("where", "what"), rows or (("nothing", "no warning"),))
