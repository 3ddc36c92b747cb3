"""Two runs on the same arrivals, request by request: who got worse, and which part of the time grew.

What became of a request comes before how long it took: a quick error is worse than a slow answer.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from rustok_sim.core.errors import RunError
from rustok_sim.report.style import label
from rustok_sim.report.tables import Table
from rustok_sim.studies import Run
from rustok_sim.trace.attributing import Attribution, attribution
from rustok_sim.trace.parts import NOTE, PARTS, TITLES
from rustok_sim.trace.spans import Part

if TYPE_CHECKING:
    from rustok_sim.report.figures import Picture

EVEN_S: Final = 1e-9
"""A change below this is none."""
VERDICTS: Final = ("lost", "worse", "even", "better", "gained")


class Comparison:
    """The requests that both runs finished, matched by number; what is said of a change is *after* minus *before*."""

    def __init__(self, before: Attribution, after: Attribution, *, same: bool = False) -> None:
        self.before = before
        self.after = after
        self.same = same
        """The two have the same log, record by record."""
        self.frame = _matched(before.frame, after.frame)
        """A row for each: correlation, load, operation, begin_s, outcome and latency_s of both, the changes, and
        *verdict*: lost (it ended well before, and no longer), gained (the other way round), or worse, even, better by
        its latency."""
        self.unmatched = (before.frame.height - self.frame.height, after.frame.height - self.frame.height)
        """Requests of each run that the other did not finish, or has at another moment."""
        if self.frame.is_empty():
            raise RunError(
                f"{before.name} and {after.name} have no arrivals in common: same load, seed and replication?"
            )

    def changes(self) -> pl.DataFrame:
        """A row for each load class: requests, how many of each verdict, and mean changes of latency and parts."""
        return (
            self.frame.group_by("load", maintain_order=True)
            .agg(
                pl.len().alias("requests"),
                *((pl.col("verdict") == verdict).sum().alias(verdict) for verdict in VERDICTS),
                pl.col("change_s").mean(),
                *(pl.col(part).mean() for part in PARTS),
            )
            .sort("load")
        )

    def worst(self, count: int = 10) -> pl.DataFrame:
        """The requests that got worse by most, those first that were lost; *why* is the part that grew most."""
        worse = self.frame.filter(pl.col("verdict").is_in(["lost", "worse"]))
        order = [pl.col("verdict") != "lost", -pl.col("change_s"), pl.col("correlation")]
        return worse.sort(order).head(count)

    def table(self) -> Table:
        """A row for each load class, in milliseconds."""
        changes = self.changes()
        shown = _moved(changes)
        rows = tuple(
            (
                label(str(row["load"])),
                *(str(row[name]) for name in ("requests", *VERDICTS)),
                *(f"{row[name] * 1000:+.3f}" for name in ("change_s", *shown)),
            )
            for row in changes.iter_rows(named=True)
        )
        columns = (
            *("load class", "requests", *VERDICTS, "mean change, ms"),
            *(f"{TITLES[part]}, ms" for part in shown),
        )
        note = (
            "Lost: ended well before, and no longer; gained: the other way round; the rest by latency."
            f" {self.unmatched[0]} and {self.unmatched[1]} requests have no counterpart that was finished. {NOTE}"
        )
        if self.same:
            note = f"The two runs have the same log. {note}"
        return Table(f"{self.after.name} against {self.before.name}", columns, rows, note)

    def worst_table(self, count: int = 10) -> Table:
        """A row for each of the requests that got worse by most."""
        rows = tuple(
            (
                str(row["correlation"]),
                str(row["operation"]),
                f"{row['begin_s']:.3f}",
                f"{row['latency_before_s'] * 1000:.2f} ({row['outcome_before']})",
                f"{row['latency_after_s'] * 1000:.2f} ({row['outcome_after']})",
                f"{TITLES[row['why']]} {row[row['why']] * 1000:+.2f}",
            )
            for row in self.worst(count).iter_rows(named=True)
        )
        columns = ("request", "operation", "arrival, s", "before, ms", "after, ms", "grew most, ms")
        return Table("Who got worse by most", columns, rows)

    def figure(self, *, title: str | None = None) -> "Picture":
        """Each request's latency in both runs, and what the mean change is made of."""
        from rustok_sim.trace.figures import compared

        return compared(self, title=title or f"{self.after.name} against {self.before.name}")

    def save_figure(self, path: Path) -> None:
        """Write the figure to *path*. Raises ``RunError`` for a format that is not known, or where the disk refuses."""
        try:
            self.figure().savefig(path)
        except (OSError, ValueError) as error:
            raise RunError(f"{path}: {error}") from error

    def __repr__(self) -> str:
        return f"<Comparison of {self.frame.height:,} requests: {self.after.name} against {self.before.name}>"

    def _repr_html_(self) -> str:
        return self.table()._repr_html_() + self.worst_table()._repr_html_()


def diff(before: Run, after: Run) -> Comparison:
    """Compare two runs on the same arrivals. Raises ``RunError`` if they have none in common."""
    return Comparison(attribution(before), attribution(after), same=before.digest == after.digest)


def _moved(changes: pl.DataFrame) -> list[Part]:
    """The parts that changed anywhere."""
    return [part for part in TITLES if float(changes[part].abs().to_numpy().max()) > EVEN_S]


def _matched(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Both runs' rows of the same number, class and moment of arrival, with the changes."""
    key = ["correlation", "load", "begin_s"]
    both = before.join(after, on=key, how="inner", suffix="_after")
    names = list(PARTS)
    changes = both.select(
        *key,
        pl.col("operation"),
        pl.col("outcome").alias("outcome_before"),
        pl.col("outcome_after"),
        pl.col("latency_s").alias("latency_before_s"),
        pl.col("latency_s_after").alias("latency_after_s"),
        (pl.col("latency_s_after") - pl.col("latency_s")).alias("change_s"),
        *((pl.col(f"{part}_after") - pl.col(part)).alias(part) for part in names),
    )
    grew = pl.concat_list(names).list.arg_max()
    return changes.with_columns(
        grew.replace_strict(range(len(names)), names, return_dtype=pl.String).alias("why"), _verdict()
    )


def _verdict() -> pl.Expr:
    before, after, change = pl.col("outcome_before") == "ok", pl.col("outcome_after") == "ok", pl.col("change_s")
    return (
        pl.when(before & ~after)
        .then(pl.lit("lost"))
        .when(~before & after)
        .then(pl.lit("gained"))
        .when(change > EVEN_S)
        .then(pl.lit("worse"))
        .when(change < -EVEN_S)
        .then(pl.lit("better"))
        .otherwise(pl.lit("even"))
        .alias("verdict")
    )
