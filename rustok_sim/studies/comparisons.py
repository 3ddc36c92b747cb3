"""Paired differences whose intervals hold together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from math import isfinite
from typing import Any

from rustok_sim.studies.intervals import Estimate


@dataclass(frozen=True, slots=True)
class Comparison:
    """The difference of two variants, first minus second, paired by replication."""

    variants: tuple[str, str]
    factors: Mapping[str, object]
    metric: str
    difference: Estimate
    """Its interval is wide enough for all comparisons of the study to hold together (Bonferroni)."""

    @property
    def known(self) -> bool:
        """Whether the interval leaves no doubt which of the two has more."""
        return self.difference.low > 0.0 or self.difference.high < 0.0


class Comparisons:
    """Paired differences whose intervals hold together."""

    def __init__(self, rows: Iterable[Comparison]) -> None:
        self.rows = tuple(rows)

    def of(self, first: str, second: str, metric: str, factors: Mapping[str, object]) -> Comparison | None:
        """The one that compares these two in this metric at this point."""
        for one in self.rows:
            if one.variants == (first, second) and one.metric == metric and one.factors == factors:
                return one
        return None

    def to_json(self) -> list[dict[str, Any]]:
        """As in the study's JSON."""
        return [
            {"variants": list(one.variants), "factors": dict(one.factors), "metric": one.metric}
            | numbers_of(one.difference, "difference")
            | {"replications": one.difference.replications}
            for one in self.rows
        ]

    def __repr__(self) -> str:
        return "\n".join(
            " ".join([f"{one.variants[0]} - {one.variants[1]}", one.metric, where(one.factors), str(one.difference)])
            for one in self.rows
        )

    def _repr_html_(self) -> str:
        cells = [
            (
                f"{one.variants[0]} \N{MINUS SIGN} {one.variants[1]}",
                one.metric,
                where(one.factors),
                f"{one.difference.mean:.4g}",
                f"{one.difference.low:.4g} to {one.difference.high:.4g}",
            )
            for one in self.rows
        ]
        return html_table(("difference", "metric", "where", "mean", "interval"), cells)


def where(factors: Mapping[str, object]) -> str:
    """The values of factors in a line."""
    return ", ".join(f"{path} = {value}" for path, value in factors.items())


def html_table(names: Iterable[str], rows: Iterable[Iterable[str]], *, caption: str = "") -> str:
    """A table for a notebook; all of its texts are escaped."""
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in rows)
    above = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table>{above}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def numbers_of(found: Estimate, name: str) -> dict[str, float | None]:
    """A mean and its bounds for JSON, which knows no NaN."""
    values = {name: found.mean, "low": found.low, "high": found.high}
    return {key: value if isfinite(value) else None for key, value in values.items()}
