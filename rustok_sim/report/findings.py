"""What a study found, in sentences made of its numbers; nothing here is known beforehand."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from rustok_sim.report.measures import Measure, disturbance_measures, interval_text, number, plain
from rustok_sim.report.style import label
from rustok_sim.studies import AnyStudy, Study


class Sentence(str):
    """Text that a notebook shows as a paragraph."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return f"<p>{escape(self)}</p>"


class Heading(str):
    """Text that a notebook shows as the title of its report."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return f"<h1>{escape(self)}</h1>"


def better(study: AnyStudy, measure: Measure, *, against: str, less: bool = False) -> list[str]:
    """The variants with more (or *less*) of a measure than *against* has: the paired interval leaves out zero.

    One replication has no interval, and so nothing to tell.
    """
    return [variant for variant in study.variants if _is_better(study, measure, variant, against, less=less)]


def disturbance(study: AnyStudy, *, against: str | None = None) -> Sentence:
    """What the faults did to the variant *against*, which variants did better, and at what price.

    Unless told it is the first variant.
    """
    during, after, peak = disturbance_measures()
    if not during.known_in(study):
        return Sentence("No fault lasted long enough to be judged by.")
    base = against or study.variants[0]
    gained = better(study, during, against=base)
    sooner = better(study, after, against=base, less=True)
    others = [variant for variant in study.variants if variant != base]
    level = [variant for variant in others if variant not in {*gained, *sooner}]
    parts = [
        f"While the fault lasted, {label(base)} answered {_text(study, during, [base])} % of the requests well.",
        _afterwards(study, base, after),
    ]
    for names, gain in _gains(study, gained, sooner):
        parts.append(f"{_names(names).capitalize()} {gain}.")
    if level:
        parts.append(f"Of {_names(level)} no gain is to be seen.")
    if peak.known_in(study):
        parts.append(f"In its busiest second the database got {_each(study, peak)} statements.")
    return Sentence(" ".join(filter(None, parts)))


def _gains(study: AnyStudy, gained: Sequence[str], sooner: Sequence[str]) -> Iterator[tuple[Sequence[str], str]]:
    """Who did better, and in what; those who did so in both are named once."""
    during, after, _ = disturbance_measures()
    more = f"answered more: {_text(study, during, gained)} %" if gained else ""
    less = f"stayed below 99 % for less: {_text(study, after, sooner)} s" if sooner else ""
    found = [(gained, f"{more}; and {less}")] if gained == sooner else [(gained, more), (sooner, less)]
    yield from ((names, gain) for names, gain in found if names)


def _afterwards(study: AnyStudy, base: str, after: Measure) -> str:
    """How long the harm outlasted the fault; a run that ends before it does not know."""
    if not after.known_in(study, base):
        return ""
    lasted = f"It stayed below 99 % for another {_text(study, after, [base])} s after the fault had ended"
    if not (recovered := number("disturbance.recovered", "recovered")).known_in(study, base):
        return f"{lasted}."
    values = recovered.values(study, base)
    lost = len(values) - int(sum(values))
    return f"{lasted}, which was to the end in {lost} of {len(values)} runs." if lost else f"{lasted}."


def _is_better(study: AnyStudy, measure: Measure, variant: str, against: str, *, less: bool) -> bool:
    if variant == against or not (measure.known_in(study, variant) and measure.known_in(study, against)):
        return False
    difference = measure.difference(study, variant, against)
    return difference.high < 0.0 if less else difference.low > 0.0


def _text(study: AnyStudy, measure: Measure, variants: Sequence[str]) -> str:
    """The estimates of the variants; once, if they are all written alike."""
    texts = [interval_text(measure.of(study, v)) if measure.known_in(study, v) else "no" for v in variants]
    return _listed(dict.fromkeys(texts) if len(set(texts)) == 1 else texts)


def _each(study: AnyStudy, measure: Measure) -> str:
    """The mean of every variant, with its name if there are several."""
    means = {v: plain(round(measure.of(study, v).mean, 1)) for v in study.variants if measure.known_in(study, v)}
    return _listed([f"{mean} ({label(v)})" if len(study.variants) > 1 else mean for v, mean in means.items()])


def _names(variants: Iterable[str]) -> str:
    return _listed([label(variant) for variant in variants])


def _listed(texts: Iterable[str]) -> str:
    *first, last = texts
    return f"{', '.join(first)} and {last}" if first else last


def answered(study: Study) -> Sentence:
    """What a study's answer comes to: which of its claims hold, what it has found, what moves its metrics most."""
    parts = [*_claims(study), *(f"{one}." for one in (*study.found, *study.optima)), *_movers(study)]
    told = " ".join(parts) or "The study makes no claims and searches for nothing: read its numbers."
    quick = "Conducted quickly, with few replications over a short horizon. " if study.plan.quick else ""
    return Sentence(quick + told)


def _claims(study: Study) -> Iterator[str]:
    checks = study.checks
    failed = [f"{one.check.claim} (found {one.found})" for one in checks if not one.held]
    if failed:
        yield f"{len(checks) - len(failed)} of {len(checks)} claims hold. Not shown to hold: {'; '.join(failed)}."
    elif checks:
        held = dict.fromkeys(one.check.claim for one in checks)
        yield f"{'All claims hold' if len(held) > 1 else 'The claim holds'}: {'; '.join(held)}."


def _movers(study: Study) -> Iterator[str]:
    """For each metric of each variant, at the first point, the key that moves it most."""
    found = study.influences
    if found is None:
        return
    for variant, metric in dict.fromkeys((row.variant, row.metric) for row in found.rows):
        most, *_ = found.ranked(variant, study.plan.points[0].factors, metric, found.main)
        yield f"Of the keys tried, {most.path} moves {metric} of {label(variant)} most ({most.index}: {most.text})."
