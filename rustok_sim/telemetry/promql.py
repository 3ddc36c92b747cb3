"""PromQL at one moment over the samples of a run, as Prometheus 3 would answer.

The language is read by ``promql-parser``; what it means is counted here, after Prometheus' documentation ("Querying
basics", "Operators", "Query functions"). Subqueries, ``@``, ``group_left`` and ``group_right`` are refused by name.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import fmod, nan
from re import fullmatch
from typing import Any, Final, TypeAlias

import numpy as np
import promql_parser as syntax

from rustok_sim.core.errors import RuleError
from rustok_sim.telemetry.functions import ELEMENTWISE, OVER_TIME, histogram_quantile
from rustok_sim.telemetry.scrape import Floats, Samples, Series

LOOKBACK_S: Final = 300.0
"""How old a sample may be and still stand for the present: Prometheus' ``query.lookback-delta``."""

Labels: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Element:
    """One value of a vector, and its labels."""

    labels: Mapping[str, str]
    value: float


Vector: TypeAlias = list[Element]
Value: TypeAlias = float | Vector

ARITHMETIC: Final[Mapping[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda a, b: float(np.float64(a) / np.float64(b)),
    "%": lambda a, b: fmod(a, b) if b else nan,
    "^": lambda a, b: float(np.float64(a) ** np.float64(b)),
}
COMPARISONS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}
AGGREGATES: Final[Mapping[str, Callable[[Sequence[float]], float]]] = {
    "sum": lambda values: float(np.sum(values)),
    "avg": lambda values: float(np.mean(values)),
    "min": lambda values: float(np.nanmin(values)),
    "max": lambda values: float(np.nanmax(values)),
    "count": lambda values: float(len(values)),
    "group": lambda _: 1.0,
}


@lru_cache(maxsize=256)
def parse(expression: str) -> Any:
    """The syntax tree of *expression*. Raises ``RuleError``."""
    try:
        return syntax.parse(expression)
    except ValueError as error:
        raise RuleError(f"{expression!r} is no PromQL: {error}") from None


def instant(samples: Samples, expression: str, at_s: float) -> Value:
    """The value of *expression* at *at_s*: a number, or a vector. Raises ``RuleError``."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return _Query(samples, at_s).value(parse(expression))


class _Query:
    """One evaluation at one moment."""

    def __init__(self, samples: Samples, at_s: float) -> None:
        self._samples = samples
        self._at_s = at_s

    def value(self, node: Any) -> Value:
        match node:
            case syntax.NumberLiteral():
                return float(node.val)
            case syntax.ParenExpr():
                return self.value(node.expr)
            case syntax.VectorSelector():
                return self._latest(node)
            case syntax.UnaryExpr():
                return _mapped(self.value(node.expr), operator.neg)
            case syntax.AggregateExpr():
                return _aggregated(node, self._vector(node.expr))
            case syntax.Call():
                return self._called(node)
            case syntax.BinaryExpr():
                return _combined(node, self.value(node.lhs), self.value(node.rhs))
        raise RuleError(f"{type(node).__name__} is not evaluated here: {node.prettify()}")

    def _vector(self, node: Any) -> Vector:
        value = self.value(node)
        if isinstance(value, float):
            raise RuleError(f"{node.prettify()} is a number, where a vector has to stand")
        return value

    def _number(self, node: Any) -> float:
        value = self.value(node)
        if not isinstance(value, float):
            raise RuleError(f"{node.prettify()} is a vector, where a number has to stand")
        return value

    def _selected(self, node: Any) -> list[Series]:
        if node.at is not None:
            raise RuleError("the @ modifier is not evaluated here")
        name = node.name or next((m.value for m in node.matchers.matchers if m.name == "__name__"), None)
        if name is None:
            raise RuleError("a selector without a name is not evaluated here")
        return [one for one in self._samples.named(name) if _matches(one.labels, node.matchers.matchers)]

    def _moment(self, node: Any) -> float:
        return self._at_s - (node.offset.total_seconds() if node.offset is not None else 0.0)

    def _latest(self, node: Any) -> Vector:
        at_s, found = self._moment(node), []
        for one in self._selected(node):
            place = int(np.searchsorted(one.times_s, at_s, side="right")) - 1
            if place >= 0 and one.times_s[place] > at_s - LOOKBACK_S and not np.isnan(one.values[place]):
                found.append(Element(one.labels, float(one.values[place])))
        return found

    def _ranges(self, node: Any) -> tuple[float, float, list[tuple[Series, Floats, Floats]]]:
        """The window and, for each series, the samples in it; it is open at its left end, as since Prometheus 3."""
        while isinstance(node, syntax.ParenExpr):
            node = node.expr
        if not isinstance(node, syntax.MatrixSelector):
            raise RuleError(f"{type(node).__name__} is not evaluated here: {node.prettify()}")
        end_s = self._moment(node.vector_selector)
        begin_s = end_s - node.range.total_seconds()
        found = []
        for one in self._selected(node.vector_selector):
            inside = (one.times_s > begin_s) & (one.times_s <= end_s) & ~np.isnan(one.values)
            found.append((one, one.times_s[inside], one.values[inside]))
        return begin_s, end_s, found

    def _called(self, node: Any) -> Value:
        name, arguments = node.func.name, node.args
        if name == "time":
            return self._at_s
        if name == "histogram_quantile":
            return _quantiles(self._number(arguments[0]), self._vector(arguments[1]))
        if name == "absent":
            return [] if self._vector(arguments[0]) else [Element(_demanded(arguments[0]), 1.0)]
        if name in ELEMENTWISE:
            return _mapped(self.value(arguments[0]), ELEMENTWISE[name])
        if name in OVER_TIME:
            begin_s, end_s, ranges = self._ranges(arguments[0])
            counted = [(one, OVER_TIME[name](times_s, values, begin_s, end_s)) for one, times_s, values in ranges]
            return [Element(_nameless(one.labels), value) for one, value in counted if value is not None]
        raise RuleError(f"the function {name} is not evaluated here")


def _matches(labels: Mapping[str, str], matchers: Sequence[Any]) -> bool:
    return all(_match(labels.get(one.name, ""), one) for one in matchers)


def _match(value: str, matcher: Any) -> bool:
    match str(matcher.op):
        case "MatchOp.Equal":
            return bool(value == matcher.value)
        case "MatchOp.NotEqual":
            return bool(value != matcher.value)
        case "MatchOp.Re":
            return fullmatch(matcher.value, value) is not None
    return fullmatch(matcher.value, value) is None


def _demanded(selector: Any) -> dict[str, str]:
    """The labels that an absent series is known to have."""
    if not isinstance(selector, syntax.VectorSelector):
        return {}
    return {one.name: one.value for one in selector.matchers.matchers if str(one.op) == "MatchOp.Equal"}


def _nameless(labels: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in labels.items() if name != "__name__"}


def _mapped(value: Value, function: Callable[[float], float]) -> Value:
    if isinstance(value, float):
        return function(value)
    return [Element(_nameless(one.labels), function(one.value)) for one in value]


def kept(labels: Mapping[str, str], names: Sequence[str], *, without: bool) -> Labels:
    """The labels with these *names*, or *without* them, sorted; never the series' own name."""
    return tuple(
        sorted((name, value) for name, value in labels.items() if name != "__name__" and (name not in names) is without)
    )


def _aggregated(node: Any, vector: Vector) -> Vector:
    function = AGGREGATES.get(str(node.op))
    if function is None:
        raise RuleError(f"the aggregation {node.op} is not evaluated here")
    without = node.modifier is not None and node.modifier.type == syntax.AggModifierType.Without
    names = node.modifier.labels if node.modifier is not None else []
    groups: dict[Labels, list[float]] = {}
    for one in vector:
        groups.setdefault(kept(one.labels, names, without=without), []).append(one.value)
    return [Element(dict(labels), function(values)) for labels, values in sorted(groups.items())]


def _quantiles(quantile: float, vector: Vector) -> Vector:
    groups: dict[Labels, list[tuple[float, float]]] = {}
    for one in vector:
        if "le" in one.labels:
            key = kept(one.labels, ["le"], without=True)
            groups.setdefault(key, []).append((float(one.labels["le"]), one.value))
    return [Element(dict(labels), histogram_quantile(quantile, buckets)) for labels, buckets in sorted(groups.items())]


def _combined(node: Any, left: Value, right: Value) -> Value:
    sign, modifier = str(node.op), node.modifier
    as_bool = modifier is not None and modifier.return_bool
    if isinstance(right, float):
        if isinstance(left, list):
            return _scaled(sign, left, right, as_bool=as_bool, swapped=False)
        return ARITHMETIC[sign](left, right) if sign in ARITHMETIC else float(COMPARISONS[sign](left, right))
    if isinstance(left, list):
        if modifier is not None and str(modifier.card) in {
            "VectorMatchCardinality.ManyToOne",
            "VectorMatchCardinality.OneToMany",
        }:
            raise RuleError("group_left and group_right are not evaluated here")
        return _matched(sign, modifier, left, right)
    return _scaled(sign, right, left, as_bool=as_bool, swapped=True)


def _scaled(sign: str, vector: Vector, number: float, *, as_bool: bool, swapped: bool) -> Vector:
    found = (_pair(sign, one, one.value, number, as_bool=as_bool, swapped=swapped) for one in vector)
    return [one for one in found if one is not None]


def _pair(
    sign: str, element: Element, ours: float, other: float, *, as_bool: bool, swapped: bool = False
) -> Element | None:
    """What becomes of *element* when its value meets *other*; a comparison keeps it or not."""
    a, b = (other, ours) if swapped else (ours, other)
    if sign in ARITHMETIC:
        return Element(_nameless(element.labels), ARITHMETIC[sign](a, b))
    holds = COMPARISONS[sign](a, b)
    if as_bool:
        return Element(_nameless(element.labels), float(holds))
    return element if holds else None


def _matched(sign: str, modifier: Any, left: Vector, right: Vector) -> Vector:
    """Elements of both sides with the same labels, but for those that are to be ignored."""
    matching = modifier.matching if modifier is not None else None
    names = list(matching.labels) if matching is not None else []
    on = matching is not None and matching.type == syntax.LabelModifierType.Include

    def key(one: Element) -> Labels:
        return kept(one.labels, names, without=not on)

    if sign in {"and", "or", "unless"}:
        return _set_operation(sign, left, right, key)
    others: dict[Labels, Element] = {}
    for one in right:
        if others.setdefault(key(one), one) is not one:
            raise RuleError(f"several series on the right side of {sign} have the labels {dict(key(one))}")
    as_bool = modifier is not None and modifier.return_bool
    found, seen = [], set[Labels]()
    for one in left:
        other = others.get(key(one))
        if other is None:
            continue
        if key(one) in seen:
            raise RuleError(f"several series on the left side of {sign} have the labels {dict(key(one))}")
        seen.add(key(one))
        paired = _pair(sign, one, one.value, other.value, as_bool=as_bool)
        if paired is not None:
            found.append(paired if sign in COMPARISONS and not as_bool else Element(dict(key(one)), paired.value))
    return found


def _set_operation(sign: str, left: Vector, right: Vector, key: Callable[[Element], Labels]) -> Vector:
    if sign == "or":
        present = {key(one) for one in left}
        return [*left, *(one for one in right if key(one) not in present)]
    present = {key(one) for one in right}
    return [one for one in left if (key(one) in present) is (sign == "and")]
